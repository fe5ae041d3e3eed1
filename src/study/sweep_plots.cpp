#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/units.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

constexpr std::size_t series_max = 7;  // further values share one series
constexpr double log_span = 30.0;      // ends further apart than this are shown by their ratio

/// An axis of a plot for some values, by their ratio where they are far apart.
report::Axis plot_axis(std::string title, const std::vector<double>& values) {
  report::Axis axis{.title = std::move(title)};
  if (values.empty()) return axis;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  axis.log = *low > 0.0 && *high / *low > log_span;
  return axis;
}

/// Names of the series, and which of them a point is in.
struct Series {
  std::vector<std::string> names;
  std::size_t of(std::size_t position) const { return std::min(position, names.size() - 1); }
};

/// Where the axis tells no series apart, one without a name.
Series series_of(const Study& study, std::optional<std::size_t> axis) {
  if (!axis) return {{""}};
  Series series;
  const std::vector<std::string>& labels = study.axes[*axis].labels;
  const Axis& values = study.axes[*axis];
  // A bare number says nothing in a legend.
  const std::string before = values.numeric() && values.unit().empty() ? values.name + " " : std::string();
  for (std::size_t i = 0; i < labels.size() && i < series_max; ++i) {
    series.names.push_back(before + axis_cell(values, i));
  }
  if (labels.size() == series_max + 1) series.names.push_back(before + axis_cell(values, series_max));
  if (labels.size() > series_max + 1) series.names.emplace_back("others");
  return series;
}

/// The first axis of those that move together.
std::size_t leader(const Study& study, std::size_t axis) { return study.axes[axis].with.value_or(axis); }

}  // namespace

std::optional<std::size_t> plotted_axis(const Study& study) {
  std::optional<std::size_t> longest;
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    constexpr std::size_t values_least = 3;
    const bool line = study.axes[i].numeric() && study.axes[i].values.size() >= values_least;
    if (line && (!longest || study.axes[i].values.size() > study.axes[*longest].values.size())) longest = i;
  }
  return longest;
}

report::ScatterPlot pareto_plot(const Study& study, const std::vector<Row>& rows, std::optional<std::size_t> position) {
  const Objective &x = study.objectives[0], &y = study.objectives[1];
  const Series series = series_of(study, study.series);
  report::ScatterPlot plot;
  plot.title = fmt::format("{} against {}", words_of(study, y).title, words_of(study, x).title);
  if (position) {
    const Axis& each = study.axes[*study.each];
    plot.title += fmt::format(", {} {}", each.name, axis_cell(each, *position));
  }
  // With a third objective, or with several fronts, the front is no line.
  const bool line = study.objectives.size() == 2 && study.each.has_value() == position.has_value();
  plot.description = "Every point of the study that can be met; those on the Pareto front have a ring.";
  for (const std::string& name : series.names) plot.series.push_back({name, {}});
  std::vector<double> xs, ys;
  for (const Row& row : rows) {
    const std::optional<double> at_x = number_in(study, row, x.column), at_y = number_in(study, row, y.column);
    const std::vector<std::size_t> positions = study.positions(row.point);
    if (!at_x || !at_y || (position && positions[*study.each] != *position)) continue;
    xs.push_back(*at_x);
    ys.push_back(*at_y);
    plot.series[study.series ? series.of(positions[*study.series]) : 0].points.push_back(
        {.x = *at_x, .y = *at_y, .tooltip = point_words(study, row.point), .emphasised = row.pareto});
    if (row.pareto && line) plot.frontier.push_back({*at_x, *at_y});
  }
  plot.x = plot_axis(words_of(study, x).both(), xs);
  plot.y = plot_axis(words_of(study, y).both(), ys);
  std::erase_if(plot.series, [](const report::ScatterSeries& one) { return one.points.empty(); });
  std::sort(plot.frontier.begin(), plot.frontier.end(),
            [](const report::Xy& a, const report::Xy& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  plot.frontier_name = "Pareto front";
  return plot;
}

report::LinePlot axis_plot(const Study& study, const std::vector<Row>& rows, const Objective& objective) {
  const std::size_t along = *plotted_axis(study);
  const Axis& axis = study.axes[along];
  std::optional<std::size_t> apart = study.series;
  if (apart && leader(study, *apart) == leader(study, along)) apart = std::nullopt;
  const Series series = series_of(study, apart);
  const double worst = std::numeric_limits<double>::infinity() * (objective.maximise ? -1.0 : 1.0);
  std::vector<std::vector<double>> best(series.names.size(), std::vector<double>(axis.values.size(), worst));
  std::vector<double> values;
  for (const Row& row : rows) {
    const std::optional<double> value = number_in(study, row, objective.column);
    if (!value) continue;
    const std::vector<std::size_t> positions = study.positions(row.point);
    double& at = best[apart ? series.of(positions[*apart]) : 0][positions[along]];
    at = objective.maximise ? std::max(at, *value) : std::min(at, *value);
    values.push_back(*value);
  }
  report::LinePlot plot;
  plot.title = fmt::format("{} along {}", words_of(study, objective).title, axis.name);
  plot.description = "Of all points with a value of the axis, the best.";
  std::vector<double> xs;
  for (std::size_t i = 0; i < axis.values.size(); ++i) xs.push_back(*axis.number(i));
  const std::string unit = axis.multiply ? "times the file's" : axis.unit();
  plot.x = plot_axis(unit.empty() ? axis.name : fmt::format("{} ({})", axis.name, unit), xs);
  plot.y = plot_axis(words_of(study, objective).both(), values);
  std::vector<std::size_t> order(xs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return xs[a] < xs[b]; });
  for (std::size_t s = 0; s < series.names.size(); ++s) {
    report::LineSeries line{.name = series.names[s]};
    for (const std::size_t i : order) {
      if (std::isfinite(best[s][i])) line.points.push_back({xs[i], best[s][i]});
    }
    if (!line.points.empty()) plot.series.push_back(std::move(line));
  }
  return plot;
}

}  // namespace plumb::study
