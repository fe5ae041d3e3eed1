// docs/schedulers/static.md says what it follows.

#include "serving/scheduler_static.h"

#include <algorithm>

namespace plumb::serving {
namespace {

class StaticScheduler final : public Scheduler {
 public:
  bool pads_batches() const override { return true; }

  void schedule(EngineState& state) override {
    if (state.running() == 0) {
      take_batch(state);
    } else if (state.decoding() > 0) {
      state.decode_all();
    }
  }

 private:
  /// What a batch is filled up to: as many rows, all as long as the longest prompt and the longest output together.
  struct Rows {
    std::int64_t count = 0, prompt_tokens = 0, output_tokens = 0;
    std::int64_t length() const { return prompt_tokens + output_tokens; }
    Rows with(const Sequence& sequence) const {
      return {count + 1, std::max(prompt_tokens, sequence.prompt_tokens),
              std::max(output_tokens, sequence.output_tokens)};
    }
  };

  static bool fit(const EngineState& state, const Rows& rows) {
    const CompiledDeployment& deployment = state.deployment();
    return rows.count <= state.settings().max_num_seqs && rows.length() <= deployment.max_model_len &&
           deployment.cache.bytes_of(rows.length()) <= state.pool().capacity() / rows.count;
  }

  static void take_batch(EngineState& state) {
    Rows rows;
    for (const Sequence* sequence : state.waiting()) {
      const Rows more = rows.with(*sequence);
      if (!fit(state, more)) break;
      rows = more;
    }
    for (; rows.count > 0; --rows.count) {
      state.pad_prompt(*state.waiting().front(), rows.prompt_tokens);
      state.admit(0, rows.prompt_tokens);
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_static_scheduler() { return std::make_unique<StaticScheduler>(); }

}  // namespace plumb::serving
