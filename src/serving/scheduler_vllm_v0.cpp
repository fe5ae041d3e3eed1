// docs/schedulers/vllm-v0.md says what it follows.

#include "serving/scheduler_vllm_v0.h"

#include <algorithm>

#include "serving/vllm_rules.h"

namespace plumb::serving {
namespace {

class VllmV0Scheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    if (admit_waiting(state)) return;
    const std::int64_t preemptions_before = state.preemptions();
    if (!make_room(state)) return;
    if (state.decoding() > 0) {
      state.decode_all();
    } else if (state.preemptions() > preemptions_before) {
      // vLLM's step is empty and takes no time; the next one tries the victims.
      admit_waiting(state);
    }
  }

  std::optional<Refusal> refusal(const EngineSettings& settings) const override {
    constexpr bool whole_prompts = true;
    return vllm_refusal(settings, whole_prompts);
  }

  /// While a block is free after a step, no sequence of the next one is without one at its turn.
  std::int64_t bytes_kept_free(const EngineState& state) const override { return state.bytes_of_block(); }

 private:
  static bool admit_waiting(EngineState& state) {
    constexpr double watermark_default = 0.01;
    const std::int64_t watermark = state.bytes_of_watermark(watermark_default);
    std::int64_t tokens = 0;
    while (!state.waiting().empty() && state.running() < state.settings().max_num_seqs) {
      const Sequence& sequence = *state.waiting().front();
      const std::int64_t wanted = sequence.lacking();
      if (tokens > 0 && tokens + wanted > state.settings().max_num_batched_tokens) break;
      // vLLM gives up a request that the watermark shuts out for ever.
      const std::int64_t kept = state.running() == 0 ? 0 : watermark;
      if (state.bytes_to_hold(sequence, sequence.known()) + kept > state.pool().available()) break;
      state.admit(0, wanted);
      tokens += wanted;
    }
    return tokens > 0;
  }

  /// Preempts from the back until every sequence that is left finds a block free at its turn.
  ///
  /// vLLM goes through them in order of admission: each one asks for a free block, preempts from the back while there
  /// is none, then takes what its next token needs. Who asks later finds less, so the last of those that are left asks
  /// for the most: that one block is free when all before it have taken theirs. While this does not hold, vLLM
  /// preempts the last one, at its turn or an earlier one; once it holds, every turn finds a block.
  ///
  /// False if the last one is in flight: then the others wait for it, lest two push each other out for ever.
  static bool make_room(EngineState& state) {
    while (Sequence* last = state.last_admitted()) {
      const std::int64_t growth_of_last = state.decodes(*last) ? state.bytes_to_decode(*last) : 0;
      const std::int64_t taken_before = state.bytes_to_decode() - growth_of_last;
      if (state.pool().available() - taken_before >= state.bytes_of_block()) return true;
      if (last->in_flight) return false;
      state.preempt(*last);
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_vllm_v0_scheduler() { return std::make_unique<VllmV0Scheduler>(); }

}  // namespace plumb::serving
