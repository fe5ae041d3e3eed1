// Does a plan obey the laws that any plan must, whatever the service?

#include "planner/plan.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/document_edit.h"
#include "base/random.h"
#include "model/known_models.h"
#include "support/services.h"

namespace plumb::planner {
namespace {

using test::builtin_catalog;

/// The small service with one more accelerator to choose from.
Service small_service() {
  Service service = test::small_service();
  service.search.accelerators.push_back("mi300x");
  return service;
}

PlanOptions quick() {
  PlanOptions options;
  options.jobs = 1;
  options.requests = 250;
  return options;
}

Plan plan_of(const Service& service, PlanOptions options = quick()) {
  auto plan = make_plan(service, builtin_catalog(), options);
  EXPECT_TRUE(plan) << one_line(plan.error());
  return std::move(*plan);
}

double cheapest(const Plan& plan) {
  return plan.choices.empty() ? std::numeric_limits<double>::infinity() : plan.choices.front().cost.value();
}

TEST(Plan, FindsFleetsThatMeetTheTargets) {
  const Plan plan = plan_of(small_service());
  ASSERT_FALSE(plan.choices.empty());
  EXPECT_DOUBLE_EQ(plan.requests_per_s_peak, 30.0);
  for (const Choice& choice : plan.choices) {
    EXPECT_TRUE(choice.at_goodput.met);
    EXPECT_GE(static_cast<double>(choice.replicas) * choice.goodput_per_s, plan.requests_per_s_peak);
    EXPECT_LE(choice.utilisation, 1.0);
    EXPECT_EQ(choice.accelerators, choice.replicas * choice.candidate.parallelism.ranks());
  }
}

TEST(Plan, RanksByCostAndCallsCloseOnesTies) {
  const Plan plan = plan_of(small_service());
  for (std::size_t i = 1; i < plan.choices.size(); ++i) {
    const Choice& before = plan.choices[i - 1];
    const Choice& choice = plan.choices[i];
    EXPECT_LE(before.cost, choice.cost);
    EXPECT_LE(before.rank, choice.rank);
    if (before.rank == choice.rank) {
      EXPECT_TRUE(before.tie && choice.tie);
      EXPECT_LE(choice.cost, plan.choices[static_cast<std::size_t>(choice.rank - 1)].cost * (1.0 + tie_share));
    }
  }
}

// A plan without the accelerators of a memory whose file is wrong would be a wrong plan.
TEST(Plan, AMemoryThatContradictsItselfIsAnError) {
  const Document value = Document::parse_toml("tRAS = \"60 ns\"", "study.toml").value();
  const Edit edit{{"dram", "timing", "tRAS"},
                  *value.root().find("tRAS"),
                  std::nullopt,
                  std::make_shared<EditOrigin>(EditOrigin{value, "axis"})};
  catalog::Catalog catalog = builtin_catalog();
  const Document wrong = catalog.memory("hbm3")->document->with({&edit, 1}).value();
  ASSERT_TRUE(catalog.put("memories", "hbm3", wrong).has_value());
  const auto plan = make_plan(small_service(), catalog, {});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().fault, Fault::input);
  EXPECT_NE(one_line(plan.error()).find("tRAS of"), std::string::npos) << one_line(plan.error());
}

// What vLLM would not start with is no candidate.
TEST(Plan, LimitsThatTheEngineRefusesAreNotTried) {
  Service service = small_service();
  service.search.max_num_seqs = {32, 4096};
  const CandidateList found = enumerate(service, builtin_catalog()).value();
  for (const Candidate& candidate : found.candidates) {
    EXPECT_EQ(candidate.engine.max_num_seqs, 32) << candidate.label;
  }
  service.search.engine.scheduler = "sglang";
  const CandidateList all = enumerate(service, builtin_catalog()).value();
  EXPECT_TRUE(std::any_of(all.candidates.begin(), all.candidates.end(),
                          [](const Candidate& candidate) { return candidate.engine.max_num_seqs == 4096; }));
}

// Law: a token of a fleet kept for the peak costs no less than one of a fleet in full use.
TEST(Plan, FullUseCostsNoMoreThanReserved) {
  for (const Choice& choice : plan_of(small_service()).choices) {
    EXPECT_LE(choice.per_million_output_full.value(), choice.per_million_output_reserved.value() * (1.0 + 1e-12));
  }
}

// Law: a fleet gives out the tokens that the day asks for: tokens/s at the peak are the rate times the mean output, but
// for the chance of which requests end within the window.
TEST(Plan, ThroughputAtThePeakIsTheDemand) {
  PlanOptions options = quick();
  options.requests = 4000;
  for (const Choice& choice : plan_of(small_service(), options).choices) {
    const double demanded = choice.at_peak.rate_per_s * choice.at_peak.output_tokens_mean;
    EXPECT_NEAR(choice.at_peak.output_tokens_per_s / demanded, 1.0, 0.05) << choice.candidate.label;
  }
}

// Law: no goodput is above what the replica completes when it is never without work, however loose the target.
TEST(Plan, GoodputIsNotAboveCapacity) {
  Service service = small_service();
  service.search.accelerators = {"h100-sxm"};
  service.search.tensor_parallel_sizes = {1};
  service.targets = {};
  service.targets.e2e = serving::Target{1e5, 95.0};
  PlanOptions options = quick();
  options.requests = 1000;
  const Plan plan = plan_of(service, options);
  ASSERT_EQ(plan.choices.size(), 1u);
  const Choice& choice = plan.choices.front();
  const double sustained = saturation_rate(service, *choice.candidate.deployment, 20000);
  EXPECT_LE(choice.goodput_per_s, sustained * 1.03);
  EXPECT_GE(choice.goodput_per_s, sustained * 0.9);
}

// Law: what does not fit is never planned. L4 has 24 GB: in bf16 a 70B model fits nowhere on it.
TEST(Plan, MemoryThatDoesNotFitIsNeverPlanned) {
  Service service = small_service();
  service.models = {{"70B", std::make_shared<const model::Model>(model::test::llama_3_70b()), {}}};
  service.search.accelerators = {"l4"};
  const Plan plan = plan_of(service);
  EXPECT_TRUE(plan.choices.empty());
  ASSERT_FALSE(plan.discards.empty());
  for (const Discard& discard : plan.discards)
    EXPECT_EQ(discard.bound, Discard::Bound::memory) << discard.label << discard.reason;
  ASSERT_TRUE(plan.nearest);
  EXPECT_EQ(plan.nearest->target, "memory");
}

TEST(Plan, NamesTheTargetThatIsNearest) {
  Service service = small_service();
  service.targets.tpot = serving::Target{1e-4, 90.0};
  const Plan plan = plan_of(service);
  EXPECT_TRUE(plan.choices.empty());
  ASSERT_TRUE(plan.nearest);
  EXPECT_EQ(plan.nearest->target, "TPOT");
  EXPECT_GT(plan.nearest->ratio(), 1.0);
}

TEST(Plan, TheNumberOfJobsChangesNothing) {
  PlanOptions one = quick(), many = quick();
  many.jobs = 4;
  const Plan a = plan_of(small_service(), one), b = plan_of(small_service(), many);
  ASSERT_EQ(a.choices.size(), b.choices.size());
  for (std::size_t i = 0; i < a.choices.size(); ++i) {
    EXPECT_EQ(a.choices[i].candidate.label, b.choices[i].candidate.label);
    EXPECT_EQ(a.choices[i].cost.value(), b.choices[i].cost.value());
    EXPECT_EQ(a.choices[i].at_peak.e2e_p50_s, b.choices[i].at_peak.e2e_p50_s);
  }
  EXPECT_EQ(a.discards.size(), b.discards.size());
}

/// Draws of the laws below: a plan takes a while, so a dozen each.
constexpr int draws = 12;

Service law_service(Stream& stream) {
  Service service = small_service();
  service.search.accelerators = {"h100-sxm", "l4"};
  service.search.tensor_parallel_sizes = {1};
  service.seed = stream.below(1000);
  return service;
}

// Law: more load never lowers what the fleet costs an hour.
TEST(Plan, MoreLoadNeverCostsLess) {
  Stream stream(11, "more load");
  for (int i = 0; i < draws; ++i) {
    Service service = law_service(stream);
    service.demand.requests_per_s_mean = stream.uniform(0.5, 200.0);
    const double before = cheapest(plan_of(service));
    service.demand.requests_per_s_mean *= stream.uniform(1.0, 3.0);
    EXPECT_GE(cheapest(plan_of(service)), before) << "draw " << i;
  }
}

// Law: a looser target never raises it, chance or not: the same requests are drawn for both.
TEST(Plan, LooserTargetsNeverCostMore) {
  Stream stream(12, "looser targets");
  for (int i = 0; i < draws; ++i) {
    Service service = law_service(stream);
    service.targets.ttft->limit_s = stream.uniform(0.05, 2.0);
    service.targets.ttft->percentile = service.targets.tpot->percentile = stream.uniform(50.0, 99.9);
    service.targets.tpot->limit_s = stream.uniform(0.005, 0.1);
    const double before = cheapest(plan_of(service));
    service.targets.ttft->limit_s *= stream.uniform(1.0, 3.0);
    service.targets.tpot->limit_s *= stream.uniform(1.0, 3.0);
    service.targets.tpot->percentile *= stream.uniform(0.3, 1.0);
    EXPECT_LE(cheapest(plan_of(service)), before) << "draw " << i;
  }
}

}  // namespace
}  // namespace plumb::planner
