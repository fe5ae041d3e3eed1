#include "cli/simulation_result.h"

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
  return outcome.counters.preemptions > 0 ? "cache capacity" : std::string(bound_name(outcome.time.binding));
}

}  // namespace plumb::cli
