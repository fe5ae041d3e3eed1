#include "base/parallel.h"

#include <algorithm>
#include <thread>

#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace plumb {

int default_jobs() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

void parallel_for(std::size_t count, int jobs, const std::function<void(std::size_t)>& task) {
  // More threads than processors gain nothing, and TBB would warn on standard error that it does not start them.
  const int threads = std::min(jobs > 0 ? jobs : default_jobs(), tbb::info::default_concurrency());
  if (threads == 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  tbb::task_arena arena(threads);
  arena.execute([&] {
    // Tasks are few and of unequal length, so each is handed out alone.
    tbb::parallel_for(
        std::size_t{0}, count, std::size_t{1}, [&](std::size_t i) { task(i); }, tbb::simple_partitioner());
  });
}

}  // namespace plumb
