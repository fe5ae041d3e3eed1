#include "report/line_plot.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "report/plot_frame.h"
#include "report/text.h"
#include "report/theme.h"

namespace plumb::report {
namespace {

constexpr double label_height = 15.0;
constexpr std::size_t tooltips_max = 250;  // beyond it the marks would outweigh the plot

/// Of the points that fall into one column of pixels, in order: the first, the lowest, the highest and the last, so
/// that no peak is lost. Only for lines that run to the right.
std::vector<Xy> thinned(const std::vector<Xy>& run, double pixels) {
  const bool rightwards = std::is_sorted(run.begin(), run.end(), [](Xy a, Xy b) { return a.x < b.x; });
  if (!rightwards || static_cast<double>(run.size()) < 4.0 * pixels) return run;
  std::vector<Xy> kept;
  for (std::size_t from = 0; from < run.size();) {
    std::size_t end = from, low = from, high = from;
    for (; end < run.size() && std::floor(run[end].x) == std::floor(run[from].x); ++end) {
      if (run[end].y < run[low].y) low = end;
      if (run[end].y > run[high].y) high = end;
    }
    std::vector<std::size_t> picks{from, low, high, end - 1};
    std::sort(picks.begin(), picks.end());
    picks.erase(std::unique(picks.begin(), picks.end()), picks.end());
    for (const std::size_t i : picks) kept.push_back(run[i]);
    from = end;
  }
  return kept;
}

class LineDrawing {
 public:
  LineDrawing(const LinePlot& plot, PlotSize size) : plot_(plot), x_(plot.x), y_(plot.y), size_(size) { measure(); }

  std::string draw() {
    const bool direct = labels_fit();
    Frame frame({.title = plot_.title,
                 .description = plot_.description,
                 .size = size_,
                 .x = x_,
                 .y = y_,
                 .x_data = x_data_,
                 .y_data = y_data_,
                 .legend = direct ? std::vector<LegendEntry>{} : legend(),
                 .room_right = direct ? label_room_ : 0.0,
                 .dropped = dropped_});
    if (!frame.has_data()) return frame.finish();
    for (std::size_t i = 0; i < plot_.series.size(); ++i) draw_series(frame, i);
    draw_references(frame);
    draw_tooltips(frame);
    if (direct) draw_end_labels(frame);
    return frame.finish();
  }

 private:
  bool can_draw(Xy point) const { return drawable(point.x, x_) && drawable(point.y, y_); }

  void measure() {
    for (const LineSeries& series : plot_.series) {
      if (series.area && !y_.log) y_.from_zero = true;
      for (const Xy point : series.points) {
        if (can_draw(point)) {
          x_data_.add(point.x);
          y_data_.add(point.y);
          ++drawn_;
        } else {
          ++dropped_;
        }
      }
      if (!series.name.empty()) label_room_ = std::max(label_room_, 24.0 + text_width(printable(series.name)));
    }
    for (const ReferenceLine& reference : plot_.references) {
      if (drawable(reference.y, y_))
        y_data_.add(reference.y);
      else
        ++dropped_;
    }
  }

  bool labels_fit() const {
    const double needed = label_height * static_cast<double>(plot_.series.size());
    return size_.width >= 500.0 && label_room_ <= 0.3 * size_.width && needed <= 0.6 * size_.height;
  }

  std::vector<LegendEntry> legend() const {
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const Mark mark = plot_.series[i].dashed ? Mark::dashed_line : Mark::line;
      entries.push_back({plot_.series[i].name, mark, colour_number(i)});
    }
    return entries;
  }

  /// The line between two gaps, in pixels, with its steps.
  std::vector<Xy> in_pixels(const Frame& frame, const LineSeries& series, std::size_t from, std::size_t end) const {
    std::vector<Xy> run;
    for (std::size_t i = from; i < end; ++i) run.push_back({frame.x(series.points[i].x), frame.y(series.points[i].y)});
    run = thinned(run, frame.right() - frame.left());
    if (!series.step) return run;
    std::vector<Xy> steps;
    for (const Xy point : run) {
      if (!steps.empty()) steps.push_back({point.x, steps.back().y});
      steps.push_back(point);
    }
    return steps;
  }

  void draw_series(Frame& frame, std::size_t index) const {
    const LineSeries& series = plot_.series[index];
    for (std::size_t from = 0; from < series.points.size();) {
      std::size_t end = from;
      while (end < series.points.size() && can_draw(series.points[end])) ++end;
      if (end > from) draw_run(frame, series, index, in_pixels(frame, series, from, end));
      from = end + 1;
    }
  }

  void draw_run(Frame& frame, const LineSeries& series, std::size_t index, const std::vector<Xy>& run) const {
    const std::string number = std::to_string(colour_number(index));
    if (run.size() == 1) {
      return frame.svg().leaf("circle", {{"class", "f" + number}, {"cx", run[0].x}, {"cy", run[0].y}, {"r", 3.0}},
                              series.name);
    }
    SvgPath line;
    line.move_to(run.front().x, run.front().y);
    for (std::size_t i = 1; i < run.size(); ++i) line.line_to(run[i].x, run[i].y);
    if (series.area) {
      const double base = y_.log ? frame.bottom() : frame.y(0.0);
      SvgPath area = line;
      area.line_to(run.back().x, base).line_to(run.front().x, base).close();
      frame.svg().leaf("path", {{"class", "area f" + number}, {"d", area.d()}});
    }
    frame.svg().leaf("path", {{"class", "line s" + number + (series.dashed ? " dashed" : "")}, {"d", line.d()}},
                     series.name);
  }

  void draw_references(Frame& frame) const {
    for (const ReferenceLine& reference : plot_.references) {
      if (!drawable(reference.y, y_)) continue;
      const double y = frame.y(reference.y);
      const std::string tooltip = reference.label + ": " + value_label(y_, reference.y);
      frame.svg().line("reference", frame.left(), y, frame.right(), y, tooltip);
      const double baseline = y - frame.top() < label_height ? y + 14.0 : y - 5.0;
      frame.svg().text({{"class", "dim halo"}, {"x", frame.left() + 6.0}, {"y", baseline}},
                       fit_text(printable(reference.label), frame.right() - frame.left() - 12.0));
    }
  }

  void draw_tooltips(Frame& frame) const {
    if (drawn_ > tooltips_max) return;
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const LineSeries& series = plot_.series[i];
      const std::string number = std::to_string(colour_number(i));
      for (const Xy point : series.points) {
        if (!can_draw(point)) continue;
        const std::string tooltip = (series.name.empty() ? "" : series.name + "\n") + x_.title + ": " +
                                    value_label(x_, point.x) + "\n" + y_.title + ": " + value_label(y_, point.y);
        frame.svg().leaf("circle",
                         {{"class", "hit f" + number}, {"cx", frame.x(point.x)}, {"cy", frame.y(point.y)}, {"r", 4.0}},
                         tooltip);
      }
    }
  }

  /// Names at the height of their lines' ends, moved apart where they would overlap.
  void draw_end_labels(Frame& frame) const {
    struct Label {
      std::size_t series;
      double y;
    };
    std::vector<Label> labels;
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const auto& points = plot_.series[i].points;
      const auto last = std::find_if(points.rbegin(), points.rend(), [this](Xy point) { return can_draw(point); });
      if (last != points.rend() && !plot_.series[i].name.empty()) labels.push_back({i, frame.y(last->y)});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
    double least = frame.top();
    for (Label& label : labels) {
      label.y = std::max(label.y, least);
      least = label.y + label_height;
    }
    double most = frame.bottom();
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
      label->y = std::min(label->y, most);
      most = label->y - label_height;
    }
    for (const Label& label : labels) {
      const LineSeries& series = plot_.series[label.series];
      draw_mark(frame.svg(), series.dashed ? Mark::dashed_line : Mark::line, frame.right() + 12.0, label.y, 5.0,
                std::to_string(colour_number(label.series)));
      frame.svg().text({{"x", frame.right() + 21.0}, {"y", label.y + 4.0}}, printable(series.name));
    }
  }

  const LinePlot& plot_;
  Axis x_, y_;
  PlotSize size_;
  Extent x_data_, y_data_;
  std::size_t drawn_ = 0, dropped_ = 0;
  double label_room_ = 0.0;
};

}  // namespace

std::string LinePlot::svg(PlotSize size) const { return LineDrawing(*this, size).draw(); }

}  // namespace plumb::report
