#include "cli/plan_plots.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/plan_words.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

/// More bars or series than this are not read.
constexpr std::size_t bars_max = 8;

std::string short_name(const planner::Choice& choice) {
  return fmt::format("{}. {} on {}", choice.rank, choice.candidate.model->name, choice.candidate.accelerator->name);
}

/// Points that no other point beats in both, from slow and dense to fast and sparse.
std::vector<report::Xy> frontier_of(const std::vector<planner::FrontierPoint>& points, const std::string& model) {
  std::vector<report::Xy> met;
  for (const planner::FrontierPoint& point : points) {
    if (point.met && point.model == model)
      met.push_back({point.tokens_per_s_per_user, point.tokens_per_s_per_accelerator});
  }
  std::sort(met.begin(), met.end(),
            [](const report::Xy& a, const report::Xy& b) { return a.x != b.x ? a.x > b.x : a.y > b.y; });
  std::vector<report::Xy> frontier;
  for (const report::Xy& point : met) {
    if (frontier.empty() || point.y > frontier.back().y) frontier.push_back(point);
  }
  std::reverse(frontier.begin(), frontier.end());
  return frontier;
}

/// The accelerators of the ranked choices, best first; the rest share one series.
std::vector<std::string> named_accelerators(const planner::Plan& plan, const std::string& model) {
  constexpr std::size_t series_max = 6;
  std::vector<std::string> names;
  for (const planner::Choice& choice : plan.choices) {
    if (choice.candidate.model->name != model) continue;
    const std::string& name = choice.candidate.accelerator->name;
    if (names.size() < series_max && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace

report::ScatterPlot frontier_plot(const planner::Plan& plan, const std::string& model) {
  report::ScatterPlot plot;
  plot.title = fmt::format("{}: throughput against speed", model);
  plot.description = "Each point is one replica under a simulated load; up is cheaper, right is faster for the user.";
  plot.x = {.title = "Speed (output tokens/s a user)"};
  plot.y = {.title = "Throughput (output tokens/s an accelerator)", .log = true};
  const std::vector<std::string> names = named_accelerators(plan, model);
  for (const std::string& name : names) plot.series.push_back({name, {}});
  plot.series.push_back({"others", {}});
  for (const planner::FrontierPoint& point : plan.points) {
    if (point.model != model) continue;
    const auto series =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), point.accelerator) - names.begin());
    plot.series[series].points.push_back({.x = point.tokens_per_s_per_user,
                                          .y = point.tokens_per_s_per_accelerator,
                                          .tooltip = point.label + (point.met ? "" : ", misses a target")});
  }
  std::erase_if(plot.series, [](const report::ScatterSeries& series) { return series.points.empty(); });
  plot.frontier = frontier_of(plan.points, model);
  plot.frontier_name = "best that meet the targets";
  return plot;
}

report::LinePlot day_plot(const planner::Service& service, const planner::Plan& plan) {
  const planner::Choice& choice = plan.choices.front();
  const planner::Demand& demand = service.demand;
  const bool is_day = demand.curve_s == day.value();
  const Seconds unit = is_day || demand.curve_s > 2.0 * hour.value() ? hour : 60.0 * second;
  report::LinePlot plot;
  plot.title = is_day ? "Load and capacity over a day" : "Load and capacity over the trace";
  plot.description = "Requests a second and what the fleet of the first choice can carry.";
  plot.x = is_day ? report::Axis{.title = "Hour of the day (h)", .step = 3}
                  : report::Axis{.title = unit == hour ? "Time (h)" : "Time (min)"};
  plot.y = {.title = "Requests (1/s)", .from_zero = true};
  report::LineSeries load{.name = "load", .area = true};
  constexpr int samples = 96;
  for (int i = 0; i <= samples; ++i) {
    const double share = static_cast<double>(i) / samples;
    const double rate = plan.requests_per_s_mean * demand.curve.relative(share * day.value());
    load.points.push_back({share * demand.curve_s / unit.value(), rate});
  }
  plot.series.push_back(std::move(load));
  const double capacity = static_cast<double>(choice.replicas) * choice.goodput_per_s;
  plot.references.push_back({capacity, replica_words(choice.replicas) + " within the targets"});
  return plot;
}

report::StackedBars time_plot(const planner::Plan& plan) {
  report::StackedBars bars;
  bars.title = "Where a step's time goes";
  bars.description = "Share of the time of all steps at the peak of the day, by what binds.";
  bars.value = {.title = "Share of time (%)"};
  bars.shares = true;
  for (std::size_t i = 0; i < accelerator::bounds; ++i) {
    bars.parts.emplace_back(bound_name(static_cast<accelerator::Bound>(i)));
  }
  for (std::size_t i = 0; i < std::min(bars_max, plan.choices.size()); ++i) {
    const planner::Choice& choice = plan.choices[i];
    report::StackedBar bar{short_name(choice), {}, choice.binding};
    for (const double part : choice.time.by_bound) bar.values.push_back(part * 100.0);
    bars.bars.push_back(std::move(bar));
  }
  return bars;
}

report::StackedBars money_plot(const planner::Plan& plan) {
  report::StackedBars bars;
  bars.title = "Where the money goes";
  bars.description = "Shares of each fleet's cost an hour, by part; the cost itself stands at the bar's end.";
  bars.value = {.title = "Share of cost (%)"};
  bars.shares = true;
  bars.parts = {"rent", "depreciation of accelerators", "depreciation of hosts and network", "power"};
  for (std::size_t i = 0; i < std::min(bars_max, plan.choices.size()); ++i) {
    const planner::Choice& choice = plan.choices[i];
    const economics::AcceleratorCost& cost = choice.candidate.cost;
    const double accelerators = static_cast<double>(choice.accelerators);
    const auto percent = [&](DollarsPerSecond part) { return part * accelerators / choice.cost * 100.0; };
    const double price_share = cost.outlay.value() > 0.0 ? cost.price.purchase / cost.outlay : 0.0;
    bars.bars.push_back({short_name(choice),
                         {percent(cost.rent), percent(cost.capital) * price_share,
                          percent(cost.capital) * (1.0 - price_share), percent(cost.power)},
                         report::per_hour(choice.cost)});
  }
  return bars;
}

}  // namespace plumb::cli
