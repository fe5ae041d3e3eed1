#pragma once
// SGLang: prompts first, admitted by an estimate of what will be generated.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_sglang_scheduler();
/// With the policy `lpm`: of those that wait, the one of which the cache has most comes first.
std::unique_ptr<Scheduler> make_sglang_lpm_scheduler();

}  // namespace plumb::serving
