#include "report/svg.h"

#include <cassert>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "report/text.h"

namespace plumb::report {

std::string svg_number(double value) {
  assert(std::isfinite(value) && "only finite numbers can be drawn");
  std::string number = fmt::format("{:.2f}", value);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number == "-0" ? "0" : number;
}

void Svg::open(std::string_view element, Attributes attributes) {
  start(element, attributes);
  out_ += ">\n";
  open_.emplace_back(element);
}

void Svg::close() {
  assert(!open_.empty() && "no element is open");
  out_ += fmt::format("</{}>\n", open_.back());
  open_.pop_back();
}

void Svg::leaf(std::string_view name, Attributes attributes, std::string_view tooltip) {
  start(name, attributes);
  if (tooltip.empty()) {
    out_ += "/>\n";
  } else {
    out_ += fmt::format("><title>{}</title></{}>\n", escape_markup(tooltip), name);
  }
}

void Svg::element(std::string_view name, Attributes attributes, std::string_view content) {
  start(name, attributes);
  out_ += fmt::format(">{}</{}>\n", escape_markup(content), name);
}

void Svg::text(Attributes attributes, std::string_view content) {
  if (!content.empty()) element("text", attributes, content);
}

void Svg::line(std::string_view css_class, double x1, double y1, double x2, double y2, std::string_view tooltip) {
  leaf("path", {{"class", std::string(css_class)}, {"d", SvgPath().move_to(x1, y1).line_to(x2, y2).d()}}, tooltip);
}

std::string Svg::take() {
  assert(open_.empty() && "an element is still open");
  return std::exchange(out_, {});
}

void Svg::start(std::string_view name, Attributes attributes) {
  out_ += fmt::format("<{}", name);
  for (const Attribute& attribute : attributes) {
    if (!attribute.value.empty()) out_ += fmt::format(" {}=\"{}\"", attribute.name, escape_markup(attribute.value));
  }
}

SvgPath& SvgPath::add(char command, double x, double y) {
  d_ += fmt::format("{}{} {}", command, svg_number(x), svg_number(y));
  return *this;
}

}  // namespace plumb::report
