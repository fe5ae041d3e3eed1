#include "cli/simulation_result.h"

namespace plumb::cli {

double SimulationResult::steps_per_replica(const Subject& subject) const {
  return static_cast<double>(outcome.counters.steps) / subject.replicas;
}

double SimulationResult::sequences_mean() const {
  return outcome.counters.busy_s > 0.0 ? outcome.counters.sequence_seconds / outcome.counters.busy_s : 0.0;
}

double SimulationResult::busy_share(const Subject& subject) const {
  return outcome.duration_s > 0.0 ? outcome.counters.busy_s / (outcome.duration_s * subject.replicas) : 0.0;
}

double SimulationResult::cache_peak_share(const Subject& subject) const {
  return outcome.counters.cache_bytes_peak / static_cast<double>(subject.deployment->cache.pool_bytes);
}

std::string SimulationResult::binding() const {
  return outcome.counters.preemptions > 0 ? "cache capacity" : std::string(bound_name(time.binding));
}

}  // namespace plumb::cli
