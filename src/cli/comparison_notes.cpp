// What to know of a result file before its figures are trusted.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/statistics.h"
#include "cli/comparison_parts.h"

namespace plumb::cli {
namespace {

using workload::MeasuredRun;

constexpr double ms = 1e3;

/// Notes on the file itself: what it lacks, and whether its summary follows from its requests.
void note_file(const MeasuredRun& run, const workload::MeasuredLoad& load, const Comparison& comparison,
               std::vector<std::string>& notes) {
  if (load.lengths_made) {
    notes.push_back(
        "The result has no requests, only a summary: every request was made with its mean lengths, so percentiles lack "
        "the spread of the real lengths, and no cause is looked for. --save-detailed keeps the requests.");
  } else if (load.arrivals_made) {
    notes.push_back(
        "The result has no start times: arrivals were made again, so that a request meets another queue than it did on "
        "the server. A recent vllm bench serve --save-detailed writes start_times.");
  }
  const auto mean = run.summary.ttft.mean_s;
  const auto figure = std::find_if(comparison.figures.begin(), comparison.figures.end(),
                                   [](const ComparedFigure& f) { return f.metric == "TTFT" && f.statistic == "mean"; });
  constexpr double tolerance = 0.01;
  if (!comparison.pairs.empty() && mean && figure != comparison.figures.end() &&
      std::abs(*mean * ms - *figure->measured) > tolerance * *figure->measured) {
    notes.push_back(fmt::format(
        "The result's own mean TTFT is {:.2f} ms, that of the {} requests compared {:.2f} ms: they are not the same "
        "requests.",
        *mean * ms, comparison.pairs.size(), *figure->measured));
  }
}

void note_requests(const Comparison& comparison, const MeasuredRun& run, std::vector<std::string>& notes) {
  if (run.failed > 0) {
    notes.push_back(fmt::format("{} of {} requests failed or were cut off on the server; they are not compared.",
                                run.failed, run.completed + run.failed));
  }
  if (comparison.rejected > 0) {
    notes.push_back(fmt::format(
        "{} requests are longer than the simulated deployment admits (max_model_len) and are not compared; the server "
        "took them.",
        comparison.rejected));
  }
  if (comparison.arrivals && !comparison.arrivals->agrees) {
    notes.push_back(fmt::format(
        "The start times are not what the result states: {:.3g} requests/s came where {:.3g} were stated, and their "
        "gaps vary by {:.2f} where {:.2f} was stated (deviation over mean). The simulation uses the start times.",
        comparison.arrivals->measured_per_s, comparison.arrivals->stated_per_s, comparison.arrivals->measured_variation,
        comparison.arrivals->stated_variation));
  }
}

}  // namespace

std::optional<ArrivalCheck> check_arrivals(const MeasuredRun& run) {
  const workload::StatedLoad& load = run.load;
  constexpr std::size_t gaps_min = 20;
  if (!run.start_times || !load.rate_per_s || std::isinf(*load.rate_per_s) || run.requests.size() <= gaps_min) {
    return std::nullopt;
  }
  Moments gaps;
  for (std::size_t i = 1; i < run.requests.size(); ++i) gaps.add(run.requests[i].start_s - run.requests[i - 1].start_s);
  ArrivalCheck check;
  check.stated_per_s = *load.rate_per_s;
  check.stated_variation = load.gaps == workload::StatedLoad::Gaps::equal ? 0.0 : 1.0 / std::sqrt(load.burstiness);
  if (!(gaps.mean() > 0.0)) return std::nullopt;
  check.measured_per_s = 1.0 / gaps.mean();
  check.measured_variation = gaps.deviation() / gaps.mean();
  const double four_sigma = 4.0 / std::sqrt(static_cast<double>(gaps.count()));
  const double rate_bound = std::max(0.05, load.scaled ? 0.0 : four_sigma * check.stated_variation);
  const double variation_bound = std::max(0.1, four_sigma * std::max(check.stated_variation, 0.5));
  check.agrees = load.gaps == workload::StatedLoad::Gaps::unknown ||
                 (std::abs(check.measured_per_s / check.stated_per_s - 1.0) <= rate_bound &&
                  std::abs(check.measured_variation - check.stated_variation) <= variation_bound);
  return check;
}

std::vector<std::string> comparison_notes(const MeasuredRun& run, const workload::MeasuredLoad& load,
                                          const Comparison& comparison) {
  std::vector<std::string> notes = run.notes;
  note_file(run, load, comparison, notes);
  note_requests(comparison, run, notes);
  return notes;
}

}  // namespace plumb::cli
