#include "serving/trtllm_list.h"

#include <algorithm>

#include "serving/trtllm_reuse.h"

namespace plumb::serving {

std::int64_t trtllm_list_size(const EngineState& state) {
  return state.settings().max_num_seqs * state.deployment().cost.stages();
}

TrtllmWalk::TrtllmWalk(EngineState& state) : state_(state), places_(trtllm_list_size(state) - state.running()) {
  for (Sequence* s = state.first_admitted(); s != nullptr; s = s->after) {
    if (!s->in_flight) running_.push_back(s);
  }
  std::sort(running_.begin(), running_.end(),
            [](const Sequence* a, const Sequence* b) { return arrived_before(*a, *b); });
  while (next_passes()) {
  }
}

bool TrtllmWalk::next_passes() {
  Sequence* waiting = next_waiting();
  Sequence* running = next_running_ < running_.size() ? running_[next_running_] : nullptr;
  if (waiting == nullptr && running == nullptr) return false;
  if (running == nullptr || (waiting != nullptr && arrived_before(*waiting, *running))) {
    const TrtllmReuse reuse(state_, *waiting);
    const std::int64_t bytes = reuse.bytes(waiting->known());
    if (!make_room(*waiting, bytes)) return false;
    prompts_.push_back({waiting, true, next_waiting_++, decodes_, reuse.lacking()});
    bytes_of_waiting_ += bytes;
    return true;
  }
  if (!make_room(*running, growth(*running))) return false;
  ++next_running_;
  bytes_before_last_ = bytes_of_waiting_;
  if (state_.decodes(*running)) {
    ++decodes_;
  } else {
    prompts_.push_back({running, false, 0, decodes_, running->lacking()});
  }
  return true;
}

/// Paused requests return to the queue behind this one, so its index stays good.
Sequence* TrtllmWalk::next_waiting() const {
  if (static_cast<std::int64_t>(next_waiting_) >= places_ || next_waiting_ >= state_.waiting().size()) return nullptr;
  Sequence* sequence = state_.waiting()[next_waiting_];
  return end_ == nullptr || arrived_before(*sequence, *end_) ? sequence : nullptr;
}

bool TrtllmWalk::make_room(const Sequence& sequence, std::int64_t bytes) {
  while (bytes_ + bytes > state_.pool().available()) {
    full_ = next_running_ == running_.size();
    if (full_) return false;
    Sequence& last = *running_.back();
    running_.pop_back();
    state_.preempt(last, EngineState::Requeue::by_arrival);
    end_ = &last;
    if (&last == &sequence) return false;
  }
  bytes_ += bytes;
  return true;
}

/// What a request that runs needs for the next step: a prompt has all its blocks from its first chunk on.
std::int64_t TrtllmWalk::growth(const Sequence& sequence) const {
  return state_.decodes(sequence) ? state_.bytes_to_decode(sequence) : 0;
}

}  // namespace plumb::serving
