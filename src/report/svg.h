#pragma once
// SVG written from front to back. Numbers are rounded to two decimals (a hundredth of a pixel), texts and attributes
// are escaped, and the same calls give the same bytes.
//
//   Svg svg;
//   svg.open("svg", {{"viewBox", "0 0 720 380"}});
//   svg.leaf("circle", {{"cx", 12.5}, {"cy", 7.0}, {"r", 3.0}}, "a tooltip");
//   svg.text({{"x", 3.0}, {"class", "label"}}, "per second & user");
//   svg.close();
//   std::string xml = svg.take();
//
// An attribute with an empty value is left out.
// A number that is not finite is an assertion: filter before drawing. Thread rule: one thread.

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

/// "12.5", "-3", "0.33": at most two decimals, no trailing zeros, no "-0".
std::string svg_number(double value);

class Svg {
 public:
  struct Attribute {
    Attribute(std::string_view attribute, double number) : name(attribute), value(svg_number(number)) {}
    Attribute(std::string_view attribute, std::string text) : name(attribute), value(std::move(text)) {}
    Attribute(std::string_view attribute, const char* text) : name(attribute), value(text) {}
    std::string name, value;
  };
  using Attributes = std::initializer_list<Attribute>;

  void open(std::string_view element, Attributes attributes = {});
  void close();
  /// An element without children but for a <title>, which browsers show as its tooltip, where `tooltip` is not empty.
  void leaf(std::string_view element, Attributes attributes, std::string_view tooltip = {});
  /// An element that holds only text, such as <title> or <style>.
  void element(std::string_view element, Attributes attributes, std::string_view content);
  /// Nothing where the content is empty.
  void text(Attributes attributes, std::string_view content);
  void line(std::string_view css_class, double x1, double y1, double x2, double y2, std::string_view tooltip = {});

  /// The whole text; every element must have been closed.
  std::string take();

 private:
  void start(std::string_view element, Attributes attributes);

  std::string out_;
  std::vector<std::string> open_;
};

/// The `d` of a <path>.
class SvgPath {
 public:
  SvgPath& move_to(double x, double y) { return add('M', x, y); }
  SvgPath& line_to(double x, double y) { return add('L', x, y); }
  SvgPath& close() { return d_ += 'Z', *this; }
  bool empty() const { return d_.empty(); }
  const std::string& d() const { return d_; }

 private:
  SvgPath& add(char command, double x, double y);
  std::string d_;
};

}  // namespace plumb::report
