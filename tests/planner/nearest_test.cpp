// Where nothing meets the targets, is what the plan names really what is nearest?

#include <algorithm>

#include <gtest/gtest.h>

#include "support/services.h"

namespace plumb::planner {
namespace {

using test::quick_plan;

TEST(Nearest, IsTheSmallestOfAllThatWereMissed) {
  const Service service = test::service_that_nothing_meets();
  const Plan plan = quick_plan(service);
  ASSERT_TRUE(plan.choices.empty());
  ASSERT_TRUE(plan.nearest);
  // The fastest that it may use: the one with most memory bandwidth, over most ranks.
  EXPECT_EQ(plan.nearest->label, "8B on h100-sxm TP2");
  EXPECT_EQ(plan.nearest->target, "TPOT");
  EXPECT_GT(plan.nearest->ratio(), 1.0);
}

// A 70B model lacks memory by a factor of three on an L4, an 8B model misses the target by far more; but it runs.
TEST(Nearest, WhatRunsTooSlowlyIsNearerThanWhatDoesNotFit) {
  Service service = test::service_that_nothing_meets();
  service.search.accelerators = {"l4"};
  service.models.push_back({"70B", std::make_shared<const model::Model>(model::test::llama_3_70b()), {}});
  const Plan plan = quick_plan(service);
  ASSERT_TRUE(plan.nearest);
  EXPECT_EQ(plan.nearest->target, "TPOT");
  EXPECT_TRUE(std::any_of(plan.discards.begin(), plan.discards.end(),
                          [](const Discard& discard) { return discard.bound == Discard::Bound::memory; }));
}

// 19.9 GB of weights a rank would fit into the L4's 24 GB, but not into the share of it that an engine may use.
TEST(Nearest, CountsTheMemoryThatAnEngineMayUse) {
  Service service = test::service_that_fits_nowhere();
  service.search.tensor_parallel_sizes = {2};
  service.models = {{"70B",
                     std::make_shared<const model::Model>(model::test::llama_3_70b()),
                     {.weights = NumberFormat::int4, .cache = {}}}};
  service.search.engine.gpu_memory_utilization = 0.8;
  const Plan plan = quick_plan(service);
  ASSERT_TRUE(plan.nearest);
  EXPECT_EQ(plan.nearest->target, "memory");
  EXPECT_LT(plan.nearest->limit, 24e9 * 0.8 + 1.0);
  EXPECT_GE(plan.nearest->reached, plan.nearest->limit);
}

TEST(Nearest, IsNoneWhereRequestsAreTooLong) {
  Service service = test::small_service();
  service.lengths = workload::fixed_lengths({10'000'000, 10});
  const Plan plan = quick_plan(service);
  EXPECT_TRUE(plan.choices.empty());
  EXPECT_FALSE(plan.nearest);
  for (const Discard& discard : plan.discards) EXPECT_EQ(discard.bound, Discard::Bound::length);
}

// The lengths that a plan tells are the service's, whether or not anything serves them.
TEST(Nearest, LengthsAreKnownWithoutAChoice) {
  Service service = test::service_that_nothing_meets();
  service.lengths = workload::fixed_lengths({300, 40});
  const Plan plan = quick_plan(service);
  EXPECT_DOUBLE_EQ(plan.prompt_tokens_mean, 300.0);
  EXPECT_DOUBLE_EQ(plan.output_tokens_mean, 40.0);
}

}  // namespace
}  // namespace plumb::planner
