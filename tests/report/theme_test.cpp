// law: what is read on a page can be read (WCAG 2.2: contrast of 4.5:1 for text, 3:1 for what is only seen).

#include "report/theme.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace plumb::report {
namespace {

/// Relative luminance of "#rrggbb" (WCAG 2.2).
double luminance(std::string_view colour) {
  const auto channel = [colour](std::size_t at) {
    const double share = std::stoi(std::string(colour.substr(at, 2)), nullptr, 16) / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

double contrast(std::string_view a, std::string_view b) {
  const double low = std::min(luminance(a), luminance(b)), high = std::max(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

const Colour& surface(std::string_view name) {
  return *std::find_if(surface_colours.begin(), surface_colours.end(),
                       [name](const Colour& c) { return c.name == name; });
}

TEST(Theme, TextStandsOutFromEverySurface) {
  for (const char* text : {"ink", "dim"}) {
    for (const char* ground : {"paper", "band", "best", "tie"}) {
      EXPECT_GE(contrast(surface(text).light, surface(ground).light), 4.5) << text << " on " << ground;
      EXPECT_GE(contrast(surface(text).dark, surface(ground).dark), 4.5) << text << " on " << ground << ", dark";
    }
  }
  EXPECT_GE(contrast(surface("accent").light, surface("paper").light), 4.5);
  EXPECT_GE(contrast(surface("accent").dark, surface("paper").dark), 4.5);
}

TEST(Theme, TextStandsOutFromItsBar) {
  for (std::size_t i = 0; i < series_colours.size(); ++i) {
    EXPECT_GE(contrast(series_colours[i].light, on_series_colours[i].light), 4.5) << i + 1;
    EXPECT_GE(contrast(series_colours[i].dark, on_series_colours[i].dark), 4.5) << i + 1 << ", dark";
  }
}

TEST(Theme, ColoursFallBackToTheirLightValue) {
  EXPECT_EQ(colour_css("fill", "c1"), "fill:#0072b2;fill:var(--c1)");
  EXPECT_EQ(colour_number(0), 1u);
  EXPECT_EQ(colour_number(8), 1u);
  EXPECT_NE(theme_css(".plot").find("@media screen and (prefers-color-scheme:dark){.plot{--paper:"), std::string::npos);
}

}  // namespace
}  // namespace plumb::report
