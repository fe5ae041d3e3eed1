#pragma once
// A scheduler decides what the next step of an engine computes. A new one is a file of its own and one line in the
// table of scheduler.cpp.

#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "serving/cache_pool.h"
#include "serving/deployment.h"
#include "serving/sequence.h"

namespace plumb::serving {

/// What a scheduler sees and may change. Sequences are owned by the engine and stay where they are.
struct EngineState {
  const EngineSettings& settings;
  CachePool& cache;
  std::deque<Sequence*>& waiting;   ///< in order of arrival; preempted ones return to the front
  std::vector<Sequence*>& running;  ///< in order of admission
  std::int64_t& preemptions;
};

/// One sequence's part of a step.
struct Scheduled {
  Sequence* sequence = nullptr;
  std::int64_t tokens = 0;  ///< new tokens computed for it
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  /// Fills `batch` with what the next step computes; empty means that nothing can run. Sequences in flight are left
  /// alone.
  virtual void schedule(EngineState& state, std::vector<Scheduled>& batch) = 0;
};

/// Null if there is none of that name.
std::unique_ptr<Scheduler> make_scheduler(std::string_view name);
std::vector<std::string_view> scheduler_names();

}  // namespace plumb::serving
