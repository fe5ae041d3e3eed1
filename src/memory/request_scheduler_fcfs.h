#pragma once
#include "memory/request_scheduler.h"

namespace plumb::memory {

const RequestScheduler& fcfs_scheduler();

}  // namespace plumb::memory
