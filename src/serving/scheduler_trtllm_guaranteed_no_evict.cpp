// docs/schedulers/trtllm-guaranteed-no-evict.md says what it follows.

#include "serving/scheduler_trtllm_guaranteed_no_evict.h"

#include <algorithm>

#include "serving/trtllm_list.h"
#include "serving/trtllm_tokens.h"

namespace plumb::serving {
namespace {

class TrtllmGuaranteedNoEvictScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    TrtllmTokens tokens(state);
    if (state.decoding() > 0) state.decode_all();
    count_promises(state);
    std::vector<Sequence*> begun = state.prefilling();
    std::sort(begun.begin(), begun.end(), [](const Sequence* a, const Sequence* b) { return arrived_before(*a, *b); });
    admit_waiting(state, begun, tokens);
    for (Sequence* sequence : begun) go_on(state, *sequence, tokens);
    running_then_ = state.running();
  }

  bool first_come_first_served(const EngineSettings&) const override { return closed_; }

 private:
  /// Cache bytes that the running requests hold at their ends. This scheduler takes in all who come and preempts
  /// nobody, so the sum is out of date only when there are fewer than it left.
  void count_promises(const EngineState& state) {
    if (state.running() == running_then_) return;
    promised_ = 0;
    for (const Sequence* s = state.first_admitted(); s != nullptr; s = s->after) promised_ += bytes_at_end(state, *s);
  }

  static std::int64_t bytes_at_end(const EngineState& state, const Sequence& sequence) {
    return state.deployment().cache.bytes_of(sequence.prompt_tokens + sequence.output_tokens);
  }

  static void go_on(EngineState& state, Sequence& sequence, TrtllmTokens& tokens) {
    const std::int64_t chunk = tokens.give(sequence.lacking());
    if (chunk > 0) state.prefill(sequence, chunk);
  }

  /// The list by arrival: waiting requests, each after the begun ones that came before it. What has passed is set aside
  /// also for those that get no tokens, so whoever came before a begun request passes.
  void admit_waiting(EngineState& state, std::vector<Sequence*>& begun, TrtllmTokens& tokens) {
    std::int64_t free = state.pool().capacity() - promised_;
    std::int64_t places = trtllm_list_size(state) - state.running();
    std::size_t index = 0, next_begun = 0;
    while (index < state.waiting().size() && places > 0 && !tokens.over()) {
      Sequence& sequence = *state.waiting()[index];
      for (; next_begun < begun.size() && arrived_before(*begun[next_begun], sequence); ++next_begun) {
        go_on(state, *begun[next_begun], tokens);
      }
      const std::int64_t bytes = bytes_at_end(state, sequence);
      if (bytes > free) break;
      free -= bytes;
      --places;
      const std::int64_t chunk = tokens.give(sequence.lacking());
      if (chunk > 0) {
        state.admit(index, chunk, sequence.known());
        promised_ += bytes;
      } else {
        ++index;
      }
    }
    closed_ = index < state.waiting().size();
    begun.erase(begun.begin(), begun.begin() + static_cast<std::ptrdiff_t>(next_begun));
  }

  std::int64_t promised_ = 0, running_then_ = 0;
  bool closed_ = false;  ///< nobody behind those who wait can be admitted before they are
};

}  // namespace

std::unique_ptr<Scheduler> make_trtllm_guaranteed_no_evict_scheduler() {
  return std::make_unique<TrtllmGuaranteedNoEvictScheduler>();
}

}  // namespace plumb::serving
