#include "accelerator/step_timer.h"

#include <algorithm>

namespace plumb::accelerator {

Time StepTimer::step_time(const model::Step& step, std::span<const Chunk> chunks) {
  Time time = host_time(step);
  for (int stage = 0; stage < stages(); ++stage) time += stage_time(stage, step, chunks);
  return std::max(time, least_time(step));
}

}  // namespace plumb::accelerator
