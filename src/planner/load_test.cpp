#include "planner/load_test.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>

#include "base/percentile_stream.h"
#include "base/statistics.h"

namespace plumb::planner {
namespace {

constexpr double warm_up_share = 0.2;

std::int64_t warm_up_of(std::int64_t requests) {
  return static_cast<std::int64_t>(warm_up_share * static_cast<double>(requests));
}

workload::RequestSourcePtr requests_at(const Service& service, double rate_per_s, std::int64_t count) {
  workload::GeneratorOptions options;
  options.rate_per_s = rate_per_s;
  options.count = count;
  options.seed = service.seed;
  return workload::generate_requests(std::move(options), service.lengths);
}

/// Counts the requests that missed each target, until one has missed more than its percentile allows.
class MissCounter {
 public:
  MissCounter(const serving::Targets& targets, std::int64_t requests)
      : warm_up_(warm_up_of(requests)),
        ttft_(targets.ttft, requests - warm_up_),
        tpot_(targets.tpot, requests - warm_up_),
        e2e_(targets.e2e, requests - warm_up_) {}

  bool operator()(const serving::RequestRecord& record) {
    if (record.id < warm_up_) return false;
    // Told of the first token and, later, of the end.
    if (!record.completed()) {
      ttft_.count(record.ttft_s());
    } else {
      tpot_.count(record.tpot_s());
      e2e_.count(record.e2e_s());
    }
    return ttft_.missed() || tpot_.missed() || e2e_.missed();
  }

 private:
  struct Budget {
    Budget(const std::optional<serving::Target>& target, std::int64_t requests) {
      if (!target) return;
      limit_s = target->limit_s;
      left = requests - nearest_rank(target->percentile, requests);
    }
    void count(double latency_s) { left -= latency_s > limit_s ? 1 : 0; }
    bool missed() const { return left < 0; }
    double limit_s = std::numeric_limits<double>::infinity();
    std::int64_t left = 0;
  };

  std::int64_t warm_up_;
  Budget ttft_, tpot_, e2e_;
};

/// What is completed between the first measured arrival and the last: neither the filling nor the emptying of the
/// replica.
void count_throughput(const serving::Outcome& outcome, std::span<const serving::RequestRecord> measured,
                      LoadResult& result) {
  if (measured.empty()) return;
  const double from_s = measured.front().arrival_s, to_s = measured.back().arrival_s;
  if (to_s <= from_s) return;
  double requests = 0.0, tokens = 0.0;
  for (const serving::RequestRecord& record : outcome.requests) {
    if (!record.completed() || record.finish_s <= from_s || record.finish_s > to_s) continue;
    requests += 1.0;
    tokens += static_cast<double>(record.output_tokens);
  }
  result.requests_per_s = requests / (to_s - from_s);
  result.output_tokens_per_s = tokens / (to_s - from_s);
}

void summarise(const serving::Outcome& outcome, std::span<const serving::RequestRecord> measured, LoadResult& result) {
  std::vector<double> ttft, tpot, e2e;
  Moments prompt, output, tpot_mean;
  for (const serving::RequestRecord& record : measured) {
    if (!record.completed()) continue;
    ttft.push_back(record.ttft_s());
    if (record.output_tokens > 1) {
      tpot.push_back(record.tpot_s());
      tpot_mean.add(record.tpot_s());
    }
    e2e.push_back(record.e2e_s());
    prompt.add(static_cast<double>(record.prompt_tokens));
    output.add(static_cast<double>(record.output_tokens));
  }
  result.ttft_p50_s = percentile(std::move(ttft), 50.0);
  result.tpot_p50_s = percentile(std::move(tpot), 50.0);
  result.e2e_p50_s = percentile(std::move(e2e), 50.0);
  result.tpot_mean_s = tpot_mean.mean();
  result.prompt_tokens_mean = prompt.mean();
  result.output_tokens_mean = output.mean();
  result.rejected = outcome.rejected;
  result.preemptions = outcome.counters.preemptions;
  result.duration_s = outcome.duration_s;
  count_throughput(outcome, measured, result);
  result.sequences_mean = outcome.counters.sequences_mean();
  result.time = outcome.time;
}

}  // namespace

std::int64_t requests_for(const serving::EngineSettings& engine, std::int64_t asked) {
  constexpr std::int64_t least = 5000, turnover = 8;
  return asked > 0 ? asked : std::max(least, turnover * engine.max_num_seqs);
}

LoadResult run(const Service& service, const serving::CompiledDeployment& deployment, const LoadTest& test) {
  const workload::RequestSourcePtr source = requests_at(service, test.rate_per_s, test.requests);
  serving::SimulationOptions options;
  options.time_shares = test.time_shares;
  MissCounter misses(service.targets, test.requests);
  if (test.stop_when_missed) options.stop = [&](const serving::RequestRecord& record) { return misses(record); };
  const Result<serving::Outcome> outcome = serving::simulate(deployment, *source, options);
  assert(outcome.has_value());  // made requests have no errors

  LoadResult result;
  result.rate_per_s = test.rate_per_s;
  result.requests = test.requests;
  result.complete = !outcome->stopped;
  const std::span<const serving::RequestRecord> all(outcome->requests);
  const auto measured = all.subspan(std::min(all.size(), static_cast<std::size_t>(warm_up_of(test.requests))));
  result.targets = serving::measure(service.targets, measured);
  result.met = result.complete && result.targets.met();
  summarise(*outcome, measured, result);
  return result;
}

double saturation_rate(const Service& service, const serving::CompiledDeployment& deployment, std::int64_t requests) {
  const workload::RequestSourcePtr source = requests_at(service, std::numeric_limits<double>::infinity(), requests);
  const Result<serving::Outcome> outcome = serving::simulate(deployment, *source);
  assert(outcome.has_value());
  std::vector<double> finishes_s;
  double queue_empty_s = 0.0;
  for (const serving::RequestRecord& record : outcome->requests) {
    if (!record.completed()) continue;
    finishes_s.push_back(record.finish_s);
    queue_empty_s = std::max(queue_empty_s, record.scheduled_s);
  }
  if (finishes_s.empty()) return 0.0;
  // From when a fifth is done, the batch being full, to when the last request leaves the queue.
  std::sort(finishes_s.begin(), finishes_s.end());
  const auto first = static_cast<std::size_t>(warm_up_of(static_cast<std::int64_t>(finishes_s.size())));
  const auto end = std::upper_bound(finishes_s.begin(), finishes_s.end(), queue_empty_s);
  const double completed = static_cast<double>(end - finishes_s.begin()) - static_cast<double>(first) - 1.0;
  if (completed < 1.0) return static_cast<double>(finishes_s.size()) / finishes_s.back();
  return completed / (*(end - 1) - finishes_s[first]);
}

}  // namespace plumb::planner
