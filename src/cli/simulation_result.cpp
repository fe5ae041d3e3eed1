#include "cli/simulation_result.h"

#include <algorithm>

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

}  // namespace plumb::cli
