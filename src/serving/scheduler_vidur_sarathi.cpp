#include "serving/scheduler_vidur_sarathi.h"

#include <algorithm>

#include "serving/vidur_rules.h"

namespace plumb::serving {
namespace {

/// The order of the last batches; those that had no part in one stand before, by arrival.
bool stands_before(const Sequence* a, const Sequence* b) {
  return a->rank != b->rank ? a->rank < b->rank : a->arrival < b->arrival;
}

class VidurSarathiScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    std::int64_t batch = decode(state), tokens = batch;
    const std::int64_t chunk_tokens = state.settings().max_num_batched_tokens;
    std::vector<Sequence*> parts = state.prefilling();
    std::stable_sort(parts.begin(), parts.end(), stands_before);
    for (Sequence* sequence : parts) {
      const std::int64_t chunk = std::min(sequence->lacking(), chunk_tokens - tokens);
      if (chunk <= 0) {
        sequence->rank = -1;
        continue;
      }
      state.prefill(*sequence, chunk);
      tokens += chunk;
      ++batch;
    }
    admit_waiting(state, batch, chunk_tokens - tokens);
  }

  std::int64_t bytes_kept_free(const EngineState& state) const override { return state.bytes_of_block(); }
  bool forms_batches_ahead() const override { return true; }

  bool serves(const CompiledDeployment& deployment, std::int64_t prompt, std::int64_t output) const override {
    return vidur_serves(deployment, prompt + output);
  }

 private:
  std::int64_t decode(EngineState& state) const {
    const std::int64_t most = vidur_batch_size_max(state);
    if (state.decoding() == 0) return 0;
    const bool several_stages = state.deployment().deployment.parallelism.pipeline > 1;
    const std::int64_t room = state.pool().available() - state.bytes_to_decode();
    if (!several_stages && room >= bytes_kept_free(state)) {
      const std::int64_t all = state.decoding();
      state.decode_all();
      return all;
    }
    std::vector<Sequence*> order = state.decoding_sequences();
    order.insert(order.end(), state.prefilling().begin(), state.prefilling().end());
    std::stable_sort(order.begin(), order.end(), stands_before);
    return vidur_decode(state, std::move(order), most);
  }

  /// New ones with what is left of the chunk; blocks for the whole prompt at once.
  static void admit_waiting(EngineState& state, std::int64_t batch, std::int64_t budget) {
    while (!state.waiting().empty() && budget > 0) {
      const Sequence& head = *state.waiting().front();
      if (state.running() >= state.settings().max_num_seqs || batch == vidur_batch_size_max(state)) break;
      if (!vidur_fits(state, head)) break;
      const std::int64_t chunk = std::min(head.known(), budget);
      state.admit(0, chunk, head.known());
      budget -= chunk;
      ++batch;
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_vidur_sarathi_scheduler() { return std::make_unique<VidurSarathiScheduler>(); }

}  // namespace plumb::serving
