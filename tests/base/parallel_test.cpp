// Is the outcome the same whatever the number of threads?

#include "base/parallel.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace plumb {
namespace {

std::vector<double> results(int jobs) {
  std::vector<double> sums(257);
  parallel_for(sums.size(), jobs, [&](std::size_t i) {
    Stream stream(i, "task");
    for (std::size_t k = 0; k < 100 * (i % 7 + 1); ++k) sums[i] += stream.normal();
  });
  return sums;
}

TEST(ParallelFor, GivesTheSameForAnyNumberOfJobs) {
  const std::vector<double> expected = results(1);
  for (const int jobs : {0, 2, 3, 8}) EXPECT_EQ(results(jobs), expected) << jobs;
}

TEST(ParallelFor, RunsEachTaskOnce) {
  for (const int jobs : {1, 4}) {
    std::vector<std::atomic<int>> runs(1000);
    parallel_for(runs.size(), jobs, [&](std::size_t i) { ++runs[i]; });
    for (const std::atomic<int>& count : runs) ASSERT_EQ(count, 1);
  }
}

TEST(ParallelFor, NeverRunsMoreThanItsJobsAtOnce) {
  std::atomic<int> running = 0, most = 0;
  parallel_for(200, 2, [&](std::size_t i) {
    const int now = ++running;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    Stream stream(i, "work");
    double sum = 0.0;
    for (int k = 0; k < 1000; ++k) sum += stream.normal();
    EXPECT_LT(sum, 1e6);
    --running;
  });
  EXPECT_LE(most, 2);
}

TEST(ParallelFor, OfNothingRunsNothing) {
  parallel_for(0, 4, [](std::size_t) { ADD_FAILURE(); });
}

TEST(ParallelFor, MayBeCalledFromItsTasks) {
  std::atomic<int> runs = 0;
  parallel_for(4, 2, [&](std::size_t) { parallel_for(5, 2, [&](std::size_t) { ++runs; }); });
  EXPECT_EQ(runs, 20);
}

}  // namespace
}  // namespace plumb
