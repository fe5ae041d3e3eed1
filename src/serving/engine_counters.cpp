#include "serving/engine_counters.h"

#include <algorithm>

namespace plumb::serving {

void EngineCounters::add(const EngineCounters& other) {
  steps += other.steps;
  preemptions += other.preemptions;
  prompt_tokens_computed += other.prompt_tokens_computed;
  tokens_generated += other.tokens_generated;
  padding_tokens += other.padding_tokens;
  busy += other.busy;
  sequence_time += other.sequence_time;
  cache_bytes_peak = std::max(cache_bytes_peak, other.cache_bytes_peak);
  events += other.events;
  prefix.add(other.prefix);
  cache_tiers.resize(std::max(cache_tiers.size(), other.cache_tiers.size()));
  for (std::size_t i = 0; i < other.cache_tiers.size(); ++i) cache_tiers[i].add(other.cache_tiers[i]);
}

double EngineCounters::sequences_mean() const { return busy > Time() ? sequence_time.seconds() / busy.seconds() : 0.0; }

}  // namespace plumb::serving
