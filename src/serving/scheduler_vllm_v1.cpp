#include "serving/scheduler_vllm_v1.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {
namespace {

class VllmV1Scheduler : public Scheduler {
 public:
  void schedule(EngineState& state, std::vector<Scheduled>& batch) override {
    batch.clear();
    std::int64_t budget = state.settings.max_num_batched_tokens;
    const std::int64_t preemptions_before = state.preemptions;
    continue_running(state, batch, budget);
    if (state.preemptions == preemptions_before) admit_waiting(state, batch, budget);
  }

 private:
  static void continue_running(EngineState& state, std::vector<Scheduled>& batch, std::int64_t& budget) {
    for (std::size_t i = 0; i < state.running.size() && budget > 0; ++i) {
      Sequence& sequence = *state.running[i];
      if (sequence.in_flight) continue;
      const std::int64_t tokens = std::min(sequence.known() - sequence.computed, budget);
      if (!make_room(state, batch, budget, i, tokens)) break;
      batch.push_back({&sequence, tokens});
      budget -= tokens;
    }
  }

  /// Grows the cache of running[i] for `tokens` more, preempting from the back as needed. False if running[i] itself
  /// had to go, or nothing that could go is left.
  static bool make_room(EngineState& state, std::vector<Scheduled>& batch, std::int64_t& budget, std::size_t i,
                        std::int64_t tokens) {
    Sequence& sequence = *state.running[i];
    while (!state.cache.grow(sequence, sequence.computed + tokens)) {
      const std::size_t victim = last_not_in_flight(state.running);
      if (victim == state.running.size()) return false;
      preempt(state, batch, budget, victim);
      if (victim <= i) return false;
    }
    return true;
  }

  static std::size_t last_not_in_flight(const std::vector<Sequence*>& running) {
    for (std::size_t i = running.size(); i-- > 0;) {
      if (!running[i]->in_flight) return i;
    }
    return running.size();
  }

  static void preempt(EngineState& state, std::vector<Scheduled>& batch, std::int64_t& budget, std::size_t index) {
    Sequence& victim = *state.running[index];
    state.running.erase(state.running.begin() + static_cast<std::ptrdiff_t>(index));
    state.cache.release(victim);
    victim.computed = 0;
    state.waiting.push_front(&victim);
    ++state.preemptions;
    // Only sequences before the one that asks are in the batch, and the victim may be one of them when those after it
    // are all in flight.
    const auto scheduled =
        std::find_if(batch.begin(), batch.end(), [&](const Scheduled& s) { return s.sequence == &victim; });
    if (scheduled != batch.end()) {
      budget += scheduled->tokens;
      batch.erase(scheduled);
    }
  }

  static void admit_waiting(EngineState& state, std::vector<Scheduled>& batch, std::int64_t& budget) {
    while (!state.waiting.empty() && budget > 0 &&
           static_cast<std::int64_t>(state.running.size()) < state.settings.max_num_seqs) {
      Sequence& sequence = *state.waiting.front();
      const std::int64_t wanted = sequence.known() - sequence.computed;
      if (wanted > budget && !state.settings.enable_chunked_prefill) break;
      const std::int64_t tokens = std::min(wanted, budget);
      if (!state.cache.grow(sequence, sequence.computed + tokens)) break;
      state.waiting.pop_front();
      state.running.push_back(&sequence);
      batch.push_back({&sequence, tokens});
      budget -= tokens;
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_vllm_v1_scheduler() { return std::make_unique<VllmV1Scheduler>(); }

}  // namespace plumb::serving
