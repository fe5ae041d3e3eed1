#pragma once
// TensorRT-LLM's MAX_UTILIZATION: admits what fits the next step, pauses the youngest when it no longer does.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_trtllm_max_utilization_scheduler();

}  // namespace plumb::serving
