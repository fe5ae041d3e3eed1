// docs/schedulers/vllm-v1.md says what it follows.

#include "serving/scheduler_vllm_v1.h"

#include <algorithm>

#include "serving/vllm_rules.h"

namespace plumb::serving {
namespace {

class VllmV1Scheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    const std::int64_t preemptions_before = state.preemptions();
    if (!make_room(state)) return;
    std::int64_t budget = state.settings().max_num_batched_tokens;
    if (state.decoding() > 0) {
      budget -= state.decode_tokens();
      state.decode_all();
    }
    for (Sequence* sequence : state.prefilling()) {
      const std::int64_t tokens = std::min(sequence->lacking(), budget);
      if (tokens <= 0) break;
      state.prefill(*sequence, tokens);
      budget -= tokens;
    }
    if (state.preemptions() == preemptions_before) admit_waiting(state, budget);
  }

  std::optional<Refusal> refusal(const EngineSettings& settings) const override {
    return vllm_refusal(settings, !settings.enable_chunked_prefill);
  }
  bool reuses_prefixes() const override { return true; }
  bool speculates() const override { return true; }
  bool has_priorities() const override { return true; }

 private:
  /// Preempts from the back until what is left can have its next tokens. vLLM asks sequence by sequence in order of
  /// admission and preempts when one of them finds no block; as only the last ever go (or, by priority, the least
  /// urgent), what is left is the same.
  /// False if the one that ought to go is in flight: then the others wait for it. Would they go in its place, two could
  /// push each other out for ever.
  static bool make_room(EngineState& state) {
    const bool by_priority = state.settings().scheduling_policy == SchedulingPolicy::priority;
    while (bytes_wanted(state) > state.pool().available()) {
      Sequence& victim = by_priority ? *state.least_urgent() : *state.last_admitted();
      if (victim.in_flight) return false;
      state.preempt(victim);
    }
    return true;
  }

  static std::int64_t bytes_wanted(const EngineState& state) {
    std::int64_t bytes = state.bytes_to_decode();
    std::int64_t budget = state.settings().max_num_batched_tokens - state.decode_tokens();
    for (const Sequence* sequence : state.prefilling()) {
      const std::int64_t tokens = std::min(sequence->lacking(), budget);
      if (tokens <= 0) break;
      bytes += state.bytes_to_hold(*sequence, sequence->computed + tokens);
      budget -= tokens;
    }
    return bytes;
  }

  static void admit_waiting(EngineState& state, std::int64_t budget) {
    while (!state.waiting().empty() && budget > 0 && state.running() < state.settings().max_num_seqs) {
      const Sequence& sequence = *state.waiting().front();
      const PrefixCache::Match cached = state.cached(sequence);
      const std::int64_t wanted = sequence.known() - cached.tokens;
      if (wanted > budget && !state.settings().enable_chunked_prefill) break;
      const std::int64_t tokens = std::min(wanted, budget);
      const std::int64_t sure = state.settings().scheduler_reserve_full_isl ? wanted : tokens;
      const std::int64_t kept = state.running() == 0 ? 0 : state.bytes_of_watermark(0.0);
      if (state.bytes_to_admit(cached, cached.tokens + sure) + kept > state.pool().available()) break;
      if (state.load(0, cached)) continue;
      state.admit(0, tokens, 0, cached);
      budget -= tokens;
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_vllm_v1_scheduler() { return std::make_unique<VllmV1Scheduler>(); }

}  // namespace plumb::serving
