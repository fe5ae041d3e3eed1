#pragma once
// What vLLM's two engines refuse to start with (SchedulerConfig: _verify_args in V0 and until 0.11, then
// verify_max_model_len).

#include <optional>

#include "serving/scheduler.h"

namespace plumb::serving {

/// A step must hold a token of every sequence and, where prompts are not cut (`whole_prompts`), the longest of them.
/// vLLM takes the model's own length for a max_model_len that is not stated; here that one is then what a step holds.
std::optional<Refusal> vllm_refusal(const EngineSettings& settings, bool whole_prompts);

}  // namespace plumb::serving
