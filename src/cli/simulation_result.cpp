#include "cli/simulation_result.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::cli {

double SimulationResult::steps_per_replica(const Subject& subject) const {
  return static_cast<double>(outcome.counters.steps) / subject.replicas;
}

double SimulationResult::sequences_mean() const { return outcome.counters.sequences_mean(); }

double SimulationResult::busy_share(const Subject& subject) const {
  const double replica_s = outcome.duration_s * subject.replicas;
  return replica_s > 0.0 ? outcome.counters.busy.seconds() / replica_s : 0.0;
}

double SimulationResult::cache_peak_share(const Subject& subject) const {
  return static_cast<double>(outcome.counters.cache_bytes_peak) /
         static_cast<double>(subject.deployment->cache.pool_bytes);
}

std::string SimulationResult::binding() const {
  if (outcome.counters.preemptions > 0) return "cache capacity";
  const auto& shares = outcome.time.by_bound;
  const bool known = std::any_of(shares.begin(), shares.end(), [](double share) { return share > 0.0; });
  return known ? std::string(bound_name(outcome.time.binding)) : "not known from measured times";
}

Status check_served(const Subject& subject, const SimulationResult& result) {
  if (result.benchmark.completed > 0) return {};
  const std::int64_t too_long = result.rejected_too_long();
  std::string reason =
      fmt::format("longer than the {} tokens that the deployment admits", subject.deployment->max_model_len);
  if (too_long == 0) {
    reason =
        fmt::format("such as the scheduler {} with these settings would never run", subject.spec().engine.scheduler);
  } else if (result.outcome.rejected_never_fits > 0) {
    reason += fmt::format(", or such as its scheduler would never run");
  }
  return fail(unmet_error(fmt::format("none of {} requests was served: all are {}", result.outcome.arrived, reason)));
}

}  // namespace plumb::cli
