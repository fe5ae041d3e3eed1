#include "report/scatter_plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "report/plot_frame.h"
#include "report/text.h"
#include "report/theme.h"

namespace plumb::report {
namespace {

constexpr double point_radius = 4.6, emphasised_radius = 6.2, ring_radius = 8.8, label_height = 14.0;
constexpr std::array<Mark, 4> shapes{Mark::circle, Mark::square, Mark::triangle, Mark::diamond};

Mark shape_of(std::size_t series) { return shapes[series % shapes.size()]; }

struct Box {
  double left, top, right, bottom;
};

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

/// Finds places for labels: of many around a point, near and far, the one that hides least of what is already there.
class LabelPlacer {
 public:
  explicit LabelPlacer(Box bounds) : bounds_(bounds) {}

  void avoid(Box box) { taken_.push_back(box); }

  void avoid_line(Xy from, Xy to) {
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const int pieces = static_cast<int>(length / 6.0) + 1;
    for (int i = 0; i <= pieces; ++i) {
      const double share = static_cast<double>(i) / pieces;
      const double x = from.x + share * (to.x - from.x), y = from.y + share * (to.y - from.y);
      avoid({x - 2.0, y - 2.0, x + 2.0, y + 2.0});
    }
  }

  struct Choice {
    Box box{};
    double distance = 0.0;  ///< beyond the place beside the point; a leader is drawn from some on
  };

  Choice place(Xy point, double radius, double width) {
    // Unit steps to the right, left, above, below and the corners, in the order in which people look.
    constexpr std::array<Xy, 8> ways{
        {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {0.7, -0.7}, {0.7, 0.7}, {-0.7, -0.7}, {-0.7, 0.7}}};
    Choice best;
    double best_cost = 1e300;
    for (const double distance : {0.0, 12.0, 24.0, 40.0, 60.0}) {
      for (std::size_t i = 0; i < ways.size(); ++i) {
        const double reach = radius + 4.0 + distance;
        const Xy way = ways[i];
        const double left = point.x + reach * way.x - (way.x > 0.0 ? 0.0 : way.x < 0.0 ? width : width / 2.0);
        const double top = point.y + reach * way.y - label_height * (0.5 - 0.5 * way.y);
        const Box wanted{left, top, left + width, top + label_height}, box = moved_inside(wanted);
        const double moved = std::abs(box.left - wanted.left) + std::abs(box.top - wanted.top);
        double cost = 0.4 * static_cast<double>(i) + 0.6 * distance + 20.0 * moved;
        for (const Box& other : taken_) cost += overlap(box, other);
        if (cost < best_cost) {
          best_cost = cost;
          best = {box, distance};
        }
      }
    }
    avoid(best.box);
    return best;
  }

 private:
  Box moved_inside(Box box) const {
    const double dx = std::max(bounds_.left - box.left, 0.0) + std::min(bounds_.right - box.right, 0.0);
    const double dy = std::max(bounds_.top - box.top, 0.0) + std::min(bounds_.bottom - box.bottom, 0.0);
    return {box.left + dx, box.top + dy, box.right + dx, box.bottom + dy};
  }

  Box bounds_;
  std::vector<Box> taken_;
};

class ScatterDrawing {
 public:
  ScatterDrawing(const ScatterPlot& plot, PlotSize size) : plot_(plot), size_(size) {
    for (const ScatterSeries& series : plot.series) {
      for (const ScatterPoint& point : series.points) measure({point.x, point.y});
    }
    for (const Xy point : plot.frontier) measure(point);
  }

  std::string draw() {
    Frame frame({.title = plot_.title,
                 .description = plot_.description,
                 .size = size_,
                 .x = plot_.x,
                 .y = plot_.y,
                 .x_data = x_data_,
                 .y_data = y_data_,
                 .legend = legend(),
                 .dropped = dropped_});
    if (!frame.has_data()) return frame.finish();
    draw_frontier(frame);
    for (const bool emphasised : {false, true}) {  // those that matter on top
      for_each_point([&](const ScatterPoint& point, std::size_t series) {
        if (point.emphasised == emphasised) draw_point(frame, point, series);
      });
    }
    draw_labels(frame);
    return frame.finish();
  }

 private:
  static double radius_of(const ScatterPoint& point) { return point.emphasised ? ring_radius : point_radius; }
  bool can_draw(Xy point) const { return drawable(point.x, plot_.x) && drawable(point.y, plot_.y); }

  void measure(Xy point) {
    if (can_draw(point)) {
      x_data_.add(point.x);
      y_data_.add(point.y);
    } else {
      ++dropped_;
    }
  }

  template <class Visit>
  void for_each_point(Visit visit) const {
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      for (const ScatterPoint& point : plot_.series[i].points) {
        if (can_draw({point.x, point.y})) visit(point, i);
      }
    }
  }

  std::vector<LegendEntry> legend() const {
    std::vector<LegendEntry> entries;
    if (plot_.series.size() > 1) {
      for (std::size_t i = 0; i < plot_.series.size(); ++i)
        entries.push_back({plot_.series[i].name, shape_of(i), colour_number(i)});
    }
    if (plot_.frontier.size() > 1) entries.push_back({plot_.frontier_name, Mark::line, 0});
    return entries;
  }

  std::vector<Xy> frontier_in_pixels(const Frame& frame) const {
    std::vector<Xy> line;
    for (const Xy point : plot_.frontier) {
      if (can_draw(point)) line.push_back({frame.x(point.x), frame.y(point.y)});
    }
    return line;
  }

  void draw_frontier(Frame& frame) const {
    SvgPath path;
    for (const Xy point : frontier_in_pixels(frame)) {
      if (path.empty())
        path.move_to(point.x, point.y);
      else
        path.line_to(point.x, point.y);
    }
    if (path.empty()) return;
    frame.svg().leaf("path", {{"class", "line s0"}, {"style", "stroke-width:1.3"}, {"d", path.d()}},
                     plot_.frontier_name);
  }

  void draw_point(Frame& frame, const ScatterPoint& point, std::size_t series) const {
    const std::string& name = plot_.series[series].name;
    std::string tooltip = name.empty() ? "" : name + "\n";
    if (!point.label.empty()) tooltip += point.label + "\n";
    if (!point.tooltip.empty()) tooltip += point.tooltip + "\n";
    tooltip += plot_.x.title + ": " + value_label(plot_.x, point.x) + "\n" + plot_.y.title + ": " +
               value_label(plot_.y, point.y);
    const double x = frame.x(point.x), y = frame.y(point.y);
    draw_mark(frame.svg(), shape_of(series), x, y, point.emphasised ? emphasised_radius : point_radius,
              std::to_string(colour_number(series)), tooltip);
    if (point.emphasised) frame.svg().leaf("circle", {{"class", "ring"}, {"cx", x}, {"cy", y}, {"r", ring_radius}});
  }

  void draw_labels(Frame& frame) const {
    LabelPlacer placer({frame.left() + 2.0, frame.top() - 6.0, size_.width - 1.0, frame.bottom() - 1.0});
    for_each_point([&](const ScatterPoint& point, std::size_t) {
      const double x = frame.x(point.x), y = frame.y(point.y), r = radius_of(point) + 1.0;
      placer.avoid({x - r, y - r, x + r, y + r});
    });
    const std::vector<Xy> line = frontier_in_pixels(frame);
    for (std::size_t i = 1; i < line.size(); ++i) placer.avoid_line(line[i - 1], line[i]);
    for (const bool emphasised : {true, false}) {  // those that matter choose first
      for_each_point([&](const ScatterPoint& point, std::size_t) {
        if (!point.label.empty() && point.emphasised == emphasised) draw_label(frame, point, placer);
      });
    }
  }

  void draw_label(Frame& frame, const ScatterPoint& point, LabelPlacer& placer) const {
    const std::string label = fit_text(printable(point.label), 0.6 * (frame.right() - frame.left()));
    const double radius = radius_of(point);
    const double x = frame.x(point.x), y = frame.y(point.y);
    const auto [box, distance] = placer.place({x, y}, radius, text_width(label) * 0.94);
    if (distance > 0.0) {
      const double to_x = std::clamp(x, box.left, box.right), to_y = std::clamp(y, box.top, box.bottom);
      const double share = radius / std::max(radius, std::hypot(to_x - x, to_y - y));
      frame.svg().line("leader", x + share * (to_x - x), y + share * (to_y - y), to_x, to_y);
    }
    // Anchored on the side of its point, so that a font of another width does not open a gap or hide the mark.
    const bool left_of_point = box.right <= x;
    frame.svg().text({{"class", point.emphasised ? "halo strong" : "halo"},
                      {"x", left_of_point ? box.right : box.left},
                      {"y", box.bottom - 3.5},
                      {"text-anchor", left_of_point ? "end" : ""}},
                     label);
  }

  const ScatterPlot& plot_;
  PlotSize size_;
  Extent x_data_, y_data_;
  std::size_t dropped_ = 0;
};

}  // namespace

std::string ScatterPlot::svg(PlotSize size) const { return ScatterDrawing(*this, size).draw(); }

}  // namespace plumb::report
