// The outer element of a plot, its title, legend and marks.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "report/plot_frame.h"
#include "report/text.h"
#include "report/theme.h"

namespace plumb::report {
namespace {

constexpr double title_px = 14.0, title_line = 19.0, legend_line = 19.0, mark_gap = 6.0, entry_gap = 18.0;

double radius_of(Mark mark) { return mark == Mark::line || mark == Mark::dashed_line ? 8.0 : 5.0; }

/// Half of the room of a mark in the legend: triangles and diamonds are a little wider than their radius says.
double reach_of(Mark mark) { return mark == Mark::triangle || mark == Mark::diamond ? 6.0 : radius_of(mark); }

std::string style_sheet() {
  std::string css = theme_css(".plot");
  css +=
      ".plot{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans KR','Apple SD Gothic Neo',"
      "'Malgun Gothic',sans-serif;font-variant-numeric:tabular-nums;max-width:100%;height:auto;";
  css += colour_css("background", "paper") + "}\n";
  css += ".plot text{" + colour_css("fill", "ink") + "}\n";
  css += ".plot .title{font-size:14px;font-weight:600}\n.plot .strong{font-weight:600}\n";
  css += ".plot .dim{" + colour_css("fill", "dim") + "}\n";
  css += ".plot .grid{" + colour_css("stroke", "grid") + "}\n.plot .minor{stroke-opacity:.55}\n";
  css += ".plot .axis{" + colour_css("stroke", "axis") + "}\n";
  css += ".plot .reference{" + colour_css("stroke", "dim") + ";stroke-dasharray:5 4}\n";
  css += ".plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}\n";
  css += ".plot .dashed{stroke-dasharray:6 5;stroke-linecap:butt}\n.plot .area{stroke:none;fill-opacity:.13}\n";
  css += ".plot .point{" + colour_css("stroke", "paper") + ";stroke-width:.8}\n";
  css += ".plot .ring{fill:none;stroke-width:1.6;" + colour_css("stroke", "ink") + "}\n";
  css += ".plot .leader{" + colour_css("stroke", "axis") + ";stroke-width:.8}\n";
  css +=
      ".plot .halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round;" + colour_css("stroke", "paper") + "}\n";
  css += ".plot .hit{fill-opacity:0}\n.plot .hit:hover{fill-opacity:1}\n.plot .part:hover{fill-opacity:.85}\n";
  css += ".plot .s0{" + colour_css("stroke", "ink") + "}.plot .f0{" + colour_css("fill", "ink") + "}\n";
  for (std::size_t i = 0; i < series_colours.size(); ++i) {
    const std::string_view name = series_colours[i].name;
    css += fmt::format(".plot .s{0}{{{1}}}.plot .f{0}{{{2}}}.plot .t{0}{{{3}}}\n", i + 1, colour_css("stroke", name),
                       colour_css("fill", name), colour_css("fill", on_series_colours[i].name));
  }
  return css;
}

/// Widths in ems of a sans-serif face, on the wide side of the common ones.
double em_of(CodePoint point, std::string_view bytes) {
  const char32_t c = point.value;
  if (c < 0x80) {
    if (std::string_view("iljI|!.,:;'").find(static_cast<char>(c)) != std::string_view::npos) return 0.32;
    if (std::string_view(" ftr()[]/-").find(static_cast<char>(c)) != std::string_view::npos) return 0.40;
    if (std::string_view("mwMW%@").find(static_cast<char>(c)) != std::string_view::npos) return 0.92;
    return 'A' <= c && c <= 'Z' ? 0.70 : 0.61;
  }
  const std::size_t columns = display_width(bytes);
  return columns == 2 ? 1.02 : columns == 1 ? 0.70 : 0.0;
}

}  // namespace

double text_width(std::string_view text, double font_px) {
  double ems = 0.0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    ems += em_of(point, text.substr(0, point.bytes));
    text.remove_prefix(point.bytes);
  }
  return ems * font_px;
}

std::string fit_text(std::string_view text, double width, double font_px) {
  std::size_t columns = display_width(text);
  std::string fitted(text);
  while (columns > 1 && text_width(fitted, font_px) > width) fitted = shorten(text, --columns);
  return fitted;
}

void draw_mark(Svg& svg, Mark mark, double x, double y, double radius, std::string_view colour_class,
               std::string_view tooltip) {
  const std::string fill = fmt::format("point f{}", colour_class), line = fmt::format("line s{}", colour_class);
  const double r = radius;
  SvgPath path;
  switch (mark) {
    case Mark::swatch:
      return svg.leaf("rect",
                      {{"class", fill}, {"x", x - r}, {"y", y - r}, {"width", 2 * r}, {"height", 2 * r}, {"rx", 2.0}},
                      tooltip);
    case Mark::circle: return svg.leaf("circle", {{"class", fill}, {"cx", x}, {"cy", y}, {"r", r}}, tooltip);
    case Mark::line:
    case Mark::dashed_line:
      return svg.leaf("path",
                      {{"class", mark == Mark::line ? line : line + " dashed"},
                       {"d", path.move_to(x - r, y).line_to(x + r, y).d()}},
                      tooltip);
    case Mark::square:
      path.move_to(x - 0.88 * r, y - 0.88 * r)
          .line_to(x + 0.88 * r, y - 0.88 * r)
          .line_to(x + 0.88 * r, y + 0.88 * r)
          .line_to(x - 0.88 * r, y + 0.88 * r)
          .close();
      break;
    case Mark::triangle:
      path.move_to(x, y - 1.15 * r).line_to(x + 1.05 * r, y + 0.75 * r).line_to(x - 1.05 * r, y + 0.75 * r).close();
      break;
    case Mark::diamond:
      path.move_to(x, y - 1.2 * r).line_to(x + 1.2 * r, y).line_to(x, y + 1.2 * r).line_to(x - 1.2 * r, y).close();
      break;
  }
  svg.leaf("path", {{"class", fill}, {"d", path.d()}}, tooltip);
}

PlotHead::PlotHead(std::string_view title, std::vector<LegendEntry> legend, double width) {
  const double em = title_px * 0.62;
  const std::string wrapped = wrap(title, static_cast<std::size_t>(std::max(10.0, width / em)));
  for (std::size_t from = 0; from < wrapped.size();) {
    const std::size_t end = std::min(wrapped.find('\n', from), wrapped.size());
    title_lines_.push_back(wrapped.substr(from, end - from));
    from = end + 1;
  }
  bottom_ = static_cast<double>(title_lines_.size()) * title_line + (title_lines_.empty() ? 0.0 : 5.0);
  std::erase_if(legend, [](const LegendEntry& entry) { return entry.name.empty(); });
  double x = 0.0;
  for (LegendEntry& entry : legend) {
    const double mark_room = 2.0 * reach_of(entry.mark) + mark_gap;
    entry.name = fit_text(printable(entry.name), width - mark_room);
    const double room = mark_room + text_width(entry.name);
    if (x > 0.0 && x + room > width) {
      x = 0.0;
      bottom_ += legend_line;
    }
    legend_.push_back({entry, x, bottom_ + legend_line / 2.0});
    x += room + entry_gap;
  }
  if (!legend_.empty()) bottom_ += legend_line + 6.0;
}

void PlotHead::draw(Svg& svg) const {
  double y = 15.0;
  for (const std::string& line : title_lines_) {
    svg.text({{"class", "title"}, {"x", 0.0}, {"y", y}}, line);
    y += title_line;
  }
  for (const Placed& placed : legend_) {
    const double reach = reach_of(placed.entry.mark);
    draw_mark(svg, placed.entry.mark, placed.x + reach, placed.y, radius_of(placed.entry.mark),
              std::to_string(placed.entry.colour));
    svg.text({{"x", placed.x + 2.0 * reach + mark_gap}, {"y", placed.y + 4.0}}, placed.entry.name);
  }
}

void open_plot(Svg& svg, PlotSize size, std::string_view title, std::string_view description) {
  const auto number = [](double v) { return svg_number(v); };
  svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", "plot"},
                   {"role", "img"},
                   {"viewBox", fmt::format("0 0 {} {}", number(size.width), number(size.height))},
                   {"width", size.width},
                   {"height", size.height}});
  svg.element("title", {}, title.empty() ? "Plot" : title);
  if (!description.empty()) svg.element("desc", {}, description);
  svg.element("style", {}, style_sheet());
}

std::string dropped_note(std::size_t dropped, bool log) {
  if (dropped == 0) return {};
  return fmt::format("{} {} not shown: not finite{}", dropped, dropped == 1 ? "value is" : "values are",
                     log ? ", or not positive on a log axis" : "");
}

}  // namespace plumb::report
