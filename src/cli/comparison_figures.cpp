// The two sides of a comparison summed up, by the same code where both have requests.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/statistics.h"
#include "cli/comparison_parts.h"

namespace plumb::cli {
namespace {

using workload::MeasuredLatency;
using workload::MeasuredRun;

constexpr double ms = 1e3;

/// Seconds, sorted, of one latency on one side.
using Values = std::vector<double>;

MeasuredLatency latency_of(Values values, const std::vector<double>& percents) {
  MeasuredLatency latency;
  if (values.empty()) return latency;
  std::sort(values.begin(), values.end());
  Moments moments;
  for (const double value : values) moments.add(value);
  latency.mean_s = moments.mean();
  latency.median_s = percentile_sorted(values, 50.0);
  for (const double percent : percents) latency.percentiles_s.emplace_back(percent, percentile_sorted(values, percent));
  return latency;
}

MeasuredLatency latency_of(const LatencyFigures& figures) {
  MeasuredLatency latency{figures.mean_ms / ms, figures.median_ms / ms, {}};
  for (const auto& [percent, value_ms] : figures.percentiles_ms) {
    latency.percentiles_s.emplace_back(percent, value_ms / ms);
  }
  return latency;
}

/// What one side says in all; figures it lacks stay absent.
struct Side {
  std::optional<double> completed, duration_s, prompt_tokens, output_tokens;
  std::optional<double> request_throughput, output_throughput, total_throughput;
  MeasuredLatency ttft, tpot, itl, e2el;

  void find_throughputs() {
    if (!completed || !duration_s || !(*duration_s > 0.0) || !prompt_tokens || !output_tokens) return;
    request_throughput = *completed / *duration_s;
    output_throughput = *output_tokens / *duration_s;
    total_throughput = (*prompt_tokens + *output_tokens) / *duration_s;
  }
};

Side side_of_pairs(std::span<const RequestPair> pairs, const RequestSide RequestPair::* which,
                   const std::vector<double>& percents) {
  Side side;
  Values ttft, tpot, e2el;
  double first_s = pairs.front().start_s, last_s = first_s;
  side.prompt_tokens = side.output_tokens = 0.0;
  for (const RequestPair& pair : pairs) {
    const RequestSide& own = pair.*which;
    ttft.push_back(own.ttft_s);
    e2el.push_back(own.e2e_s);
    if (pair.output_tokens > 1) tpot.push_back(pair.tpot_s(own));
    last_s = std::max(last_s, pair.start_s + own.e2e_s);
    *side.prompt_tokens += static_cast<double>(pair.prompt_tokens);
    *side.output_tokens += static_cast<double>(pair.output_tokens);
  }
  side.completed = static_cast<double>(pairs.size());
  side.duration_s = last_s - first_s;
  side.ttft = latency_of(std::move(ttft), percents);
  side.tpot = latency_of(std::move(tpot), percents);
  side.e2el = latency_of(std::move(e2el), percents);
  return side;
}

/// The measured side of requests; its duration is the file's where starts were not measured.
Side measured_side(const MeasuredRun& run, std::span<const RequestPair> pairs, const std::vector<double>& percents) {
  Side side;
  if (!pairs.empty()) {
    side = side_of_pairs(pairs, &RequestPair::measured, percents);
    if (!run.start_times) side.duration_s = run.summary.duration_s;
    side.find_throughputs();
    Values gaps;
    for (const workload::MeasuredRequest& request : run.requests) {
      if (request.completed) gaps.insert(gaps.end(), request.gaps_s.begin(), request.gaps_s.end());
    }
    side.itl = gaps.empty() ? run.summary.itl : latency_of(std::move(gaps), percents);
    return side;
  }
  const workload::MeasuredSummary& summary = run.summary;
  side.completed = static_cast<double>(run.completed);
  side.duration_s = summary.duration_s;
  side.request_throughput = summary.request_throughput;
  side.output_throughput = summary.output_throughput;
  side.total_throughput = summary.total_token_throughput;
  side.ttft = summary.ttft;
  side.tpot = summary.tpot;
  side.itl = summary.itl;
  side.e2el = summary.e2el;
  return side;
}

/// Records as pairs with nothing measured, so that both sides are summed up by the same code.
std::vector<RequestPair> unpaired(std::span<const serving::RequestRecord> records) {
  std::vector<RequestPair> pairs;
  for (const serving::RequestRecord& record : records) {
    if (!record.completed()) continue;
    RequestPair pair;
    pair.start_s = record.arrival_s;
    pair.prompt_tokens = record.prompt_tokens;
    pair.output_tokens = record.output_tokens;
    pair.simulated = {record.ttft_s(), record.e2e_s()};
    pairs.push_back(pair);
  }
  return pairs;
}

Side simulated_side(const ComparedSimulation& simulation, std::span<const RequestPair> pairs,
                    const std::vector<double>& percents) {
  const std::vector<RequestPair> others = pairs.empty() ? unpaired(simulation.records) : std::vector<RequestPair>{};
  if (pairs.empty()) pairs = others;
  Side side;
  if (!pairs.empty()) side = side_of_pairs(pairs, &RequestPair::simulated, percents);
  side.find_throughputs();
  side.itl = latency_of(simulation.itl);
  return side;
}

void add_latency(std::string_view metric, const MeasuredLatency& measured, const MeasuredLatency& simulated,
                 std::vector<ComparedFigure>& figures) {
  const auto add = [&](std::string statistic, std::optional<double> measured_s, std::optional<double> simulated_s) {
    const auto in_ms = [](std::optional<double> value_s) { return value_s ? std::optional(*value_s * ms) : value_s; };
    if (measured_s) {
      figures.push_back({std::string(metric), std::move(statistic), "ms", in_ms(measured_s), in_ms(simulated_s)});
    }
  };
  add("mean", measured.mean_s, simulated.mean_s);
  add("median", measured.median_s, simulated.median_s);
  const std::map<double, double> of_simulation(simulated.percentiles_s.begin(), simulated.percentiles_s.end());
  for (const auto& [percent, value_s] : measured.percentiles_s) {
    const auto other = of_simulation.find(percent);
    if (other == of_simulation.end()) continue;
    add(fmt::format("p{:g}", percent), value_s, other->second);
  }
}

std::vector<ComparedFigure> figures_of(const Side& measured, const Side& simulated) {
  std::vector<ComparedFigure> figures{
      {"Requests", "completed", "", measured.completed, simulated.completed},
      {"Duration", "", "s", measured.duration_s, simulated.duration_s},
      {"Requests", "throughput", "1/s", measured.request_throughput, simulated.request_throughput},
      {"Output tokens", "throughput", "1/s", measured.output_throughput, simulated.output_throughput},
      {"All tokens", "throughput", "1/s", measured.total_throughput, simulated.total_throughput}};
  add_latency("TTFT", measured.ttft, simulated.ttft, figures);
  add_latency("TPOT", measured.tpot, simulated.tpot, figures);
  add_latency("ITL", measured.itl, simulated.itl, figures);
  add_latency("E2EL", measured.e2el, simulated.e2el, figures);
  return figures;
}

}  // namespace

std::optional<double> ComparedFigure::difference() const {
  if (!measured || !simulated || !(*measured > 0.0)) return std::nullopt;
  return (*simulated - *measured) / *measured;
}

std::vector<double> percents_of(const MeasuredRun& run) {
  std::vector<double> percents;
  for (const MeasuredLatency* latency : {&run.summary.ttft, &run.summary.tpot, &run.summary.itl, &run.summary.e2el}) {
    for (const auto& [percent, value_s] : latency->percentiles_s) percents.push_back(percent);
  }
  std::erase(percents, 50.0);
  if (percents.empty()) percents.push_back(99.0);
  std::sort(percents.begin(), percents.end());
  percents.erase(std::unique(percents.begin(), percents.end()), percents.end());
  return percents;
}

std::vector<ComparedFigure> compared_figures(const MeasuredRun& run, const ComparedSimulation& simulation,
                                             std::span<const RequestPair> pairs) {
  const std::vector<double> percents = percents_of(run);
  return figures_of(measured_side(run, pairs, percents), simulated_side(simulation, pairs, percents));
}

}  // namespace plumb::cli
