#pragma once
// The second of TensorRT-LLM's two schedulers, which work one after the other in each step: the first one asks whose
// cache fits, this one whose tokens fit (microBatchScheduler.cpp). Decodes are all in the step; this gives out what
// they leave to the prompts, in the order of the list, FIRST_COME_FIRST_SERVED. Deployments without chunked prefill
// compute whole prompts, and the first that does not fit ends the round; with it a prompt that does not fit gets a
// chunk of whole blocks, which may be none.

#include <algorithm>
#include <cstdint>

#include "serving/engine_state.h"

namespace plumb::serving {

class TrtllmTokens {
 public:
  /// `state` before anything is admitted, after preemptions.
  explicit TrtllmTokens(const EngineState& state);

  /// Tokens that the next prompt of the list gets of those it lacks; `decodes_behind` stand behind it in the list.
  std::int64_t give(std::int64_t lacking, std::int64_t decodes_behind = 0);
  /// What is computed of a prompt that was given `chunk` tokens and turns out to lack `lacking`.
  std::int64_t of(std::int64_t chunk, std::int64_t lacking) const {
    return chunked_ ? std::min(chunk, lacking) : lacking;
  }
  /// Whether all that are behind get nothing.
  bool over() const { return over_ || places_ <= 0 || (chunked_ && left_ <= 0); }

 private:
  bool chunked_;
  std::int64_t unit_;  ///< chunks are multiples of it
  std::int64_t left_, places_;
  bool over_ = false;
};

}  // namespace plumb::serving
