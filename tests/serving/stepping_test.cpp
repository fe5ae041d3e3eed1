// Do runs of steps give what single steps give? The plain stepper is the reference: every sequence by itself, one token
// at a time. Every time must be the same to the last bit, and every counter.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/fleet.h"
#include "serving/random_cases.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::any_case;
using test::Case;
using test::request;

void expect_equal_records(const Outcome& a, const Outcome& b) {
  RC_ASSERT(a.requests.size() == b.requests.size());
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    const RequestRecord &left = a.requests[i], &right = b.requests[i];
    RC_ASSERT(left.id == right.id);
    RC_ASSERT(left.replica == right.replica);
    RC_ASSERT(left.rejected == right.rejected);
    RC_ASSERT(left.preemptions == right.preemptions);
    RC_ASSERT(left.cancelled == right.cancelled);
    RC_ASSERT(left.completed() + left.rejected + left.cancelled == 1);
    RC_ASSERT(left.cached_tokens == right.cached_tokens);
    RC_ASSERT(left.loaded_tokens == right.loaded_tokens);
    RC_ASSERT(left.scheduled_s == right.scheduled_s);
    RC_ASSERT(left.first_token_s == right.first_token_s);
    RC_ASSERT(left.finish_s == right.finish_s);
  }
}

void expect_equal_links(const TransferLink::Counts& a, const TransferLink::Counts& b) {
  RC_ASSERT(a.transfers == b.transfers);
  RC_ASSERT(a.bytes == b.bytes);
  RC_ASSERT(a.refused == b.refused);
  RC_ASSERT(a.queued == b.queued);
  RC_ASSERT(a.busy == b.busy);
}

void expect_equal_tiers(const std::vector<CacheTierCounts>& a, const std::vector<CacheTierCounts>& b) {
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    expect_equal_links(a[i].reads, b[i].reads);
    expect_equal_links(a[i].writes, b[i].writes);
    RC_ASSERT(a[i].tokens_loaded == b[i].tokens_loaded);
    RC_ASSERT(a[i].bytes_held == b[i].bytes_held);
    RC_ASSERT(a[i].bytes_evicted == b[i].bytes_evicted);
    RC_ASSERT(a[i].writes.bytes == a[i].bytes_held + a[i].bytes_evicted + a[i].bytes_cut);
  }
}

void expect_equal_counters(const Outcome& a, const Outcome& b) {
  RC_ASSERT(a.counters.steps == b.counters.steps);
  RC_ASSERT(a.counters.preemptions == b.counters.preemptions);
  RC_ASSERT(a.counters.prompt_tokens_computed == b.counters.prompt_tokens_computed);
  RC_ASSERT(a.counters.tokens_generated == b.counters.tokens_generated);
  RC_ASSERT(a.counters.busy == b.counters.busy);
  RC_ASSERT(a.counters.sequence_time == b.counters.sequence_time);
  RC_ASSERT(a.counters.cache_bytes_peak == b.counters.cache_bytes_peak);
  RC_ASSERT(a.counters.prefix.hit == b.counters.prefix.hit);
  RC_ASSERT(a.counters.prefix.external_hit == b.counters.prefix.external_hit);
  expect_equal_tiers(a.counters.cache_tiers, b.counters.cache_tiers);
  RC_ASSERT(a.gaps.count() == b.gaps.count());
  RC_ASSERT(a.gaps.mean_s() == b.gaps.mean_s());
  RC_ASSERT(std::abs(a.gaps.deviation_s() - b.gaps.deviation_s()) <= 1e-6 * b.gaps.mean_s());
  RC_ASSERT(std::abs(a.gaps.percentile_s(90.0) - b.gaps.percentile_s(90.0)) <= 0.011 * b.gaps.percentile_s(90.0));
}

TEST(Stepping, RunsOfStepsGiveTheBitsOfSingleSteps) {
  for (const std::string_view scheduler : scheduler_names()) {
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      Case made = any_case(scheduler);
      const Outcome runs = test::simulate(made.deployment, made.requests, made.options);
      made.options.stepping = Stepping::plain;
      const Outcome plain = test::simulate(made.deployment, made.requests, made.options);
      expect_equal_records(runs, plain);
      expect_equal_counters(runs, plain);
    }));
  }
}

// Loads from cache tiers come between steps as arrivals do: with small caches, prompts that share much, and tiers that
// are slow, full or refuse.
TEST(Stepping, RunsEndWhereLoadsFromTiersDo) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (!make_scheduler(scheduler)->reuses_prefixes()) continue;
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      const int sharing = *rc::gen::element(0, 1);
      Case made = test::any_case_of(scheduler, model::test::llama_3_8b(), sharing);
      made.options.replicas = 1;
      CachePlan& cache = made.deployment.cache;
      cache.pool_bytes = cache.bytes_of(*rc::gen::element<std::int64_t>(3500, 4000, 7000));
      made.deployment.max_model_len = std::min<std::int64_t>(cache.longest(made.deployment.max_model_len), 3500);
      if (made.deployment.cache_tiers.empty()) made.deployment.cache_tiers.resize(1, test::perfect_tier(cache));
      const Outcome runs = test::simulate(made.deployment, made.requests, made.options);
      made.options.stepping = Stepping::plain;
      const Outcome plain = test::simulate(made.deployment, made.requests, made.options);
      expect_equal_records(runs, plain);
      expect_equal_counters(runs, plain);
      RC_CLASSIFY(plain.counters.prefix.external_hit > 0, "loads");
      RC_CLASSIFY(plain.counters.prefix.hit > 0, "hits");
      RC_CLASSIFY(plain.counters.preemptions > 0, "preempts");
    }));
  }
}

// Replicas that do not know of each other are simulated one by one, on threads, to the same bits.
RC_GTEST_PROP(Stepping, ReplicasApartGiveTheBitsOfReplicasTogether, ()) {
  const std::vector<std::string_view> names = scheduler_names();
  Case made = any_case(names[*rc::gen::inRange<std::size_t>(0, names.size())]);
  made.options.router = "round-robin";
  made.options.jobs = *rc::gen::element(1, 2, 3);
  const auto apart_source = workload::fixed_requests(made.requests),
             together_source = workload::fixed_requests(made.requests);
  const auto apart = simulate_apart(made.deployment, *apart_source, made.options);
  const auto together = simulate_together(made.deployment, *together_source, made.options);
  RC_ASSERT(apart.has_value() && together.has_value());
  expect_equal_records(*apart, *together);
  expect_equal_counters(*apart, *together);
  RC_ASSERT(apart->gaps.percentile_s(50.0) == together->gaps.percentile_s(50.0));
  RC_ASSERT(apart->duration_s == together->duration_s);
}

// A long answer alone is one run, whatever its length: events are those of the request, not of its tokens.
TEST(Stepping, ALongAnswerCostsAHandfulOfEvents) {
  const CompiledDeployment deployment = test::llama_with_cache(100000);
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 100, 20000)});
  EXPECT_EQ(outcome.counters.steps, 20000);
  EXPECT_LE(outcome.counters.events, 3);
}

}  // namespace
}  // namespace plumb::serving
