#pragma once
#include "memory/request_scheduler.h"

namespace plumb::memory {

const RequestScheduler& fr_fcfs_scheduler();

}  // namespace plumb::memory
