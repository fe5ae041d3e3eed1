#pragma once
// TensorRT-LLM's list of requests, and the walk along it by which MAX_UTILIZATION finds whose cache fits the next step
// (capacityScheduler.cpp, MaxUtilizationScheduler).

#include <cstdint>
#include <vector>

#include "serving/engine_state.h"

namespace plumb::serving {

/// Requests that are in the list at most; the others wait outside.
std::int64_t trtllm_list_size(const EngineState& state);

/// A request of the list whose prompt is not computed yet.
struct TrtllmPrompt {
  Sequence* sequence = nullptr;
  bool waits = false;
  std::size_t waiting_index = 0;    ///< of one that waits
  std::int64_t decodes_before = 0;  ///< before it in the list
  std::int64_t tokens = 0;          ///< that it lacks, but for those that the cache had when it passed
};

/// Goes along the list by arrival, those that run and those that wait. A request passes if the blocks that it needs are
/// free, with those of all that passed before it. If they are not, the last of the list that runs is paused, and the
/// request is tried again; the paused one, which may be the request itself, and all behind it do not pass. The first
/// that does not fit with nobody left to pause ends the walk.
class TrtllmWalk {
 public:
  /// Pauses by state.preempt().
  explicit TrtllmWalk(EngineState& state);

  const std::vector<TrtllmPrompt>& prompts() const { return prompts_; }
  /// Cache bytes of those that wait and passed before the last that runs. If less is available, it is paused.
  std::int64_t bytes_before_last() const { return bytes_before_last_; }
  /// The last of the list that runs, null if none does.
  const Sequence* last_running() const { return running_.empty() ? nullptr : running_.back(); }
  /// Whether it ended at a request that does not fit.
  bool full() const { return full_; }

 private:
  bool next_passes();
  Sequence* next_waiting() const;
  bool make_room(const Sequence& sequence, std::int64_t bytes);
  std::int64_t growth(const Sequence& sequence) const;

  EngineState& state_;
  std::vector<Sequence*> running_;  ///< at hand, by arrival
  std::vector<TrtllmPrompt> prompts_;
  std::int64_t places_;
  std::size_t next_running_ = 0, next_waiting_ = 0;
  const Sequence* end_ = nullptr;  ///< was paused last
  std::int64_t bytes_ = 0, bytes_of_waiting_ = 0, bytes_before_last_ = 0, decodes_ = 0;
  bool full_ = false;
};

}  // namespace plumb::serving
