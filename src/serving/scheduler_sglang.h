#pragma once
// SGLang: prompts first, admitted by an estimate of what will be generated.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_sglang_scheduler();

}  // namespace plumb::serving
