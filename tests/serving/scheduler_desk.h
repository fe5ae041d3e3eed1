#pragma once
// An engine's state without the engine, for tests of what schedulers decide.

#include <deque>
#include <utility>
#include <vector>

#include "serving/engine_state.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving::test {

class Desk : private EngineState {
 public:
  explicit Desk(const CompiledDeployment& deployment)
      : EngineState(deployment, make_summed_decode_set(deployment)),
        scheduler_(make_scheduler(deployment.deployment.engine.scheduler)) {}

  using EngineState::bytes_held;
  using EngineState::bytes_of_block;
  using EngineState::decodes;
  using EngineState::first_admitted;
  using EngineState::generated;
  using EngineState::pool;
  using EngineState::preemptions;
  using EngineState::waiting;

  Sequence& wait(std::int64_t prompt, std::int64_t output = 1000, double arrival_s = 0.0) {
    Sequence& sequence = sequences_.emplace_back();
    sequence.request = static_cast<std::int64_t>(sequences_.size()) - 1;
    sequence.prompt_tokens = prompt;
    sequence.output_tokens = output;
    sequence.arrival = Time::of_seconds(arrival_s);
    waiting_.push_back(&sequence);
    return sequence;
  }

  /// A sequence that has computed its prompt and has `generated` tokens.
  Sequence& decode(std::int64_t prompt, std::int64_t generated, double arrival_s = 0.0, std::int64_t output = 1000) {
    Sequence& sequence = begin(prompt, prompt, arrival_s);
    sequence.output_tokens = output;
    sequence.generated = generated;
    take(sequence, prompt + generated - 1);
    sequence.computed = prompt + generated - 1;
    prefilling_.pop_back();
    decoders_->add(sequence);
    return sequence;
  }

  /// A sequence that has computed the first `computed` tokens of its prompt; `context` tokens of cache are its own.
  Sequence& begin(std::int64_t prompt, std::int64_t computed, double arrival_s = 0.0, std::int64_t context = 0) {
    Sequence& sequence = wait(prompt, 1000, arrival_s);
    admit(waiting_.size() - 1, computed, context);
    sequence.computed = computed;
    plan_ = {};
    return sequence;
  }

  /// The tokens of the next step: decoding sequences first, one each, then the chunks in their order.
  std::vector<std::int64_t> schedule() {
    plan_ = {};
    scheduler_->schedule(*this);
    std::vector<std::int64_t> tokens;
    if (plan_.decode) tokens.assign(static_cast<std::size_t>(decoding()), 1);
    for (const Prefill& prefill : plan_.prefills) tokens.push_back(prefill.tokens);
    return tokens;
  }

  /// The step that was scheduled last.
  const StepPlan& plan() const { return plan_; }
  std::int64_t running_count() const { return running(); }
  std::int64_t bytes_kept_free() const { return scheduler_->bytes_kept_free(*this); }
  bool first_come_first_served() const { return scheduler_->first_come_first_served(settings()); }

  /// Ends the step scheduled last and `steps` - 1 equal ones.
  void finish_step(std::int64_t steps = 1) {
    scheduler_->done(*this, steps);
    if (plan_.decode) {
      pool_.take(decoders_->cache_growth(steps) - decoders_->cache_growth(1));
      std::vector<Sequence*> finished;
      decoders_->advance({}, {Time::of_seconds(0.01), {}, steps}, nullptr, finished);
      for (Sequence* sequence : finished) release(*sequence);
    }
    for (const Prefill& prefill : plan_.prefills) {
      Sequence& sequence = *prefill.sequence;
      sequence.computed += prefill.tokens;
      if (sequence.lacking() > 0) continue;
      std::erase(prefilling_, &sequence);
      ++sequence.generated;
      sequence.finished() ? release(sequence) : decoders_->add(sequence);
    }
    plan_ = {};
  }

 private:
  std::unique_ptr<Scheduler> scheduler_;
  std::deque<Sequence> sequences_;
};

inline EngineSettings settings(std::string scheduler, std::int64_t sequences, std::int64_t tokens) {
  EngineSettings settings;
  settings.scheduler = std::move(scheduler);
  settings.max_num_seqs = sequences;
  settings.max_num_batched_tokens = tokens;
  return settings;
}

/// What a step computes for each of its sequences.
using Tokens = std::vector<std::int64_t>;

/// Llama-3-8B with a scheduler, a cache of so many tokens, and steps of at most so many sequences and tokens.
inline CompiledDeployment engine_of(std::string scheduler, std::int64_t cache_tokens, std::int64_t sequences,
                                    std::int64_t tokens, bool chunked = true) {
  EngineSettings limits = settings(std::move(scheduler), sequences, tokens);
  limits.enable_chunked_prefill = chunked;
  return plumb::test::llama_with_cache(cache_tokens, limits);
}

}  // namespace plumb::serving::test
