#include "serving/scheduler_vidur_vllm.h"

#include <algorithm>

#include "serving/vidur_rules.h"

namespace plumb::serving {
namespace {

class VidurVllmScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    if (prefill_waiting(state) || state.decoding() == 0) return;
    const std::int64_t room = state.pool().available() - state.bytes_to_decode();
    if (room >= bytes_kept_free(state) && state.decoding() <= vidur_batch_size_max(state)) {
      state.decode_all();
      return;
    }
    std::vector<Sequence*> order = state.decoding_sequences();
    std::stable_sort(order.begin(), order.end(),
                     [](const Sequence* a, const Sequence* b) { return a->arrival < b->arrival; });
    vidur_decode(state, std::move(order), vidur_batch_size_max(state));
  }

  std::int64_t bytes_kept_free(const EngineState& state) const override { return state.bytes_of_block(); }
  bool forms_batches_ahead() const override { return true; }

  bool serves(const CompiledDeployment& deployment, std::int64_t prompt, std::int64_t output) const override {
    return vidur_serves(deployment, prompt + output) &&
           prompt + output <= deployment.deployment.engine.max_num_batched_tokens;
  }

 private:
  /// Whole prompts while as many times the longest of them are within max_num_batched_tokens.
  static bool prefill_waiting(EngineState& state) {
    std::int64_t count = 0, longest = 0;
    while (!state.waiting().empty()) {
      const Sequence& head = *state.waiting().front();
      const std::int64_t with_head = std::max(longest, head.known());
      if (!vidur_fits(state, head) || (count + 1) * with_head > state.settings().max_num_batched_tokens) break;
      if (state.running() >= state.settings().max_num_seqs || count >= vidur_batch_size_max(state)) break;
      state.admit(0, head.known());
      longest = with_head;
      ++count;
    }
    return count > 0;
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_vidur_vllm_scheduler() { return std::make_unique<VidurVllmScheduler>(); }

}  // namespace plumb::serving
