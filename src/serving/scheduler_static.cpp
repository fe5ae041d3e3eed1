// docs/schedulers/static.md says what it follows.

#include "serving/scheduler_static.h"

namespace plumb::serving {
namespace {

class StaticScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    if (state.running() == 0) {
      take_batch(state);
    } else if (state.decoding() > 0) {
      state.decode_all();
    }
  }

 private:
  static void take_batch(EngineState& state) {
    std::int64_t bytes = 0;
    while (!state.waiting().empty() && state.running() < state.settings().max_num_seqs) {
      const Sequence& sequence = *state.waiting().front();
      bytes += state.bytes_to_hold(sequence, sequence.prompt_tokens + sequence.output_tokens);
      if (bytes > state.pool().capacity()) return;
      state.admit(0, sequence.lacking());
    }
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_static_scheduler() { return std::make_unique<StaticScheduler>(); }

}  // namespace plumb::serving
