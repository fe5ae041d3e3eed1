#include "serving/batch_queue.h"

#include <cassert>

namespace plumb::serving {
namespace {

/// A batch is filled anew for every event, and a model has one or two spans: what was not added to is not cleared.
void clear(model::Step& step, std::size_t spans) {
  step.decode_sequences = step.draft_tokens = step.prefill_sequences = step.prefill_tokens = 0;
  step.sampled_sequences = step.padding_tokens = step.context_tokens = 0;
  for (std::size_t i = 0; i < spans; ++i) step.spans[i] = {};
}

}  // namespace

Batch& BatchQueue::push() {
  assert(size_ < batches_.size());
  const std::size_t place = first_ + size_++;
  Batch& batch = batches_[place < batches_.size() ? place : place - batches_.size()];
  batch.decoders.reset();
  batch.prefills.clear();
  clear(batch.sums, spans_);
  batch.growth = {};
  batch.padding_sequences = batch.padding_prompt_tokens = 0;
  return batch;
}

void BatchQueue::pop() {
  if (++first_ == batches_.size()) first_ = 0;
  --size_;
}

}  // namespace plumb::serving
