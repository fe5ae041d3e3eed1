// Is the load of a measured run made again as its tool made it, and refused where that cannot be?

#include "workload/measured_load.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/statistics.h"

namespace plumb::workload {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<Request> drain(MeasuredLoad& load) {
  std::vector<Request> requests;
  for (;;) {
    auto request = load.source->next();
    EXPECT_TRUE(request);
    if (!request || !*request) return requests;
    requests.push_back(**request);
  }
}

MeasuredRun detailed(std::size_t count, bool start_times) {
  MeasuredRun run;
  run.start_times = start_times;
  for (std::size_t i = 0; i < count; ++i) {
    MeasuredRequest request;
    request.id = static_cast<std::int64_t>(i);
    request.start_s = start_times ? 0.5 * static_cast<double>(i) : 0.0;
    request.prompt_tokens = 100 + static_cast<std::int64_t>(i);
    request.output_tokens = 10;
    request.ttft_s = 0.1;
    request.e2e_s = 1.0;
    run.requests.push_back(request);
  }
  run.completed = run.load.prompts = static_cast<std::int64_t>(count);
  run.load.rate_per_s = 4.0;
  run.load.gaps = StatedLoad::Gaps::gamma;
  return run;
}

MeasuredLoad load_of(const MeasuredRun& run, std::uint64_t seed = 1) {
  auto load = measured_load(run, seed);
  EXPECT_TRUE(load) << (load ? "" : one_line(load.error()));
  return load ? std::move(*load) : MeasuredLoad{};
}

std::string error(const MeasuredRun& run) {
  const auto load = measured_load(run, 1);
  if (load) return "no error";
  EXPECT_EQ(load.error().fault, Fault::unmet);
  return one_line(load.error());
}

TEST(MeasuredLoad, StartTimesAreTakenAsTheyAre) {
  MeasuredRun run = detailed(3, true);
  run.requests[1].output_tokens = 0;  // failed: what it would have asked for is not known
  MeasuredLoad load = load_of(run);
  EXPECT_FALSE(load.arrivals_made);
  EXPECT_EQ(load.words, "2 requests, start times and lengths as measured");
  const std::vector<Request> requests = drain(load);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].id, 2);
  EXPECT_EQ(requests[1].arrival_s, 1.0);
  EXPECT_EQ(requests[1].prompt_tokens, 102);
}

// vllm bench serve scales its gaps so that the last of n requests starts at n / rate.
TEST(MeasuredLoad, MadeArrivalsEndWhereVllmsDo) {
  MeasuredRun run = detailed(400, false);
  run.load.scaled = true;
  MeasuredLoad load = load_of(run);
  EXPECT_TRUE(load.arrivals_made);
  EXPECT_EQ(load.words, "400 requests, lengths as measured, start times made again, Poisson at 4 requests/s");
  const std::vector<Request> requests = drain(load);
  EXPECT_DOUBLE_EQ(requests.back().arrival_s, 100.0);
  Moments gaps;
  for (std::size_t i = 1; i < requests.size(); ++i) gaps.add(requests[i].arrival_s - requests[i - 1].arrival_s);
  EXPECT_NEAR(gaps.deviation() / gaps.mean(), 1.0, 0.2);  // four standard deviations of 400 exponential gaps
}

TEST(MeasuredLoad, GapsAreAsBurstyAsStated) {
  MeasuredRun run = detailed(2000, false);
  run.load.burstiness = 0.25;
  MeasuredLoad load = load_of(run);
  Moments gaps;
  double before_s = 0.0;
  for (const Request& request : drain(load)) {
    gaps.add(request.arrival_s - before_s);
    before_s = request.arrival_s;
  }
  EXPECT_NEAR(gaps.deviation() / gaps.mean(), 2.0, 0.35);
  run.load.burstiness = infinite;
  load = load_of(run);
  EXPECT_DOUBLE_EQ(drain(load)[7].arrival_s, 2.0);
}

TEST(MeasuredLoad, TheSeedIsOfTheArrivals) {
  const MeasuredRun run = detailed(10, false);
  MeasuredLoad one = load_of(run, 1), same = load_of(run, 1), other = load_of(run, 2);
  const std::vector<Request> of_one = drain(one), of_same = drain(same), of_other = drain(other);
  EXPECT_EQ(of_one[9].arrival_s, of_same[9].arrival_s);
  EXPECT_NE(of_one[9].arrival_s, of_other[9].arrival_s);
}

TEST(MeasuredLoad, ASummaryGivesRequestsOfMeanLengths) {
  MeasuredRun run;
  run.completed = 4;
  run.load = {4, infinite, StatedLoad::Gaps::gamma, 1.0, true, {}};
  run.summary.prompt_tokens = 1000.0;
  run.summary.output_tokens = 130.0;
  MeasuredLoad load = load_of(run);
  EXPECT_TRUE(load.lengths_made);
  EXPECT_EQ(
      load.words,
      "4 requests, each of the mean lengths, 250 prompt and 33 output tokens, start times all there at the start, "
      "as stated");
  EXPECT_EQ(drain(load).size(), 4u);
}

TEST(MeasuredLoad, WhatCannotBeMadeAgainIsRefused) {
  MeasuredRun run = detailed(5, false);
  run.load.gaps = StatedLoad::Gaps::unknown;
  EXPECT_EQ(error(run),
            "the result neither has start times nor says how arrivals were made; expected start_times, which "
            "--save-detailed of a recent vllm bench serve writes");
  MeasuredRun empty;
  EXPECT_EQ(
      error(empty),
      "the result has no requests and no mean lengths to make them from; expected completed requests, and the sums "
      "of their tokens");
  MeasuredRun failed = detailed(2, true);
  for (MeasuredRequest& request : failed.requests) request.output_tokens = 0;
  EXPECT_EQ(error(failed), "no request of the result has known lengths");
  MeasuredRun huge = empty;
  huge.completed = huge.load.prompts = 1'000'000'000;
  huge.summary.prompt_tokens = huge.summary.output_tokens = 1e9;
  EXPECT_EQ(error(huge), "the result has no requests, and stands for 1000000000; expected at most 1000000");
}

TEST(MeasuredLoad, AClientThatHoldsRequestsBackIsAClosedLoop) {
  MeasuredRun run = detailed(5, true);
  run.load.max_concurrency = 2;
  run.in_flight_max = 2;
  EXPECT_TRUE(closed_loop(run));
  const auto load = measured_load(run, 1);
  ASSERT_TRUE(load.has_value());
  EXPECT_TRUE(load->source->closed_loop());
  run.in_flight_max.reset();
  EXPECT_TRUE(closed_loop(run));
}

TEST(MeasuredLoad, ABoundThatWasNeverReachedIsNone) {
  MeasuredRun run = detailed(5, true);
  run.load.max_concurrency = 3;
  run.in_flight_max = 2;
  EXPECT_FALSE(closed_loop(run));
  run.load.max_concurrency = 5;
  run.in_flight_max = 5;
  EXPECT_FALSE(closed_loop(run));
}

}  // namespace
}  // namespace plumb::workload
