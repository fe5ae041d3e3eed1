#include "cli/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/statistics.h"
#include "cli/comparison_parts.h"
#include "workload/measured_stalls.h"

namespace plumb::cli {
namespace {

using workload::MeasuredRun;

std::vector<RequestPair> pairs_of(const MeasuredRun& run, std::span<const serving::RequestRecord> records) {
  const std::vector<bool> stalled = workload::stalled_requests(run);
  std::vector<RequestPair> pairs;
  for (const serving::RequestRecord& record : records) {
    const auto position = static_cast<std::size_t>(record.id);
    const workload::MeasuredRequest& measured = run.requests[position];
    if (!measured.completed || !record.completed()) continue;
    RequestPair pair;
    pair.id = measured.id;
    pair.start_s = record.arrival_s;
    pair.prompt_tokens = measured.prompt_tokens;
    pair.output_tokens = measured.output_tokens;
    pair.measured = {measured.ttft_s, measured.e2e_s};
    pair.simulated = {record.ttft_s(), record.e2e_s()};
    pair.queue_s = record.scheduled_s - record.arrival_s;
    pair.prefill_s = record.first_token_s - record.scheduled_s;
    pair.preemptions = record.preemptions;
    pair.stalled = stalled[position];
    pair.cached_tokens = measured.cached_tokens;
    pairs.push_back(pair);
  }
  return pairs;
}

RequestErrors errors_of(std::span<const RequestPair> pairs, double RequestSide::* latency) {
  std::vector<double> errors;
  for (const RequestPair& pair : pairs) {
    errors.push_back(std::abs(pair.simulated.*latency - pair.measured.*latency) / pair.measured.*latency);
  }
  std::sort(errors.begin(), errors.end());
  return {percentile_sorted(errors, 50.0), percentile_sorted(errors, 90.0)};
}

/// Sum over requests of what another seed of arrivals changes.
double arrival_error_s(std::span<const serving::RequestRecord> records,
                       std::span<const serving::RequestRecord> others) {
  std::map<std::int64_t, const serving::RequestRecord*> by_id;
  for (const serving::RequestRecord& other : others) by_id.emplace(other.id, &other);
  double sum_s = 0.0;
  for (const serving::RequestRecord& record : records) {
    const auto found = by_id.find(record.id);
    if (found == by_id.end() || !record.completed() || !found->second->completed()) continue;
    const serving::RequestRecord& other = *found->second;
    sum_s += std::abs(record.ttft_s() - other.ttft_s()) +
             std::abs((record.finish_s - record.first_token_s) - (other.finish_s - other.first_token_s));
  }
  return sum_s;
}

}  // namespace

Comparison compare(const MeasuredRun& run, const workload::MeasuredLoad& load, const ComparedSimulation& simulation) {
  Comparison comparison;
  comparison.failed = run.failed;
  for (const serving::RequestRecord& record : simulation.records) comparison.rejected += record.rejected ? 1 : 0;
  if (!load.lengths_made) comparison.pairs = pairs_of(run, simulation.records);
  comparison.figures = compared_figures(run, simulation, comparison.pairs);
  comparison.ttft = errors_of(comparison.pairs, &RequestSide::ttft_s);
  comparison.e2el = errors_of(comparison.pairs, &RequestSide::e2e_s);
  comparison.arrivals = check_arrivals(run);
  if (!comparison.pairs.empty()) {
    comparison.attribution =
        attribute(comparison.pairs, run.start_times, arrival_error_s(simulation.records, simulation.other_arrivals));
  }
  comparison.notes = comparison_notes(run, load, comparison);
  return comparison;
}

std::vector<std::size_t> worst_pairs(std::span<const RequestPair> pairs, std::size_t count_max) {
  const auto error_s = [&](std::size_t i) {
    return std::abs(pairs[i].ttft_excess_s()) + std::abs(pairs[i].decode_excess_s());
  };
  std::vector<std::size_t> order(pairs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return error_s(a) > error_s(b); });
  order.resize(std::min(order.size(), count_max));
  return order;
}

}  // namespace plumb::cli
