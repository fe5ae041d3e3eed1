// docs/schedulers/sarathi.md says what it follows.

#include "serving/scheduler_sarathi.h"

#include <algorithm>

namespace plumb::serving {
namespace {

class SarathiScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    make_room(state);
    std::int64_t budget = state.settings().max_num_batched_tokens;
    if (state.decoding() > 0) {
      state.decode_all();
      budget -= state.decoding();
    }
    budget = go_on(state, budget);
    admit_waiting(state, budget);
  }

  /// While a block is free after a step, no decode of the next one is without one at its turn.
  std::int64_t bytes_kept_free(const EngineState& state) const override { return state.bytes_of_block(); }

 private:
  /// Preempts the latest arrivals until every decode that is left finds a block free at its turn.
  ///
  /// Sarathi goes through the running sequences by arrival. A decode asks for a free block, preempts the latest arrival
  /// (a partial prefill too) while there is none, then takes what its next token needs; a partial prefill asks for
  /// nothing. Of the decodes that are left the last one asks for the most: that one block is free when all before it
  /// have taken theirs. While this does not hold, Sarathi preempts the latest arrival, at that decode's turn or an
  /// earlier one; once it holds, every turn finds a block.
  static void make_room(EngineState& state) {
    const std::int64_t block = state.bytes_of_block();
    while (state.decoding() > 0 && state.pool().available() - state.bytes_to_decode() < block) {
      const auto [last, last_decode] = latest(state);
      const std::int64_t taken_before = state.bytes_to_decode() - state.bytes_to_decode(*last_decode);
      if (state.pool().available() - taken_before >= block) return;
      state.preempt(*last);
    }
  }

  struct Latest {
    Sequence *any = nullptr, *decode = nullptr;
  };
  /// The latest arrivals of those at hand.
  static Latest latest(const EngineState& state) {
    Latest found;
    for (Sequence* s = state.first_admitted(); s != nullptr; s = s->after) {
      if (s->in_flight) continue;
      if (found.any == nullptr || arrived_before(*found.any, *s)) found.any = s;
      if (!state.decodes(*s)) continue;
      if (found.decode == nullptr || arrived_before(*found.decode, *s)) found.decode = s;
    }
    return found;
  }

  /// The next chunks of the partial prefills; what is left of the budget.
  static std::int64_t go_on(EngineState& state, std::int64_t budget) {
    std::vector<Sequence*> begun = state.prefilling();
    std::sort(begun.begin(), begun.end(), [](const Sequence* a, const Sequence* b) { return arrived_before(*a, *b); });
    for (Sequence* sequence : begun) {
      const std::int64_t tokens = std::min(sequence->lacking(), budget);
      if (tokens <= 0) break;
      state.prefill(*sequence, tokens);
      budget -= tokens;
    }
    return budget;
  }

  static void admit_waiting(EngineState& state, std::int64_t budget) {
    constexpr double watermark_default = 0.01;
    const std::int64_t watermark = state.bytes_of_watermark(watermark_default);
    while (!state.waiting().empty() && budget > 0 && state.running() < state.settings().max_num_seqs) {
      const Sequence& sequence = *state.waiting().front();
      // Sarathi waits for ever for a request that the watermark shuts out when nothing else runs.
      const std::int64_t kept = state.running() == 0 ? 0 : watermark;
      if (state.bytes_to_hold(sequence, sequence.known()) + kept > state.pool().available()) break;
      const std::int64_t tokens = std::min(sequence.lacking(), budget);
      state.admit(0, tokens, sequence.known());
      budget -= tokens;
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_sarathi_scheduler() { return std::make_unique<SarathiScheduler>(); }

}  // namespace plumb::serving
