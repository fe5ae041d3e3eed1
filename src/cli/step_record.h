#pragma once
// One step of an engine, as logs and timelines tell it. Numbers are plain, so that what tells knows no engine.

#include <cstdint>
#include <optional>

namespace plumb::cli {

struct StepRecord {
  double time_s = 0.0;      ///< when it begins, on the simulation's clock
  double duration_s = 0.0;  ///< until its tokens are there
  int replica = 0;          ///< from 0
  std::int64_t sequences = 0;
  std::int64_t decode_sequences = 0;   ///< of these, whose prompt was computed before
  std::int64_t prefill_tokens = 0;     ///< computed of prompts (and again, after a preemption)
  std::int64_t tokens = 0;             ///< computed in all, padding included
  std::int64_t waiting = 0;            ///< requests of this replica that are in no step
  double kv_cache_usage = 0.0;         ///< share of the pool while it runs, 0 ... 1
  std::int64_t preemptions = 0;        ///< sequences that lost their cache for it
  std::optional<double> power_w = {};  ///< of the replica; nothing where it is not known
};

}  // namespace plumb::cli
