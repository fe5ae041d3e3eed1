#pragma once
// Independent tasks on several threads, with results in places of their own, so that the outcome does not depend on how
// many threads ran them.

#include <cstddef>
#include <functional>

namespace plumb {

/// Number of threads that a value of 0 stands for: the processors of this machine.
int default_jobs();

/// Runs task(0) ... task(count - 1), at most `jobs` at a time (0: default_jobs()). Tasks must not share what they
/// write. Returns when all have ended.
void parallel_for(std::size_t count, int jobs, const std::function<void(std::size_t)>& task);

}  // namespace plumb
