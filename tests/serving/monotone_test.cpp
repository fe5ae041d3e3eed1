// Does a faster machine serve no slower? Where the order of events cannot change, every token must come no later.
//
// In general it need not: a step that ends sooner may miss an arrival that it would have taken along (the anomalies of
// Graham 1966, of which AFasterMachineMayEndLater shows one). Two cases are proved and tested:
//
//   a batch     All requests are there at the start. What a scheduler decides depends on the engine's state and not on
//               the clock, so both machines make the same steps, and each is no longer (StepCost.MonotoneInMachine).
//               Only with one stage: batches in several come back in an order that depends on their lengths.
//   one place   Requests are served one by one, in order of arrival, each with the steps that it has alone. Then
//               start = max(arrival, end of the one before), and end - start is no longer (Lindley 1952).
//
// Without cache tiers in both: what they have depends on the clock. One who comes sooner may find that its prefix is
// still being written, and compute it.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/random_cases.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::Case;
using test::request;

/// The same deployment with more bandwidth, more FLOP/s, faster links or all of them; its memory is no larger.
CompiledDeployment faster(const CompiledDeployment& slow) {
  Deployment deployment = slow.deployment;
  const auto factor = [] { return *rc::gen::element(1.0, 1.0 + 1e-6, 1.1, 1.5, 4.0, 1000.0); };
  deployment.machine.memory_bytes_per_s *= factor();
  deployment.machine.link_bytes_per_s *= factor();
  const double compute = factor();
  for (auto& peak : deployment.machine.peak_flops_per_s) {
    if (peak) *peak *= compute;
  }
  auto compiled = compile(deployment);
  if (!compiled) std::abort();
  compiled->cache = slow.cache;
  compiled->max_model_len = slow.max_model_len;
  return std::move(*compiled);
}

void expect_no_token_later(const Outcome& fast, const Outcome& slow) {
  constexpr double rounding = 1.0 + 1e-12;
  RC_ASSERT(fast.requests.size() == slow.requests.size());
  for (std::size_t i = 0; i < fast.requests.size(); ++i) {
    RC_ASSERT(fast.requests[i].rejected == slow.requests[i].rejected);
    if (fast.requests[i].rejected) continue;
    RC_ASSERT(fast.requests[i].scheduled_s <= slow.requests[i].scheduled_s * rounding);
    RC_ASSERT(fast.requests[i].first_token_s <= slow.requests[i].first_token_s * rounding);
    RC_ASSERT(fast.requests[i].finish_s <= slow.requests[i].finish_s * rounding);
  }
}

TEST(Monotone, AFasterMachineGivesNoTokenOfABatchLater) {
  for (const std::string_view scheduler : scheduler_names()) {
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      Case made = test::any_case(scheduler);
      made.deployment.cache_tiers.clear();
      for (workload::Request& r : made.requests) {
        r.arrival_s = 0.0;
        r.cancel_s = never_s;
      }
      const Outcome slow = test::simulate(made.deployment, made.requests, made.options);
      const Outcome fast = test::simulate(faster(made.deployment), made.requests, made.options);
      RC_ASSERT(fast.counters.steps == slow.counters.steps);
      RC_ASSERT(fast.counters.preemptions == slow.counters.preemptions);
      RC_ASSERT(fast.counters.prompt_tokens_computed == slow.counters.prompt_tokens_computed);
      RC_ASSERT(fast.counters.busy <= slow.counters.busy);
      expect_no_token_later(fast, slow);
    }));
  }
}

TEST(Monotone, AFasterMachineServesOneByOneNoLater) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (scheduler == "sglang-lpm") continue;  // serves in an order that depends on who is there
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      Case made = test::any_case(scheduler);
      made.deployment.cache_tiers.clear();
      for (workload::Request& r : made.requests) r.cancel_s = never_s;
      made.options.router = "round-robin";
      made.deployment.deployment.engine.max_num_seqs = 1;
      made.deployment.deployment.engine.scheduling_policy = SchedulingPolicy::fcfs;
      const Outcome slow = test::simulate(made.deployment, made.requests, made.options);
      const Outcome fast = test::simulate(faster(made.deployment), made.requests, made.options);
      expect_no_token_later(fast, slow);
    }));
  }
}

// Static batches of two. On the slow machine the first batch lasts until the third request is there, and the second and
// third are served together. The fast one has begun with the second alone by then, and the third waits for its end:
// where a batch of two takes hardly longer than one of one, it ends later than on the slow machine.
TEST(Monotone, AFasterMachineMayEndLater) {
  EngineSettings engine;
  engine.scheduler = "static";
  engine.max_num_seqs = 2;
  const CompiledDeployment slow = test::llama_with_cache(100000, engine);
  Deployment sped_up = slow.deployment;
  sped_up.machine.memory_bytes_per_s *= 1.2;
  auto fast = compile(sped_up);
  ASSERT_TRUE(fast);
  fast->cache = slow.cache;
  const auto alone_s = [](const CompiledDeployment& deployment) {
    return test::simulate(deployment, {request(0, 0.0, 100, 200)}).requests[0].finish_s;
  };
  const double third_s = 0.5 * (alone_s(*fast) + alone_s(slow));
  const std::vector<workload::Request> requests{request(0, 0.0, 100, 200), request(1, 0.01, 100, 200),
                                                request(2, third_s, 100, 200)};
  const Outcome slow_end = test::simulate(slow, requests), fast_end = test::simulate(*fast, requests);
  EXPECT_LT(fast_end.requests[1].finish_s, slow_end.requests[1].finish_s);
  EXPECT_GT(fast_end.requests[2].finish_s, slow_end.requests[2].finish_s);
}

}  // namespace
}  // namespace plumb::serving
