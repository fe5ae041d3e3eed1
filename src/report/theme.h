#pragma once
// The colours of plots and pages, for light and dark, as CSS. The series colours are those of Okabe and Ito ("Color
// Universal Design", 2008), which people with any common form of colour blindness tell apart, in an order in which
// neighbours differ most, with the yellow darkened so that it stands out on white, and lightened for dark pages.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace plumb::report {

struct Colour {
  std::string_view name;  ///< of the CSS variable, without its dashes
  std::string_view light, dark;
};

inline constexpr std::array<Colour, 8> series_colours{{
    {"c1", "#0072b2", "#56a9e0"},  // blue
    {"c2", "#d55e00", "#ef8a3c"},  // vermilion
    {"c3", "#009e73", "#35c49c"},  // bluish green
    {"c4", "#cc79a7", "#df9cc2"},  // reddish purple
    {"c5", "#e69f00", "#f2bd4b"},  // orange
    {"c6", "#56b4e9", "#9ad4f5"},  // sky blue
    {"c7", "#b3a125", "#d9ca55"},  // yellow, darkened
    {"c8", "#6b7685", "#a3adba"},  // grey
}};

/// Text that stands on a bar of the same number: white or near black, whichever has a contrast of 4.5:1 or more.
inline constexpr std::array<Colour, 8> on_series_colours{{
    {"t1", "#ffffff", "#0b1016"},
    {"t2", "#0b1016", "#0b1016"},
    {"t3", "#0b1016", "#0b1016"},
    {"t4", "#0b1016", "#0b1016"},
    {"t5", "#0b1016", "#0b1016"},
    {"t6", "#0b1016", "#0b1016"},
    {"t7", "#0b1016", "#0b1016"},
    {"t8", "#ffffff", "#0b1016"},
}};

inline constexpr std::array<Colour, 9> surface_colours{{
    {"paper", "#ffffff", "#14181d"},
    {"ink", "#1b2430", "#e6eaf0"},
    {"dim", "#596575", "#9aa6b4"},     // axis titles, notes
    {"grid", "#e6e9ee", "#2a313a"},    // grid lines, table rules
    {"axis", "#98a2af", "#5d6875"},    // the axis itself
    {"band", "#f5f7f9", "#1b2128"},    // a surface that stands back: table heads, code
    {"best", "#e5f4ee", "#15332b"},    // the row of the best
    {"tie", "#fbf3e0", "#33291a"},     // a row that ties with it
    {"accent", "#0067a3", "#6bb6e8"},  // links, the mark of the best
}};

/// The number, from 1 to 8, of the colour of the series with that index; a ninth series begins again.
constexpr std::size_t colour_number(std::size_t series) { return series % series_colours.size() + 1; }

/// "selector{--paper:#fff;...}" for light, and the same within a media query for dark screens; print is light.
std::string theme_css(std::string_view selector);

/// "--name" with the light value before it, for readers of SVG that know no variables:
/// colour_css("fill", "c1") is "fill:#0072b2;fill:var(--c1)".
std::string colour_css(std::string_view property, std::string_view name);

}  // namespace plumb::report
