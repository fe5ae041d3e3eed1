#pragma once
// TensorRT-LLM's GUARANTEED_NO_EVICT: admits only what fits to its last token.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_trtllm_guaranteed_no_evict_scheduler();

}  // namespace plumb::serving
