#pragma once
#include "memory/request_scheduler.h"

namespace plumb::memory {

const RequestScheduler& row_grouping_scheduler();

}  // namespace plumb::memory
