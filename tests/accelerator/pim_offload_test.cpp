// Does an operator run where it is faster, and what decides that?

#include "accelerator/pim_offload.h"

#include <cmath>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/step_cost.h"
#include "model/known_models.h"
#include "support/pim_machines.h"

namespace plumb::accelerator {
namespace {

using testing::HasSubstr;

std::shared_ptr<const PimMemory> any_memory() {
  static const auto all = [] {
    std::vector<std::shared_ptr<const PimMemory>> memories;
    for (const char* name : test::pim_names) memories.push_back(test::pim_memory(name));
    return memories;
  }();
  return all[*rc::gen::inRange<std::size_t>(0, all.size())];
}

StepCost cost_of(const Machine& machine, const model::Model& model, const model::Precision& precision = {},
                 const model::Parallelism& parallelism = {.tensor = 2}) {
  auto cost = compile(machine, model, precision, parallelism);
  if (!cost) std::abort();
  return std::move(*cost);
}

const model::Model& any_model() {
  static const model::Model models[] = {model::test::llama_3_8b(), model::test::mixtral_8x7b(),
                                        model::test::deepseek_v3(), model::test::gpt_oss_20b(),
                                        model::test::qwen3_next_80b()};
  return models[*rc::gen::inRange(0, 5)];
}

model::Step decode(const model::Model& model, int sequences, std::int64_t context) {
  model::Step step;
  for (int s = 0; s < sequences; ++s) model::add_decode(model, step, context);
  return step;
}

const StepProfile::Line& line_of(const StepProfile& profile, std::string_view name) {
  for (const StepProfile::Line& line : profile.lines)
    if (line.name == name) return line;
  std::abort();
}

/// The test machine with hbm3-pim, and Llama 3 8B on it.
StepProfile llama_profile(int sequences, std::int64_t context, PimUse use = {.stacks = 5}) {
  const model::Model model = model::test::llama_3_8b();
  return cost_of(test::pim_machine(test::pim_memory("hbm3-pim", use)), model, {}, {})
      .profile(decode(model, sequences, context));
}

// Law: a tie of 1 % is all that energy may decide.
RC_GTEST_PROP(PimOffload, NoOperatorIsSlowerThanOnTheHostAlone, ()) {
  const model::Model& model = any_model();
  const StepCost plain = cost_of(test::machine(test::lossy_class()), model);
  const StepCost offloaded = cost_of(test::pim_machine(any_memory()), model);
  model::Step step = decode(model, *rc::gen::inRange(0, 100), *rc::gen::inRange<std::int64_t>(1, 20000));
  if (step.decode_sequences == 0 || *rc::gen::inRange(0, 3) == 0)
    model::add_prefill(model, step, *rc::gen::inRange<std::int64_t>(1, 3000), 100, true);
  const StepProfile host = plain.profile(step), both = offloaded.profile(step);
  RC_ASSERT(host.lines.size() == both.lines.size());
  for (std::size_t i = 0; i < host.lines.size(); ++i) {
    RC_ASSERT(both.lines[i].time.seconds() <= 1.0101 * host.lines[i].time.seconds());
    if (!both.lines[i].in_memory()) RC_ASSERT(both.lines[i].time.seconds() == host.lines[i].time.seconds());
    RC_ASSERT(both.lines[i].time.seconds() >= both.lines[i].physical_bound_s * (1.0 - 1e-9));
  }
  RC_ASSERT(std::abs(both.seconds - offloaded.step_time_s(step)) <= 1e-9 * both.seconds);
}

// Law: units take vector after vector, the host reads a matrix once: what the host has won it keeps.
RC_GTEST_PROP(PimOffload, LargerBatchesLeaveTheMemoryForGood, ()) {
  const model::Model model = model::test::llama_3_8b();
  const StepCost cost = cost_of(test::pim_machine(any_memory()), model, {}, {});
  const auto context = *rc::gen::inRange<std::int64_t>(100, 5000);
  std::map<std::string, bool> lost;
  for (int batch = 1; batch <= 40; ++batch) {
    for (const StepProfile::Line& line : cost.profile(decode(model, batch, context)).lines) {
      if (!line.pim || line.family != model::Family::gemm) continue;
      RC_ASSERT(!(line.in_memory() && lost[line.name]));
      lost[line.name] = !line.in_memory();
    }
  }
}

TEST(PimOffload, AMachineWithoutUnitsHasNothingOfIt) {
  const model::Model model = model::test::llama_3_8b();
  const StepCost cost = cost_of(test::machine(test::lossy_class()), model);
  EXPECT_FALSE(cost.computes_in_memory());
  for (const StepProfile::Line& line : cost.profile(decode(model, 3, 500)).lines) {
    EXPECT_FALSE(line.pim);
    EXPECT_EQ(line.why_host, "");
  }
}

// By hand: 32 layers of a matrix of 6144 x 4096, the closed form for three vectors, and a launch each.
TEST(PimOffload, AProductTakesItsVectorsOneAfterTheOther) {
  const auto memory = test::pim_memory("hbm3-pim");
  const PimProduct product = memory->product({6144, 4096}, 1).value();
  const StepProfile::Line line = line_of(llama_profile(3, 100), "q, k, v");
  ASSERT_TRUE(line.in_memory());
  EXPECT_NEAR(line.pim->units_s, 32.0 * (product.first_s + 2.0 * product.more_s), 1e-12);
  EXPECT_NEAR(line.time.seconds(), line.pim->units_s + 32.0 * 2e-6, 1e-12);
  EXPECT_NEAR(line.time.at(Bound::weights), line.pim->units_s, 1e-15);
  EXPECT_NEAR(*line.pim->memory.joules, 32.0 * (*product.first_j + 2.0 * *product.more_j), 1e-9);
}

// By hand: 20 sequences of 8 heads on 80 channels are two rounds; a head's keys meet 4 queries.
TEST(PimOffload, AttentionGoesRoundTheChannels) {
  const auto memory = test::pim_memory("hbm3-pim");
  const PimHead head = memory->head(128, 128).value();
  const StepProfile::Line line = line_of(llama_profile(20, 3000), "attention");
  ASSERT_TRUE(line.in_memory());
  const double first_s = head.first.base_s + 3000.0 * head.first.slope_s;
  const double more_s = head.more.base_s + 3000.0 * head.more.slope_s;
  EXPECT_NEAR(line.pim->units_s, 32.0 * 2.0 * (first_s + 3.0 * more_s), 1e-9 * line.pim->units_s);
  EXPECT_NEAR(line.time.at(Bound::cache), line.pim->units_s, 1e-15);
}

TEST(PimOffload, ChunksOfPromptsStayWithTheHost) {
  const model::Model model = model::test::llama_3_8b();
  model::Step step = decode(model, 20, 3000);
  const auto cost = cost_of(test::pim_machine(test::pim_memory("hbm3-pim")), model, {}, {});
  const double decoded_s = line_of(cost.profile(step), "attention").time.seconds();
  model::add_prefill(model, step, 200, 50, true);
  const StepProfile::Line mixed = line_of(cost.profile(step), "attention");
  ASSERT_TRUE(mixed.in_memory());
  model::Step chunk;
  model::add_prefill(model, chunk, 200, 50, true);
  const double prefill_s = line_of(cost.profile(chunk), "attention").time.seconds();
  EXPECT_FALSE(line_of(cost.profile(chunk), "attention").in_memory());
  EXPECT_NEAR(mixed.time.seconds(), decoded_s + prefill_s, 1e-12);
}

TEST(PimOffload, FamiliesThatTheFileLeavesOutStayWithTheHost) {
  const StepProfile profile = llama_profile(20, 3000, {.stacks = 5, .linear = false});
  EXPECT_THAT(line_of(profile, "q, k, v").why_host, HasSubstr("offloads no linear"));
  EXPECT_TRUE(line_of(profile, "attention").in_memory());
  EXPECT_THAT(line_of(profile, "rotary embedding").why_host, HasSubstr("add, multiply or clip"));
}

TEST(PimOffload, ALinkToMemoriesBesideTheAcceleratorTakesItsTime) {
  const StepProfile near = llama_profile(1, 3000, {.stacks = 5, .beside = true});
  const StepProfile far = llama_profile(1, 3000, {.stacks = 5, .beside = true, .link_bytes_per_s = 1e9});
  const StepProfile::Line &a = line_of(near, "down"), &b = line_of(far, "down");
  EXPECT_NEAR(b.pim->units_s - a.pim->units_s, a.work.activation_bytes / 1e9, 1e-12);
  EXPECT_FALSE(a.pim->host.joules) << "whose memory is another";
  const double sent = line_of(near, "attention").work.activation_bytes;
  EXPECT_NEAR(line_of(far, "attention").pim->units_s - line_of(near, "attention").pim->units_s, sent / 1e9, 1e-12);
}

TEST(PimOffload, UnitsMultiplyNumbersOf16BitsOnly) {
  const model::Model model = model::test::llama_3_8b();
  model::Precision narrow;
  narrow.weights = NumberFormat::fp8;
  narrow.cache = NumberFormat::fp8;
  const StepProfile profile =
      cost_of(test::pim_machine(test::pim_memory("hbm3-pim")), model, narrow).profile(decode(model, 20, 3000));
  EXPECT_THAT(line_of(profile, "down").why_host, HasSubstr("weights of 8"));
  EXPECT_THAT(line_of(profile, "attention").why_host, HasSubstr("cache entries of 8 bits"));
}

TEST(PimOffload, LatentsAreNoKeysAndValues) {
  const model::Model model = model::test::deepseek_v3();
  const StepProfile profile =
      cost_of(test::pim_machine(test::pim_memory("hbm3-pim")), model).profile(decode(model, 20, 3000));
  EXPECT_THAT(line_of(profile, "absorbed attention").why_host, HasSubstr("keys serve as values"));
}

// Two stacks of HBM-PIM reach 4 GiB: some layers of Llama's 13 GiB of products.
TEST(PimOffload, WeightsBeyondTheUnitsReachStayWithTheHost) {
  const model::Model model = model::test::llama_3_8b();
  const auto memory = test::pim_memory("hbm2-pim", {.stacks = 2});
  Machine machine = test::pim_machine(memory);
  machine.memory_bytes_per_s = 2.0 * 307e9;
  const StepProfile profile = cost_of(machine, model, {}, {}).profile(decode(model, 1, 3000));
  double in_memory = 0.0, partly = 0.0;
  for (const StepProfile::Line& line : profile.lines) {
    if (!line.in_memory()) continue;
    in_memory += line.work.weight_bytes - line.pim->rest.weight_bytes;
    partly += line.pim->rest.weight_bytes;
  }
  EXPECT_GT(in_memory, 2e9);
  EXPECT_LT(in_memory, 2.0 * 2.0 * 0x1p30);
  EXPECT_GT(partly, 0.0) << "an operator of which some layers fit";
  EXPECT_THAT(line_of(profile, "attention").why_host, HasSubstr("units reach 33 %"));
}

}  // namespace
}  // namespace plumb::accelerator
