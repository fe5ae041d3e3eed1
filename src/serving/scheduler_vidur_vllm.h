#pragma once
// Vidur's own vLLM scheduler (7d47513), rule by rule, for comparison with that simulator:
// docs/schedulers/vidur-vllm.md.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_vidur_vllm_scheduler();

}  // namespace plumb::serving
