#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/statistics.h"
#include "cli/comparison_result.h"
#include "report/html_page.h"
#include "report/plot.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

constexpr double ms = 1e3;

/// A line of so many points shows any distribution; marks beyond this many hide each other.
constexpr int curve_points = 200;
constexpr std::size_t marks_max = 2000;

report::LineSeries curve_of(std::string name, std::vector<double> values_s, bool dashed) {
  std::sort(values_s.begin(), values_s.end());
  report::LineSeries series{.name = std::move(name), .dashed = dashed};
  for (int i = 0; i <= curve_points; ++i) {
    const double percent = 100.0 * i / curve_points;
    series.points.push_back({percentile_sorted(values_s, percent) * ms, percent});
  }
  return series;
}

/// Cumulative distributions of one latency, of both sides.
template <class Latency>
report::LinePlot distribution_plot(std::string_view name, const Comparison& comparison, Latency latency) {
  std::vector<double> measured_s, simulated_s;
  for (const RequestPair& pair : comparison.pairs) {
    const std::optional<double> of_measured = latency(pair, pair.measured);
    if (!of_measured) continue;
    measured_s.push_back(*of_measured);
    simulated_s.push_back(*latency(pair, pair.simulated));
  }
  report::LinePlot plot;
  plot.title = fmt::format("{} over requests", name);
  plot.description = "Percent of requests that are at least so fast, measured and simulated.";
  plot.x = {.title = fmt::format("{} (ms)", name), .from_zero = true};
  plot.y = {.title = "Requests (%)", .from_zero = true};
  plot.series.push_back(curve_of("measured", std::move(measured_s), false));
  plot.series.push_back(curve_of("simulated", std::move(simulated_s), true));
  return plot;
}

std::optional<double> ttft_of(const RequestPair&, const RequestSide& side) { return side.ttft_s; }

std::optional<double> tpot_of(const RequestPair& pair, const RequestSide& side) {
  return pair.output_tokens > 1 ? std::optional(pair.tpot_s(side)) : std::nullopt;
}

std::optional<double> e2e_of(const RequestPair&, const RequestSide& side) { return side.e2e_s; }

/// Simulated over measured, request by request, a series a cause; the line is where both are equal.
template <class Latency>
report::ScatterPlot request_plot(std::string_view name, const Comparison& comparison, Latency latency) {
  report::ScatterPlot plot;
  plot.title = fmt::format("{} request by request", name);
  plot.description = "Each point is a request; above the line the simulation is slower than the server.";
  plot.x = {.title = fmt::format("Measured {} (ms)", name), .from_zero = true};
  plot.y = {.title = fmt::format("Simulated {} (ms)", name), .from_zero = true};
  for (std::size_t i = 0; i < causes; ++i) {
    plot.series.push_back({std::string(cause_name(static_cast<Cause>(i))), {}});
  }
  double most_ms = 0.0;
  const std::size_t stride = std::max<std::size_t>(1, (comparison.pairs.size() + marks_max - 1) / marks_max);
  for (std::size_t i = 0; i < comparison.pairs.size(); i += stride) {
    const RequestPair& pair = comparison.pairs[i];
    const std::optional<double> measured = latency(pair, pair.measured), simulated = latency(pair, pair.simulated);
    if (!measured || !simulated) continue;
    plot.series[static_cast<std::size_t>(pair.cause)].points.push_back(
        {.x = *measured * ms,
         .y = *simulated * ms,
         .tooltip = fmt::format("request {}, {} prompt and {} output tokens", pair.id, pair.prompt_tokens,
                                pair.output_tokens)});
    most_ms = std::max({most_ms, *measured * ms, *simulated * ms});
  }
  std::erase_if(plot.series, [](const report::ScatterSeries& series) { return series.points.empty(); });
  plot.frontier = {{0.0, 0.0}, {most_ms, most_ms}};
  plot.frontier_name = "equal";
  return plot;
}

void add_causes(report::HtmlPage& page, const ComparisonResult& result) {
  page.section("What the difference comes from");
  if (result.comparison.attribution.shares.empty()) {
    page.paragraph("There is no difference to explain.");
    return;
  }
  page.table(cause_table(result.comparison.attribution));
  for (const CauseShare& share : shown_causes(result.comparison.attribution)) {
    page.paragraph(fmt::format("{}: {}", cause_name(share.cause), cause_words(share.cause, result)));
  }
}

void add_requests(report::HtmlPage& page, const Comparison& comparison) {
  page.section("Over requests");
  page.figure(distribution_plot("TTFT", comparison, ttft_of), "Time to first token.");
  page.figure(distribution_plot("TPOT", comparison, tpot_of),
              "Time per output token after the first, a request's mean; requests with one token have none.");
  page.section("Request by request");
  page.figure(request_plot("TTFT", comparison, ttft_of), "A request's colour is the cause of most of its error.");
  page.figure(request_plot("E2EL", comparison, e2e_of), "End-to-end latency.");
  page.section("Requests that differ most");
  page.table(worst_table(comparison));
}

}  // namespace

std::string comparison_report(const ComparisonResult& result, const std::string& command_line) {
  const Comparison& comparison = result.comparison;
  report::HtmlPage page(subject_words(result.subject) + ": measured and simulated");
  page.lead(run_words(result));
  for (const std::string& note : comparison.notes) page.paragraph(note);
  if (!comparison.pairs.empty()) page.paragraph(error_words(comparison));
  page.section("Figures");
  page.table(figure_table(comparison));
  page.note("Difference: (simulated - measured) / measured.");
  if (!comparison.pairs.empty()) {
    add_causes(page, result);
    add_requests(page, comparison);
  }
  return page.html({.command_line = command_line,
                    .version = fmt::format("plumb {}, seed {}", PLUMB_VERSION, result.subject.seed),
                    .notes = {"docs/compare.md defines the figures and states the rule by which errors are put down to "
                              "causes."}});
}

}  // namespace plumb::cli
