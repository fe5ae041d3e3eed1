// Are the measures those of `vllm bench serve`? Expectations are worked out by hand from four records.

#include "cli/benchmark.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/deployments.h"

namespace plumb::cli {
namespace {

serving::RequestRecord completed(double arrival_s, double first_s, double finish_s, std::int64_t prompt,
                                 std::int64_t output) {
  serving::RequestRecord record;
  record.arrival_s = arrival_s;
  record.scheduled_s = arrival_s;
  record.first_token_s = first_s;
  record.finish_s = finish_s;
  record.prompt_tokens = prompt;
  record.output_tokens = output;
  record.replica = 0;
  return record;
}

/// TTFT 0.1, 0.2, 0.6 s; TPOT 0.05, 0.02 s, none; E2E 1.1, 1.2, 0.6 s; and one request that was rejected.
serving::Outcome four_records() {
  serving::Outcome outcome;
  outcome.requests = {completed(0.0, 0.1, 1.1, 100, 21), completed(1.0, 1.2, 2.2, 50, 51),
                      completed(3.0, 3.6, 3.6, 10, 1)};
  serving::RequestRecord rejected;
  rejected.arrival_s = 3.5;
  rejected.prompt_tokens = 900000;
  rejected.output_tokens = 7;
  rejected.rejected = true;
  outcome.requests.push_back(rejected);
  outcome.rejected = 1;
  outcome.duration_s = 4.0;
  for (const double gap_s : {0.01, 0.02, 0.06}) {
    outcome.gaps.gaps(Time::of_seconds(gap_s), 1);
  }
  return outcome;
}

Benchmark benchmark(const serving::Targets& targets = {}) {
  constexpr std::array percents{50.0, 90.0, 99.0};
  return benchmark_of(four_records(), targets, percents);
}

TEST(Benchmark, CountsCompletedRequestsOnly) {
  const Benchmark made = benchmark();
  EXPECT_EQ(made.completed, 3);
  EXPECT_EQ(made.failed, 1);
  EXPECT_EQ(made.input_tokens, 160);
  EXPECT_EQ(made.output_tokens, 73);
}

TEST(Benchmark, ThroughputIsOverTheDuration) {
  const Benchmark made = benchmark();
  EXPECT_DOUBLE_EQ(made.request_throughput, 3.0 / 4.0);
  EXPECT_DOUBLE_EQ(made.output_throughput, 73.0 / 4.0);
  EXPECT_DOUBLE_EQ(made.total_token_throughput, 233.0 / 4.0);
}

TEST(Benchmark, MeanMedianAndDeviationAreNumpys) {
  const Benchmark made = benchmark();
  // numpy: mean 0.3, median 0.2, std sqrt(((0.2)^2 + (0.1)^2 + (0.3)^2) / 3) = sqrt(0.14 / 3)
  EXPECT_NEAR(made.ttft.mean_ms, 300.0, 1e-9);
  EXPECT_NEAR(made.ttft.median_ms, 200.0, 1e-9);
  EXPECT_NEAR(made.ttft.std_ms, 1e3 * std::sqrt(0.14 / 3.0), 1e-9);
}

TEST(Benchmark, PercentilesAreInterpolatedLinearly) {
  const Benchmark made = benchmark();
  // Ranks 0.9 x 2 = 1.8 and 0.99 x 2 = 1.98 of 0.1, 0.2, 0.6.
  ASSERT_EQ(made.ttft.percentiles_ms.size(), 3u);
  EXPECT_NEAR(made.ttft.percentiles_ms[0].second, 200.0, 1e-9);
  EXPECT_NEAR(made.ttft.percentiles_ms[1].second, 200.0 + 0.8 * 400.0, 1e-9);
  EXPECT_NEAR(made.ttft.percentiles_ms[2].second, 200.0 + 0.98 * 400.0, 1e-9);
}

TEST(Benchmark, TpotLeavesOutRequestsWithASingleToken) {
  const Benchmark made = benchmark();
  EXPECT_NEAR(made.tpot.mean_ms, 35.0, 1e-9);
  EXPECT_NEAR(made.tpot.std_ms, 15.0, 1e-9);
  EXPECT_NEAR(made.e2el.mean_ms, 2900.0 / 3.0, 1e-9);
}

TEST(Benchmark, GapsComeFromTheSketchWithinItsError) {
  const Benchmark made = benchmark();
  EXPECT_NEAR(made.itl.mean_ms, 30.0, 1e-9);
  EXPECT_NEAR(made.itl.median_ms, 20.0, 0.005 * 20.0);
}

TEST(Benchmark, GoodputNeedsTargets) { EXPECT_FALSE(benchmark().request_goodput.has_value()); }

TEST(Benchmark, GoodputCountsRequestsWithinEveryLimit) {
  serving::Targets targets;
  targets.ttft = serving::Target{0.25, 99.0};
  EXPECT_DOUBLE_EQ(benchmark(targets).request_goodput.value(), 2.0 / 4.0);
  targets.tpot = serving::Target{0.03, 50.0};
  EXPECT_DOUBLE_EQ(benchmark(targets).request_goodput.value(), 1.0 / 4.0);
}

TEST(Benchmark, AllRejectedIsZeroAndNotANumber) {
  serving::Outcome outcome;
  outcome.requests.resize(1);
  outcome.requests[0].rejected = true;
  const Benchmark made = benchmark_of(outcome, {}, std::array{99.0});
  EXPECT_EQ(made.failed, 1);
  EXPECT_EQ(made.request_throughput, 0.0);
  EXPECT_EQ(made.ttft.mean_ms, 0.0);
  EXPECT_EQ(made.itl.percentiles_ms[0].second, 0.0);
}

std::int64_t concurrent_max(const std::vector<serving::RequestRecord>& records) {
  ConcurrencyMeter meter;
  for (const serving::RequestRecord& record : records) meter.add(record.arrival_s, record.finish_s);
  return meter.most();
}

TEST(ConcurrentMax, ARequestThatEndsWhenAnotherArrivesIsGone) {
  const std::vector<serving::RequestRecord> records{completed(0.0, 0.5, 1.0, 1, 2), completed(1.0, 1.5, 2.0, 1, 2),
                                                    completed(1.5, 1.7, 1.8, 1, 2)};
  EXPECT_EQ(concurrent_max(records), 2);
}

TEST(BenchmarkMeter, BeyondWhatIsKeptPercentilesAreWithinTheError) {
  constexpr std::array percents{50.0, 99.0};
  BenchmarkMeter meter({}, 2);
  const serving::Outcome outcome = four_records();
  for (const serving::RequestRecord& record : outcome.requests) meter.add(record);
  const Benchmark made = meter.benchmark(outcome, percents), exact = benchmark();
  EXPECT_EQ(exact.ttft.relative_error, 0.0);
  EXPECT_EQ(made.ttft.relative_error, 0.005);
  EXPECT_EQ(made.ttft.mean_ms, exact.ttft.mean_ms);
  EXPECT_NEAR(made.ttft.median_ms, exact.ttft.median_ms, 0.005 * exact.ttft.median_ms);
  EXPECT_EQ(meter.arrival_rate().value(), 3.0 / 3.5);
}

RC_GTEST_PROP(ConcurrentMax, EqualsTheCountAtSomeArrival, ()) {
  const auto spans = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 50), rc::gen::inRange(1, 20)));
  std::vector<serving::RequestRecord> records;
  for (const auto& [start, length] : spans) records.push_back(completed(start, start + length, start + length, 1, 1));
  std::ranges::stable_sort(records, {}, &serving::RequestRecord::arrival_s);
  std::int64_t most = 0;
  for (const auto& at : records) {
    most =
        std::max(most, static_cast<std::int64_t>(std::count_if(records.begin(), records.end(), [&](const auto& other) {
                   return other.arrival_s <= at.arrival_s && at.arrival_s < other.finish_s;
                 })));
  }
  RC_ASSERT(concurrent_max(records) == most);
}

}  // namespace
}  // namespace plumb::cli
