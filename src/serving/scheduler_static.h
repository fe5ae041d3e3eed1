#pragma once
// Batches that begin together, one after another.

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_static_scheduler();

}  // namespace plumb::serving
