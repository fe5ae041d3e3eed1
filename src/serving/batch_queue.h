#pragma once
// The batches of an engine that are under way, the oldest first.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "accelerator/step_timer.h"
#include "base/fixed_time.h"
#include "model/step.h"
#include "serving/decode_set.h"
#include "serving/engine_state.h"

namespace plumb::serving {

struct Batch {
  std::unique_ptr<DecodeSet> decoders;  ///< moved here while several batches are under way
  bool decode = false;
  std::vector<Prefill> prefills;
  Time start, finish;
  Ramp ramp;
  Time first_stage;  ///< of several stages
  model::Step sums;
  accelerator::KeyGrowth growth{};
  std::int64_t running = 0, waiting = 0, preemptions = 0;
  std::int64_t padding_sequences = 0, padding_prompt_tokens = 0;  ///< as of StepRun
};

/// As many places as there are stages, used again and again.
class BatchQueue {
 public:
  /// `spans`: those of the model, which sums are of.
  BatchQueue(std::size_t most, std::size_t spans) : spans_(spans), batches_(most) {}
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  Batch& front() { return batches_[first_]; }
  const Batch& front() const { return batches_[first_]; }
  /// A new one without sequences and sums; what it takes is set when it is launched.
  Batch& push();
  void pop();

 private:
  std::size_t spans_;
  std::vector<Batch> batches_;
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace plumb::serving
