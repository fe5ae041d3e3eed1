// Do the rungs of the ladder add up, and follow from the step's cost?

#include "cli/explanation.h"
#include "cli/memory_rung.h"
#include "cli/pim_rung.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/document.h"
#include "base/file.h"
#include "cli/step_view.h"
#include "support/deployments.h"
#include "support/golden.h"
#include "support/pim_machines.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;

Subject subject(serving::EngineSettings engine = {}) {
  Subject subject;
  subject.name = "test";
  subject.deployment =
      std::make_shared<const serving::CompiledDeployment>(test::llama_with_cache(100000, std::move(engine)));
  economics::AcceleratorCost cost;
  cost.rent = 3.6 * dollar / hour;
  subject.cost = cost;
  return subject;
}

/// The same on a machine whose memory computes.
Subject subject_with_units() {
  Subject made = subject();
  serving::Deployment deployment = test::deployment(model::test::llama_3_8b());
  deployment.machine.pim = test::pim_memory("hbm3-pim");
  auto compiled = serving::compile(deployment);
  if (!compiled) std::abort();
  made.deployment = std::make_shared<const serving::CompiledDeployment>(std::move(*compiled));
  return made;
}

Explanation explained(const Subject& subject, std::int64_t prompt, std::int64_t output, std::int64_t batch) {
  auto explanation = explain(subject, {prompt, output, batch});
  EXPECT_TRUE(explanation.has_value()) << one_line(explanation.error());
  return std::move(*explanation);
}

RC_GTEST_PROP(Explanation, OperatorsAndHostAddUpToTheStep, ()) {
  static const Subject subjects[] = {subject(), subject_with_units()};
  const Subject& deployment = subjects[*rc::gen::inRange(0, 2)];
  const auto prompt = *rc::gen::inRange<std::int64_t>(1, 3000);
  const auto output = *rc::gen::inRange<std::int64_t>(1, 200);
  const auto batch = *rc::gen::inRange<std::int64_t>(1, 20);
  const Explanation made = explained(deployment, prompt, output, batch);
  for (const StepView* view : {&made.prefill, &made.alone, &made.together}) {
    double seconds = view->host_s, bytes = 0.0, bound_s = 0.0;
    for (const OperatorLine& line : view->lines) {
      seconds += line.time.seconds();
      bytes += line.work.bytes();
      bound_s += line.physical_bound_s;
      RC_ASSERT(line.time.seconds() >= line.physical_bound_s * (1.0 - 1e-9));
    }
    RC_ASSERT(std::abs(seconds - view->seconds) <= 1e-9 * view->seconds);
    RC_ASSERT(std::abs(bytes - view->work.bytes()) <= 1e-9 * bytes);
    RC_ASSERT(std::abs(bound_s - view->physical_bound_s) <= 1e-9 * bound_s);
    RC_ASSERT(view->bandwidth_share(deployment.spec().machine) <= 1.0);
  }
}

TEST(Explanation, DecodeIsTheStepThatTheSimulationWouldTake) {
  const Subject deployment = subject();
  const Explanation made = explained(deployment, 500, 101, 8);
  model::Step step;
  for (int i = 0; i < 8; ++i) model::add_decode(*deployment.spec().model, step, 550);
  EXPECT_NEAR(made.together.seconds, deployment.deployment->cost.step_time_s(step), 1e-12);
  EXPECT_EQ(made.together.tokens, 8);
}

// The request alone: what a simulation of that one request gives.
TEST(Explanation, TheRequestAloneIsTheSimulationOfIt) {
  serving::EngineSettings engine;
  engine.max_num_batched_tokens = 512;
  const Subject deployment = subject(engine);
  const Explanation made = explained(deployment, 1700, 40, 1);
  const serving::Outcome outcome = test::simulate(*deployment.deployment, {test::request(0, 0.0, 1700, 40)});
  EXPECT_EQ(made.prefill.steps, 4);
  EXPECT_NEAR(made.ttft_s, outcome.requests[0].ttft_s(), 1e-9);
  EXPECT_NEAR(made.tpot_alone_s, outcome.requests[0].tpot_s(), 1e-9);
  EXPECT_NEAR(made.e2e_alone_s, outcome.requests[0].e2e_s(), 1e-9);
}

TEST(Explanation, MoneyAndEnergyAreTimeTimesRates) {
  const Subject deployment = subject();
  const Explanation made = explained(deployment, 500, 100, 10);
  const RequestBill& bill = made.bill_together;
  EXPECT_NEAR(*bill.dollars, bill.replica_s() * 0.001, 1e-15);
  EXPECT_NEAR(*bill.dollars_per_million_output, *bill.dollars / 100.0 * 1e6, 1e-9);
  EXPECT_NEAR(bill.joules_max, bill.replica_s() * 700.0, 1e-9);
  EXPECT_LT(bill.replica_s(), made.bill_alone.replica_s());
}

TEST(Explanation, WithoutAPriceThereIsNoMoney) {
  Subject deployment = subject();
  deployment.cost.reset();
  const Explanation made = explained(deployment, 500, 100, 10);
  EXPECT_FALSE(made.bill_alone.dollars.has_value());
  EXPECT_THAT(explanation_text(deployment, made, nullptr, {}), HasSubstr("unknown"));
  EXPECT_THAT(explanation_json(deployment, made, nullptr), HasSubstr("\"usd\": null"));
}

TEST(Explanation, TheRidgeIsPeakComputeOverPeakBandwidth) {
  EXPECT_DOUBLE_EQ(explained(subject(), 500, 100, 1).ridge, 1e15 / 3e12);
}

TEST(Explanation, BatchIsWhatFits) {
  const Subject deployment = subject();  // a cache of 100,000 tokens
  EXPECT_EQ(explained(deployment, 9000, 1000, 0).batch, 10);
  EXPECT_EQ(explained(deployment, 500, 100, 0).batch, 32);
  const auto too_many = explain(deployment, {9000, 1000, 11});
  ASSERT_FALSE(too_many.has_value());
  EXPECT_EQ(too_many.error().fault, Fault::unmet);
  EXPECT_EQ(too_many.error().expected, "--batch of at most 10");
  const auto beyond_engine = explain(deployment, {10, 10, 257});
  ASSERT_FALSE(beyond_engine.has_value());
  EXPECT_EQ(beyond_engine.error().fault, Fault::input);
}

TEST(Explanation, ARequestThatIsTooLongIsUnmet) {
  const Subject deployment = subject();
  const auto made = explain(deployment, {deployment.deployment->max_model_len, 1, 0});
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().fault, Fault::unmet);
}

TEST(Explanation, ASingleTokenHasNoDecode) {
  const Explanation made = explained(subject(), 500, 1, 4);
  EXPECT_EQ(made.tpot_alone_s, 0.0);
  EXPECT_EQ(made.bill_together.decode_s, 0.0);
  EXPECT_EQ(made.e2e_alone_s, made.ttft_s);
}

MemoryRung rung_of_hbm3(const Subject& of) {
  Subject with = of;
  serving::CompiledDeployment deployment = *of.deployment;
  deployment.deployment.machine.memory_specification = "hbm3";
  with.deployment = std::make_shared<const serving::CompiledDeployment>(std::move(deployment));
  return find_memory_rung(catalog::Catalog::builtin().value(), with).value();
}

TEST(Explanation, TheDramOpensRowsForWhatAStepMoves) {
  const Subject deployment = subject();
  const Explanation made = explained(deployment, 500, 100, 10);
  const MemoryRung rung = rung_of_hbm3(deployment);
  const StepRung step = rung.of(made.together);
  double bytes = 0.0;
  for (const RungLine& line : step) {
    bytes += line.bytes;
    EXPECT_GE(line.activations() * 1024.0, line.bytes * 0.99) << line.name << ": an activation opens a kibibyte";
    EXPECT_GT(line.joules(), 0.0);
  }
  EXPECT_NEAR(bytes, made.together.work.bytes(), 1e-9 * bytes);
  EXPECT_GT(step[1].activations() / step[1].bytes, step[0].activations() / step[0].bytes)
      << "gathering opens more rows";
  EXPECT_THAT(explanation_text(deployment, made, &rung, {}), HasSubstr("The rung of the DRAM"));
}

TEST(Explanation, AMemoryThatIsNotDescribedIsNotLookedAt) {
  Subject deployment = subject();
  EXPECT_FALSE(find_memory_rung(catalog::Catalog::builtin().value(), deployment).has_value());
}

const BatchesInMemory& batches_of(const Explanation& explanation, std::string_view name) {
  for (const BatchesInMemory& batches : explanation.in_memory)
    if (batches.name == name) return batches;
  std::abort();
}

// Units take one vector after the other, so the host wins as the batch grows; heads of keys fill channels, so attention
// needs a batch.
TEST(Explanation, SaysFromWhichBatchTheHostIsFaster) {
  const Subject deployment = subject_with_units();
  const Explanation made = explained(deployment, 2000, 200, 16);
  const BatchesInMemory& product = batches_of(made, "down");
  ASSERT_EQ(product.spans.size(), 1U);
  EXPECT_EQ(product.spans.front().first, 1);
  ASSERT_TRUE(product.host_from());
  EXPECT_EQ(*product.host_from(), product.spans.front().second + 1);
  for (const std::int64_t batch : {product.spans.front().second, *product.host_from()}) {
    const StepView view = view_decode(*deployment.deployment, batch, 2100);
    for (const OperatorLine& line : view.lines) {
      if (line.name != "down") continue;
      EXPECT_EQ(line.in_memory.steps_in_memory > 0, batch < *product.host_from()) << batch;
    }
  }
  EXPECT_GT(batches_of(made, "attention").spans.front().first, 1);
}

TEST(Explanation, WhatUnitsTakeDoesNotGoOverThePins) {
  const Subject deployment = subject_with_units();
  const Explanation made = explained(deployment, 2000, 200, 16);
  EXPECT_LT(made.alone.streamed.weight_bytes, 0.01 * made.alone.work.weight_bytes);
  EXPECT_EQ(made.together.streamed.cache_bytes, 0.0);
  // Of the prefill the LM head alone has one row.
  const double left = made.prefill.work.weight_bytes - made.prefill.streamed.weight_bytes;
  EXPECT_NEAR(left, 128256.0 * 4096.0 * 2.0, 1.0);
}

TEST(Explanation, TheTableOfUnitsIsApproved) {
  const Subject deployment = subject_with_units();
  const Explanation made = explained(deployment, 2000, 200, 16);
  test::expect_golden("cli/explain-pim.txt", report::render_text(pim_table(deployment, made), {}));
  EXPECT_THAT(explanation_text(deployment, made, nullptr, {}), HasSubstr("The rung of the units in memory"));
}

TEST(Explanation, TextSaysWhereTheDramRungEnds) {
  const Subject deployment = subject();
  const std::string text = explanation_text(deployment, explained(deployment, 500, 100, 10), nullptr, {});
  EXPECT_THAT(text, HasSubstr("The ladder"));
  EXPECT_THAT(text, HasSubstr("to the DRAM are not looked at"));
  EXPECT_THAT(text, HasSubstr("Evidence: datasheet."));
}

void expect_documented(const Node& node, const std::string& page) {
  for (const Node::Member& member : node.members) {
    if (member.key == "time_ms_by_bound") continue;
    EXPECT_THAT(page, HasSubstr("`" + member.key + "`"));
    expect_documented(member.value, page);
    for (const Node& item : member.value.items) expect_documented(item, page);
  }
}

TEST(Explanation, EveryFieldIsInTheDocumentation) {
  const auto page = read_file(std::string(PLUMB_SOURCE_DIR "/docs/explain.md"), 1 << 20);
  ASSERT_TRUE(page.has_value());
  const Subject deployment = subject();
  const MemoryRung rung = rung_of_hbm3(deployment);
  const auto made =
      Document::parse_json(explanation_json(deployment, explained(deployment, 500, 100, 10), &rung), "out.json");
  ASSERT_TRUE(made.has_value());
  expect_documented(made->root(), *page);
  const Subject units = subject_with_units();
  const auto in_memory =
      Document::parse_json(explanation_json(units, explained(units, 500, 100, 10), nullptr), "out.json");
  ASSERT_TRUE(in_memory.has_value());
  ASSERT_NE(in_memory->root().find("compute_in_memory"), nullptr);
  expect_documented(in_memory->root(), *page);
}

TEST(Explain, RunsOnADeploymentAndOnAService) {
  for (const char* file : {"tests/data/cli/deployment.toml", "tests/data/cli/small.toml"}) {
    const test::ProgramRun run = test::run_program({"explain", file});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("The ladder"));
    const test::ProgramRun again = test::run_program({"explain", file});
    EXPECT_EQ(run.out, again.out);
  }
}

}  // namespace
}  // namespace plumb::cli
