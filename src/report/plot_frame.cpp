#include "report/plot_frame.h"

#include <algorithm>

#include "report/text.h"

namespace plumb::report {
namespace {

constexpr double tick_gap = 7.0;          // between an axis and its labels
constexpr double label_line = 16.0;       // of tick labels, axis titles and notes
constexpr double y_tick_distance = 46.0;  // the grid is to be seen through, not read
constexpr double y_tick_distance_log = 30.0;
constexpr double head_usual = 24.0 + 25.0;  // a title of one line and a legend of one row; more of them add height
constexpr double empty_height = 130.0;

double widest(const std::vector<std::string>& labels) {
  double width = 0.0;
  for (const std::string& label : labels) width = std::max(width, text_width(label));
  return width;
}

}  // namespace

Ticks x_ticks(const Axis& axis, Extent data, double width) {
  int count = std::max(2, static_cast<int>(width / 56.0));
  Ticks ticks = make_ticks(axis, data, count);
  // Labels have equal room on a linear axis; on a log axis the ticks of 1-2-5 are at least 0.3 of a decade apart.
  const auto crowded = [&] {
    const Scale scale(ticks, 0.0, width);
    const double room = widest(tick_labels(axis, ticks)) + 12.0;
    for (std::size_t i = 1; i < ticks.values.size(); ++i) {
      if (scale(ticks.values[i]) - scale(ticks.values[i - 1]) < room) return true;
    }
    return false;
  };
  while (count > 2 && crowded()) ticks = make_ticks(axis, data, --count);
  return ticks;
}

void draw_x_axis(Svg& svg, const Axis& axis, const Ticks& ticks, const Scale& scale, double top, double bottom) {
  for (const double value : ticks.minor) {
    svg.line("grid minor", scale(value), top, scale(value), bottom);
  }
  const std::vector<std::string> labels = tick_labels(axis, ticks);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double x = scale(ticks.values[i]);
    svg.line("grid", x, top, x, bottom + 4.0);
    svg.text({{"class", "dim"}, {"x", x}, {"y", bottom + label_line}, {"text-anchor", "middle"}}, labels[i]);
  }
}

Frame::Frame(const FrameSpec& spec) {
  const PlotHead head(spec.title, spec.legend, spec.size.width);
  has_data_ = !spec.x_data.empty && !spec.y_data.empty;
  const double width = spec.size.width;
  const double height = (has_data_ ? spec.size.height : empty_height) + std::max(0.0, head.bottom() - head_usual);
  open_plot(svg_, {width, height}, spec.title, spec.description);
  head.draw(svg_);
  const std::string note = dropped_note(spec.dropped, spec.x.log || spec.y.log);
  if (!note.empty()) svg_.text({{"class", "dim"}, {"x", width}, {"y", height - 4.0}, {"text-anchor", "end"}}, note);
  if (!has_data_) {
    svg_.text({{"class", "dim"}, {"x", width / 2.0}, {"y", height / 2.0}, {"text-anchor", "middle"}}, "no data");
    return;
  }

  top_ = head.bottom() + (spec.y.title.empty() ? 8.0 : label_line + 10.0);
  bottom_ =
      height - label_line - 8.0 - (spec.x.title.empty() ? 0.0 : label_line + 2.0) - (note.empty() ? 0.0 : label_line);
  bottom_ = std::max(bottom_, top_ + 60.0);
  const double distance = spec.y.log ? y_tick_distance_log : y_tick_distance;
  const Ticks y_ticks = make_ticks(spec.y, spec.y_data, static_cast<int>((bottom_ - top_) / distance) + 1);
  left_ = widest(tick_labels(spec.y, y_ticks)) + tick_gap + 1.0;
  right_ = std::max(left_ + 60.0, width - std::max(spec.room_right, 14.0));
  Ticks ticks = x_ticks(spec.x, spec.x_data, right_ - left_);
  const double last_half = text_width(tick_labels(spec.x, ticks).back()) / 2.0;
  right_ = std::max(left_ + 60.0, std::min(right_, width - last_half));
  x_scale_ = Scale(ticks, left_, right_);
  y_scale_ = Scale(y_ticks, bottom_, top_);

  svg_.leaf("rect", {{"class", "frame"},
                     {"x", left_},
                     {"y", top_},
                     {"width", right_ - left_},
                     {"height", bottom_ - top_},
                     {"fill", "none"}});
  draw_x_axis(svg_, spec.x, ticks, x_scale_, top_, bottom_);
  draw_y_axis(spec, y_ticks);
  svg_.line("axis", left_, bottom_, right_, bottom_);
  svg_.text({{"class", "dim"},
             {"x", (left_ + right_) / 2.0},
             {"y", bottom_ + 2.0 * label_line + 3.0},
             {"text-anchor", "middle"}},
            spec.x.title);
}

void Frame::draw_y_axis(const FrameSpec& spec, const Ticks& ticks) {
  for (const double value : ticks.minor) svg_.line("grid minor", left_, y(value), right_, y(value));
  const std::vector<std::string> labels = tick_labels(spec.y, ticks);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double at = y(ticks.values[i]);
    svg_.line("grid", left_, at, right_, at);
    svg_.text({{"class", "dim"}, {"x", left_ - tick_gap}, {"y", at + 4.0}, {"text-anchor", "end"}}, labels[i]);
  }
  if (!spec.y.title.empty()) svg_.text({{"class", "dim"}, {"x", 0.0}, {"y", top_ - 14.0}}, spec.y.title);
}

std::string Frame::finish() {
  svg_.close();
  return svg_.take();
}

}  // namespace plumb::report
