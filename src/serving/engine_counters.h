#pragma once
// What an engine has done, counted.

#include <cstdint>
#include <vector>

#include "base/fixed_time.h"
#include "serving/cache_tier.h"
#include "serving/prefix_cache.h"

namespace plumb::serving {

struct EngineCounters {
  std::int64_t steps = 0, preemptions = 0;
  std::int64_t prompt_tokens_computed = 0;  ///< recomputation included
  std::int64_t tokens_generated = 0;
  std::int64_t padding_tokens = 0;  ///< computed for nobody (Scheduler::pads_batches)
  Time busy;                        ///< sum over batches of their first stage's and host's time
  Time sequence_time;               ///< sum over batches of sequences x time, for the mean batch
  std::int64_t cache_bytes_peak = 0;
  PrefixCacheCounts prefix;
  std::vector<CacheTierCounts> cache_tiers;  ///< in order; peaks are those of one engine
  std::int64_t events = 0;                   ///< batches launched, a run of equal steps counted once

  void add(const EngineCounters& other);
  double sequences_mean() const;  ///< in a step, weighted by its time
};

}  // namespace plumb::serving
