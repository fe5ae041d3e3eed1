// Is a fault put down to its cause? First faults planted in what the client saw, then servers that differ from the
// simulated deployment in one thing.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/comparison_fits.h"
#include "measured_text.h"

namespace plumb::cli {
namespace {

using namespace test;

serving::CompiledDeployment deployment(serving::EngineSettings engine = {}, std::int64_t cache_tokens = 200000) {
  return plumb::test::llama_with_cache(cache_tokens, std::move(engine));
}

/// A load of which few requests queue: some ten sequences decode at once.
std::vector<workload::Request> light_load() { return mixed_requests(10.0, 400); }

/// A load that 16 places cannot carry.
std::vector<workload::Request> heavy_load() { return mixed_requests(40.0, 400); }

serving::EngineSettings few_places() {
  serving::EngineSettings engine;
  engine.max_num_seqs = 16;
  return engine;
}

Comparison planted(const serving::CompiledDeployment& simulated, const std::vector<workload::Request>& load,
                   const Plant& plant, const WrittenAs& as = {}) {
  const serving::Outcome outcome = plumb::test::simulate(simulated, load);
  return compare_with(simulated, run_of(vllm_result(seen(outcome, plant), as)));
}

double prefill_s(const serving::RequestRecord& record) { return record.first_token_s - record.scheduled_s; }
double queue_s(const serving::RequestRecord& record) { return record.scheduled_s - record.arrival_s; }

void delay(Seen& one, double delay_s) {
  one.ttft_s += delay_s;
  one.e2e_s += delay_s;
}

TEST(PlantedCause, AFixedDelayBeforeEveryFirstTokenIsOverhead) {
  const Comparison comparison =
      planted(deployment(), light_load(), [](Seen& one, const serving::RequestRecord&) { delay(one, 0.05); });
  EXPECT_GT(share_of(comparison, Cause::overhead), 0.999);
  EXPECT_NEAR(comparison.attribution.overhead_s, 0.05, 1e-6);
}

TEST(PlantedCause, PromptsThatTakeLongerArePrefill) {
  const Comparison comparison =
      planted(deployment(), light_load(),
              [](Seen& one, const serving::RequestRecord& record) { delay(one, 0.4 * prefill_s(record)); });
  EXPECT_GT(share_of(comparison, Cause::prefill), 0.999);
  EXPECT_NEAR(comparison.attribution.prefill_excess, 0.4, 1e-6);
  EXPECT_EQ(comparison.attribution.prefill_by, Attribution::PrefillBy::line);
}

TEST(PlantedCause, BothAtOnceAreToldApart) {
  const Comparison comparison =
      planted(deployment(), light_load(),
              [](Seen& one, const serving::RequestRecord& record) { delay(one, 0.03 + 0.5 * prefill_s(record)); });
  EXPECT_NEAR(comparison.attribution.overhead_s, 0.03, 1e-6);
  EXPECT_NEAR(comparison.attribution.prefill_excess, 0.5, 1e-6);
  EXPECT_GT(share_of(comparison, Cause::prefill) + share_of(comparison, Cause::overhead), 0.999);
}

TEST(PlantedCause, TokensThatTakeLongerAreDecode) {
  const Comparison comparison = planted(deployment(), light_load(), [](Seen& one, const serving::RequestRecord&) {
    one.e2e_s += 0.2 * (one.e2e_s - one.ttft_s);
  });
  EXPECT_GT(share_of(comparison, Cause::decode), 0.999);
  EXPECT_NEAR(comparison.attribution.decode_excess, 0.2, 1e-6);
}

TEST(PlantedCause, TokensThatTakeLongerInCompanyAreBatch) {
  const serving::CompiledDeployment simulated = deployment();
  const serving::Outcome outcome = plumb::test::simulate(simulated, light_load());
  const auto run = run_of(vllm_result(seen(outcome)));
  const std::vector<double> sequences = [&] {
    const Comparison same = compare_with(simulated, run);
    return sequences_decoding(same.pairs, &RequestPair::measured);
  }();
  const Comparison comparison = planted(simulated, light_load(), [&](Seen& one, const serving::RequestRecord& record) {
    one.e2e_s += 0.05 * (sequences[static_cast<std::size_t>(record.id)] - 1.0) * (one.e2e_s - one.ttft_s);
  });
  EXPECT_GT(share_of(comparison, Cause::batch), 0.4);
  EXPECT_GT(share_of(comparison, Cause::batch) + share_of(comparison, Cause::decode), 0.9);
  // Not 0.05: as tokens take longer, more sequences decode on the server than in the simulation.
  EXPECT_GT(comparison.attribution.batch_excess, 0.02);
  EXPECT_LT(comparison.attribution.batch_excess, 0.05);
}

TEST(PlantedCause, WaitingThatIsLongerWhereThereIsWaitingIsQueue) {
  const Comparison comparison =
      planted(deployment(few_places()), heavy_load(),
              [](Seen& one, const serving::RequestRecord& record) { delay(one, 0.5 * queue_s(record)); });
  EXPECT_GT(share_of(comparison, Cause::queue), 0.95);
}

// The server stands still for two seconds; whoever comes meanwhile waits for its end, and finds others waiting.
TEST(PlantedCause, WaitingThatTheSimulationDoesNotHaveIsQueueToo) {
  const Comparison comparison = planted(deployment(), light_load(), [](Seen& one, const serving::RequestRecord&) {
    if (one.start_s > 10.0 && one.start_s < 12.0) delay(one, 12.0 - one.start_s);
  });
  EXPECT_GT(share_of(comparison, Cause::queue), 0.9);
}

// With a load so light that the time of a first token is hardly anything but prefill.
TEST(PlantedCause, PromptsThatAreThereAlreadyAreCache) {
  const Comparison comparison =
      planted(deployment(), mixed_requests(8.0, 400), [](Seen& one, const serving::RequestRecord& record) {
        if (record.id % 2 == 0) delay(one, queue_s(record) + 0.1 * prefill_s(record) - one.ttft_s);
      });
  EXPECT_GT(share_of(comparison, Cause::cache), 0.8);
}

/// One request in twenty is left out for two seconds in the middle of its answer.
void stall(Seen& one, const serving::RequestRecord& record) {
  const auto gaps = static_cast<std::size_t>(one.output_tokens - 1);
  one.gaps_s.assign(gaps, (one.e2e_s - one.ttft_s) / static_cast<double>(gaps));
  if (record.id % 20 != 7) return;
  one.gaps_s[gaps / 2] += 2.0;
  one.e2e_s += 2.0;
}

TEST(PlantedCause, RequestsLeftOutWhileOthersGoOnArePreemption) {
  const Comparison comparison = planted(deployment(), light_load(), stall, {.gaps = true});
  EXPECT_EQ(comparison.attribution.stalled, 20);
  EXPECT_GT(share_of(comparison, Cause::preemption), 0.99);
  EXPECT_EQ(comparison.attribution.preempted, 0);
}

TEST(PlantedCause, WithoutTheGapsNobodyKnows) {
  const Comparison comparison = planted(deployment(), light_load(), stall);
  EXPECT_GT(share_of(comparison, Cause::other), 0.99);
}

TEST(PlantedCause, WhatArrivalsMayAccountForIsTheirs) {
  const serving::CompiledDeployment simulated = deployment(few_places());
  const Comparison comparison = planted(simulated, heavy_load(), {}, {.start_times = false, .rate_per_s = 40.0});
  EXPECT_GT(share_of(comparison, Cause::arrivals), 0.3);
  ASSERT_FALSE(comparison.notes.empty());
  EXPECT_THAT(comparison.notes.front(), testing::StartsWith("The result has no start times"));
}

TEST(PlantedCause, StartTimesThatAreNotTheStatedProcessAreSaid) {
  const Comparison as_stated = planted(deployment(), light_load(), {}, {.rate_per_s = 10.0});
  ASSERT_TRUE(as_stated.arrivals);
  EXPECT_NEAR(as_stated.arrivals->measured_variation, 1.0, 0.2);
  const Comparison other = planted(deployment(), light_load(), {}, {.rate_per_s = 30.0});
  ASSERT_TRUE(other.arrivals);
  EXPECT_FALSE(other.arrivals->agrees);
  ASSERT_FALSE(other.notes.empty());
  EXPECT_THAT(other.notes.back(), testing::HasSubstr("30 were stated"));
  EXPECT_EQ(share_of(other, Cause::arrivals), 0.0);
}

TEST(PlantedCause, PromptsOfOneLengthCannotTellPrefillFromOverhead) {
  std::vector<workload::Request> alike;
  for (std::int64_t i = 0; i < 60; ++i) alike.push_back(plumb::test::request(i, static_cast<double>(i), 500, 20));
  const Comparison comparison =
      planted(deployment(), alike, [](Seen& one, const serving::RequestRecord&) { delay(one, 0.05); });
  EXPECT_EQ(comparison.attribution.prefill_by, Attribution::PrefillBy::constant);
  EXPECT_GT(share_of(comparison, Cause::prefill), 0.99);
}

/// `server` is measured, and compared with the simulation of `simulated`.
Comparison other_server(const serving::CompiledDeployment& server, const serving::CompiledDeployment& simulated,
                        const std::vector<workload::Request>& load) {
  return compare_with(simulated, run_of(vllm_result(seen(plumb::test::simulate(server, load)))));
}

serving::CompiledDeployment on(accelerator::Machine machine) {
  serving::Deployment spec = plumb::test::deployment(model::test::llama_3_8b());
  spec.machine = std::move(machine);
  auto compiled = serving::compile(spec);
  EXPECT_TRUE(compiled);
  return std::move(*compiled);
}

Cause first_cause(const Comparison& comparison) { return comparison.attribution.shares.front().cause; }

TEST(OtherServer, SlowerMemoryIsDecode) {
  accelerator::Machine slower = plumb::test::machine(plumb::test::lossy_class());
  const serving::CompiledDeployment simulated = on(slower);
  slower.memory_bytes_per_s *= 0.7;
  const Comparison comparison = other_server(on(slower), simulated, mixed_requests(2.0, 200));
  EXPECT_EQ(first_cause(comparison), Cause::decode);
  EXPECT_GT(share_of(comparison, Cause::decode), 0.7);
  // Weights and cache take 1 / 0.7 of the time, launches and host what they took.
  EXPECT_GT(comparison.attribution.decode_excess, 0.2);
  EXPECT_LT(comparison.attribution.decode_excess, 1.0 / 0.7 - 1.0);
}

TEST(OtherServer, SlowerArithmeticIsPrefill) {
  accelerator::Machine slower = plumb::test::machine(plumb::test::lossy_class());
  const serving::CompiledDeployment simulated = on(slower);
  for (std::optional<double>& peak : slower.peak_flops_per_s) {
    if (peak) *peak *= 0.5;
  }
  std::vector<workload::Request> load = mixed_requests(1.0, 200);
  for (workload::Request& request : load) request.output_tokens = 2;
  const Comparison comparison = other_server(on(slower), simulated, load);
  EXPECT_EQ(first_cause(comparison), Cause::prefill);
  EXPECT_GT(share_of(comparison, Cause::prefill), 0.8);
}

// With fewer places requests wait, and those that have one decode in less company.
TEST(OtherServer, FewerPlacesAreQueueAndBatch) {
  const Comparison comparison = other_server(deployment(few_places()), deployment(), heavy_load());
  EXPECT_EQ(first_cause(comparison), Cause::queue);
  EXPECT_GT(share_of(comparison, Cause::queue) + share_of(comparison, Cause::batch), 0.9);
  EXPECT_LT(share_of(comparison, Cause::decode), 0.05);
}

TEST(OtherServer, ALargerCacheIsQueueAndPreemption) {
  const Comparison comparison = other_server(deployment(), deployment({}, 10000), heavy_load());
  EXPECT_GT(comparison.attribution.preempted, 0);
  EXPECT_GT(share_of(comparison, Cause::queue) + share_of(comparison, Cause::preemption), 0.7);
}

}  // namespace
}  // namespace plumb::cli
