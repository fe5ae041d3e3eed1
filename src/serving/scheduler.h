#pragma once
// A scheduler decides what the next step of an engine computes. A new one is a file of its own and one line in the
// table of scheduler.cpp. docs/schedulers/ has a page for each.
//
// A step gives every decoding sequence its next token, or none of them, and computes chunks of prompts. What a
// scheduler decides may depend on the state it is shown and on nothing else, and if neither a request arrives nor a
// sequence leaves, it must decide the same again after a step that only decoded: engines make many such steps at once.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serving/engine_state.h"

namespace plumb::serving {

/// Why an engine does not start with its settings: what is wrong with the value of which key.
struct Refusal {
  std::string_view key;
  std::string message, expected;
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  /// Whether the engine that it follows would not start with these settings, though they can be simulated.
  virtual std::optional<Refusal> refusal(const EngineSettings& settings) const {
    static_cast<void>(settings);
    return std::nullopt;
  }
  /// Whether it asks what the cache has of a prompt (EngineState::cached) and computes only the rest.
  virtual bool reuses_prefixes() const { return false; }
  /// Whether SchedulingPolicy::priority goes with it: its queue may stand in another order than that of arrival.
  virtual bool has_priorities() const { return false; }
  /// Whether it knows that a decoding sequence may verify several tokens in a step.
  virtual bool speculates() const { return false; }
  /// Whether a batch keeps its size until it ends: a sequence that has ended, or whose client is gone, is computed on
  /// as padding until none of those that run is left. Only of schedulers that admit when none runs.
  virtual bool pads_batches() const { return false; }
  /// Whether a request alone would be served to its end. One that would not is rejected when it arrives. The engine
  /// sees to it that prompt and output are at most max_model_len.
  virtual bool serves(const CompiledDeployment& deployment, std::int64_t prompt_tokens,
                      std::int64_t output_tokens) const {
    static_cast<void>(deployment);
    static_cast<void>(prompt_tokens);
    static_cast<void>(output_tokens);
    return true;
  }
  /// Decides on the next step by calls of `state`; none of decode_all() and prefill() means that nothing can run.
  virtual void schedule(EngineState& state) = 0;
  /// True if a request that arrives while others wait cannot be admitted before them, and cannot change what becomes of
  /// them: then a run of steps need not end for it.
  virtual bool first_come_first_served(const EngineSettings& settings) const {
    return settings.scheduling_policy == SchedulingPolicy::fcfs;
  }
  /// Cache bytes that must stay available after every step of a run but the last, for a scheduler that preempts before
  /// the cache is full.
  virtual std::int64_t bytes_kept_free(const EngineState& state) const {
    static_cast<void>(state);
    return 0;
  }
  /// Told that what it decided last has been done, so many times.
  virtual void done(const EngineState& state, std::int64_t steps) {
    static_cast<void>(state);
    static_cast<void>(steps);
  }
  /// With pipeline stages: whether a batch is formed as soon as fewer than one a stage are under way, or only when the
  /// first stage is free for it.
  virtual bool forms_batches_ahead() const { return false; }
};

/// Null if there is none of that name.
std::unique_ptr<Scheduler> make_scheduler(std::string_view name);
std::vector<std::string_view> scheduler_names();

}  // namespace plumb::serving
