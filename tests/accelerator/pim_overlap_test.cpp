// Attention beside products, products shared with units, units as a roofline, and what is always theirs: do they obey
// their equations?

#include "accelerator/pim_overlap.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/step_cost.h"
#include "model/known_models.h"
#include "support/pim_machines.h"

namespace plumb::accelerator {
namespace {

PimUse beside() {
  PimUse use;
  use.stacks = 5;
  use.beside = true;
  use.linear = use.expert = false;
  return use;
}

StepCost cost_of(const PimUse& use, const model::Model& model, const char* memory = "hbm3-pim") {
  auto cost = compile(test::pim_machine(test::pim_memory(memory, use)), model, {}, {.tensor = 2});
  if (!cost) std::abort();
  return std::move(*cost);
}

model::Step decodes(const model::Model& model, int sequences, std::int64_t context) {
  model::Step step;
  for (int i = 0; i < sequences; ++i) add_decode(model, step, context);
  return step;
}

double seconds_of(const StepProfile& profile, std::string_view name) {
  double seconds = 0.0;
  for (const auto& line : profile.lines)
    if (line.name == name) seconds += line.time.seconds();
  return seconds;
}

// By hand: 6 s of attention and 2 s of products on 4 heads take 6 + 2 / 4.
TEST(PimOverlap, TheShorterIsHiddenButForOneHead) {
  constexpr Overlap attention_long{6.0, 2.0, 4.0}, attention_short{2.0, 6.0, 4.0};
  EXPECT_DOUBLE_EQ(attention_long.hidden_s(), 1.5);
  EXPECT_DOUBLE_EQ(attention_short.hidden_s(), 1.5);
  EXPECT_FALSE(attention_long.hides_attention());
  EXPECT_TRUE(attention_short.hides_attention());
}

// Law: T = max(a, p) + min(a, p) / h in place of a + p, and all else as it was; lines add up.
RC_GTEST_PROP(PimOverlap, TakesWhatTheEquationSays, ()) {
  const model::Model model = model::test::llama_3_8b();
  PimUse use = beside();
  use.always = true;
  const model::Step step = decodes(model, *rc::gen::inRange(1, 200), *rc::gen::inRange<std::int64_t>(1, 8000));
  const StepProfile plain = cost_of(use, model).profile(step);
  use.overlap = true;
  const StepCost overlapping = cost_of(use, model);
  const StepProfile hidden = overlapping.profile(step);
  double attention_s = 0.0;
  for (const auto& line : plain.lines)
    if (line.family == model::Family::attention) attention_s += line.pim->units_s;
  const double products_s = seconds_of(plain, "q, k, v") + seconds_of(plain, "output");
  const double heads = 4.0;  // 8 heads of keys on two ranks
  const double saved_s = std::min(attention_s, products_s) * (1.0 - 1.0 / heads);
  RC_ASSERT(std::abs(plain.seconds - saved_s - hidden.seconds) <= 1e-9 * plain.seconds);
  RC_ASSERT(std::abs(overlapping.step_time_s(step) - hidden.seconds) <= 1e-9 * plain.seconds);
  double lines_s = hidden.host_s;
  for (const auto& line : hidden.lines) lines_s += line.time.seconds();
  RC_ASSERT(std::abs(lines_s - hidden.seconds) <= 1e-9 * plain.seconds);
}

// Law: shared, a product is faster than on either side alone, by 1 / t = 1 / t_h + 1 / t_m.
RC_GTEST_PROP(PimOverlap, SharedProductsAddTheSpeedsOfBothSides, ()) {
  const model::Model model = model::test::llama_3_8b();
  PimUse use = beside();
  use.linear = true;
  const model::Step step = decodes(model, *rc::gen::inRange(1, 100), 1000);
  const StepProfile alone = cost_of(use, model).profile(step);
  use.split = true;
  const StepProfile shared = cost_of(use, model).profile(step);
  const double launch_s = test::lossy_class().launch.value.value();
  for (std::size_t i = 0; i < alone.lines.size(); ++i) {
    const auto& line = alone.lines[i];
    if (!line.pim || line.family != model::Family::gemm) continue;
    const double launches_s = line.work.launches * launch_s;
    const double host_s = line.pim->host.seconds - launches_s, units_s = line.pim->memory.seconds - launches_s;
    const double expected_s = 1.0 / (1.0 / host_s + 1.0 / units_s) + launches_s;
    RC_ASSERT(std::abs(shared.lines[i].time.seconds() - expected_s) <= 1e-9 * expected_s);
    RC_ASSERT(shared.lines[i].time.seconds() >= shared.lines[i].physical_bound_s * (1.0 - 1e-9));
  }
}

// Ideal units of the logic die, 8 vectors: experts take max(bytes / (4 W), FLOPs / (8 x 4 W)).
TEST(PimOverlap, IdealUnitsAreARoofline) {
  const model::Model model = model::test::mixtral_8x7b();
  PimUse use;
  use.stacks = 5;
  use.vectors = 8.0;
  use.ideal_bytes_per_s = 12e12;
  use.always = true;
  const StepCost cost = cost_of(use, model, "hbm3-pim:logic_die");
  for (const int sequences : {1, 32, 1000}) {
    const StepProfile profile = cost.profile(decodes(model, sequences, 100));
    for (const auto& line : profile.lines) {
      if (line.family != model::Family::expert) continue;
      const double expected_s = std::max(line.work.weight_bytes / 12e12, line.work.operations / (8.0 * 12e12));
      EXPECT_NEAR(line.pim->units_s / expected_s, 1.0, 1e-9) << line.name << " of " << sequences;
      EXPECT_TRUE(line.in_memory());
    }
  }
}

// A slow memory beside has the attention all the same where the cache lies there.
TEST(PimOverlap, WhatIsAlwaysTheUnitsIsNotTheHosts) {
  const model::Model model = model::test::llama_3_8b();
  PimUse use = beside();
  use.stacks = 1;
  const model::Step step = decodes(model, 64, 4000);
  const auto attends_in_memory = [&] {
    const StepProfile profile = cost_of(use, model, "hbm3-pim:buffer").profile(step);
    return std::any_of(profile.lines.begin(), profile.lines.end(), [](const auto& line) { return line.in_memory(); });
  };
  EXPECT_FALSE(attends_in_memory());
  use.always = true;
  EXPECT_TRUE(attends_in_memory());
}

}  // namespace
}  // namespace plumb::accelerator
