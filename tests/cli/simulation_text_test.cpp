// Does the printed table have the labels of `vllm bench serve`, letter by letter, and our own below?

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/simulation_result.h"
#include "support/deployments.h"
#include "support/golden.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

Subject subject() {
  Subject subject;
  subject.name = "test";
  subject.deployment = std::make_shared<const serving::CompiledDeployment>(test::llama_with_cache(100000));
  return subject;
}

/// Figures that are told apart at a glance; none follows from another.
SimulationResult figures(const Subject& subject) {
  SimulationResult result;
  Benchmark& benchmark = result.benchmark;
  benchmark.completed = 998;
  benchmark.failed = 2;
  benchmark.input_tokens = 1165712;
  benchmark.output_tokens = 259132;
  benchmark.duration_s = 104.512;
  benchmark.request_throughput = 9.573;
  benchmark.output_throughput = 2479.476;
  benchmark.total_token_throughput = 13633.479;
  benchmark.request_goodput = 9.5;
  benchmark.output_tokens_per_s_max = 3442.0;
  benchmark.concurrent_requests_max = 59;
  benchmark.ttft = {54.836, 39.574, 30.0, {{50.0, 39.574}, {99.9, 215.381}}};
  benchmark.tpot = {14.03, 13.96, 2.0, {{50.0, 13.96}, {99.9, 19.8}}};
  benchmark.itl = {13.91, 10.94, 9.0, {{50.0, 10.94}, {99.9, 88.48}}};
  benchmark.e2el = {3646.2, 3304.74, 1700.0, {{50.0, 3304.74}, {99.9, 8548.02}}};
  result.rate_per_s = 10.0;
  result.outcome.counters.steps = 7729;
  result.outcome.counters.busy = Time::of_seconds(100.0);
  result.outcome.counters.sequence_time = Time::of_seconds(3476.0);
  result.outcome.counters.cache_bytes_peak = subject.deployment->cache.pool_bytes / 4;
  result.outcome.duration_s = 104.512;
  result.outcome.rejected = 2;
  result.targets.ttft = serving::TargetResult{"TTFT", {1.0, 95.0}, 0.1389};
  result.targets.tpot = serving::TargetResult{"TPOT", {0.01, 99.0}, serving::never_s};
  result.outcome.time.by_bound = {0.21, 0.62, 0.0, 0.005, 0.0, 0.165};
  result.outcome.time.binding = accelerator::Bound::weights;
  return result;
}

TEST(SimulationText, IsWhatUsersOfVllmKnow) {
  const Subject deployment = subject();
  test::expect_golden("cli/simulation.txt", benchmark_text(deployment, figures(deployment)));
}

TEST(SimulationText, LeavesOutWhatWasNotAskedFor) {
  const Subject deployment = subject();
  SimulationResult result = figures(deployment);
  result.rate_per_s = std::numeric_limits<double>::infinity();
  result.benchmark.request_goodput.reset();
  result.targets = {};
  const std::string text = benchmark_text(deployment, result);
  EXPECT_THAT(text, Not(HasSubstr("Request rate configured")));
  EXPECT_THAT(text, Not(HasSubstr("goodput")));
  EXPECT_THAT(text, Not(HasSubstr("target")));
}

TEST(SimulationText, TellsReasonsOfRejectionsApart) {
  const Subject deployment = subject();
  SimulationResult result = figures(deployment);
  result.outcome.rejected = 5;
  result.outcome.rejected_never_fits = 2;
  const std::string table = benchmark_text(deployment, result);
  EXPECT_THAT(table, HasSubstr("Rejected as too long:                    3\n"));
  EXPECT_THAT(table, HasSubstr("Rejected as never fitting:               2\n"));
}

TEST(SimulationText, SaysHowExactPercentilesAre) {
  const Subject deployment = subject();
  SimulationResult result = figures(deployment);
  result.benchmark.itl.relative_error = 0.005;
  Load load;
  EXPECT_THAT(simulation_text(deployment, load, result, {}),
              HasSubstr("Percentiles and medians are exact, those of ITL within 0.5 %."));
  result.benchmark.e2el.relative_error = 0.005;
  EXPECT_THAT(simulation_text(deployment, load, result, {}),
              HasSubstr("Percentiles and medians of so many requests are from a sketch, within 0.5 %."));
}

TEST(SimulationText, SaysThatTheCacheBindsWhereItMadeSequencesWait) {
  const Subject deployment = subject();
  SimulationResult result = figures(deployment);
  result.outcome.counters.preemptions = 3;
  EXPECT_EQ(result.binding(), "cache capacity");
}

}  // namespace
}  // namespace plumb::cli
