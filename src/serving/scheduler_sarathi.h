#pragma once
// Sarathi-Serve: all decodes of every step, and chunks of prompts fill it up.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_sarathi_scheduler();

}  // namespace plumb::serving
