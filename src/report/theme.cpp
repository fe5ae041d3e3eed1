#include "report/theme.h"

#include <cassert>

#include <fmt/format.h>

namespace plumb::report {
namespace {

template <class Visit>
void for_each_colour(Visit visit) {
  for (const Colour& colour : surface_colours) visit(colour);
  for (const Colour& colour : series_colours) visit(colour);
  for (const Colour& colour : on_series_colours) visit(colour);
}

}  // namespace

std::string theme_css(std::string_view selector) {
  std::string light, dark;
  for_each_colour([&](const Colour& colour) {
    light += fmt::format("--{}:{};", colour.name, colour.light);
    dark += fmt::format("--{}:{};", colour.name, colour.dark);
  });
  return fmt::format("{0}{{{1}}}\n@media screen and (prefers-color-scheme:dark){{{0}{{{2}}}}}\n", selector, light,
                     dark);
}

std::string colour_css(std::string_view property, std::string_view name) {
  std::string css;
  for_each_colour([&](const Colour& colour) {
    if (colour.name == name) css = fmt::format("{0}:{1};{0}:var(--{2})", property, colour.light, name);
  });
  assert(!css.empty() && "no colour has that name");
  return css;
}

}  // namespace plumb::report
