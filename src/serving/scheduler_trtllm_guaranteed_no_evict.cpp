// docs/schedulers/trtllm-guaranteed-no-evict.md says what it follows.

#include "serving/scheduler_trtllm_guaranteed_no_evict.h"

#include <algorithm>

#include "serving/trtllm_list.h"
#include "serving/trtllm_reuse.h"
#include "serving/trtllm_tokens.h"

namespace plumb::serving {
namespace {

class TrtllmGuaranteedNoEvictScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    count_promises(state);
    TrtllmTokens tokens(state);
    if (state.decoding() > 0) state.decode_all();
    std::vector<Sequence*> begun = state.prefilling();
    std::sort(begun.begin(), begun.end(), [](const Sequence* a, const Sequence* b) { return arrived_before(*a, *b); });
    admit_waiting(state, begun, tokens);
    for (Sequence* sequence : begun) go_on(state, *sequence, tokens);
    running_then_ = state.running();
  }

  bool reuses_prefixes() const override { return true; }
  bool first_come_first_served(const EngineSettings&) const override { return closed_; }

 private:
  /// Cache bytes that the running requests hold and will hold, blocks that they share counted once, and those that hold
  /// what was loaded for others. This scheduler takes in all who come and preempts nobody, so the sum is out of date
  /// only when there are fewer than it left, or when something loaded was given back.
  void count_promises(const EngineState& state) {
    if (state.running() == running_then_ && state.unloads() == unloads_then_) return;
    unloads_then_ = state.unloads();
    promised_ = state.pool().used();
    for (const Sequence* s = state.first_admitted(); s != nullptr; s = s->after) promised_ += bytes_to_end(state, *s);
  }

  /// That a running request has still to take.
  static std::int64_t bytes_to_end(const EngineState& state, const Sequence& sequence) {
    const CachePlan& cache = state.deployment().cache;
    const std::int64_t shared = sequence.held.tokens > 0 ? cache.bytes_of(sequence.held.tokens) : 0;
    // The block of a token that is on its way is taken, though it is not yet in the sequence's own count.
    const bool on_its_way = sequence.in_flight && state.decodes(sequence);
    const std::int64_t taken = state.bytes_held(sequence) + (on_its_way ? state.bytes_to_decode(sequence) : 0);
    return cache.bytes_of(tokens_at_end(sequence)) - shared - taken;
  }

  static std::int64_t tokens_at_end(const Sequence& sequence) {
    return sequence.prompt_tokens + sequence.output_tokens;
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
      const TrtllmReuse reuse(state, sequence);
      const std::int64_t bytes = reuse.bytes(tokens_at_end(sequence));
      if (bytes > free) break;
      const TrtllmTokens tokens_before = tokens;
      const std::int64_t chunk = tokens.give(reuse.lacking());
      if (chunk == 0) {
        --places;
        free -= bytes;
        ++index;
        continue;
      }
      const std::int64_t available = state.pool().available();
      if (state.load(index, reuse.found())) {
        free -= available - state.pool().available();
        promised_ += available - state.pool().available();
        tokens = tokens_before;
        continue;
      }
      --places;
      const std::int64_t taken = state.bytes_to_admit(reuse.found(), tokens_at_end(sequence));
      free -= taken;
      promised_ += taken;
      state.admit(index, tokens.of(chunk, reuse.lacking()), sequence.known(), reuse.found());
    }
    closed_ = index < state.waiting().size();
    begun.erase(begun.begin(), begun.begin() + static_cast<std::ptrdiff_t>(next_begun));
  }

  std::int64_t promised_ = 0, running_then_ = 0, unloads_then_ = 0;
  bool closed_ = false;  ///< nobody behind those who wait can be admitted before they are
};

}  // namespace

std::unique_ptr<Scheduler> make_trtllm_guaranteed_no_evict_scheduler() {
  return std::make_unique<TrtllmGuaranteedNoEvictScheduler>();
}

}  // namespace plumb::serving
