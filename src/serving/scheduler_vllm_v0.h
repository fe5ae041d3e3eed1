#pragma once
// vLLM's first engine: whole prompts first, then decodes.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_vllm_v0_scheduler();

}  // namespace plumb::serving
