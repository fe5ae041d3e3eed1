// Does a whole step cost the sum of its parts, and behave as its load and machine do?

#include "accelerator/step_cost.h"

#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/known_models.h"
#include "model/speculation.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

model::Step decode_batch(const model::Model& model, int sequences, std::int64_t context) {
  model::Step step;
  for (int i = 0; i < sequences; ++i) add_decode(model, step, context);
  return step;
}

StepCost compiled(const model::Model& model, const Machine& machine, model::Parallelism parallelism = {}) {
  auto cost = compile(machine, model, {}, parallelism);
  EXPECT_TRUE(cost) << one_line(cost.error());
  return std::move(*cost);
}

// One decode step of an 8B model in bf16 on a machine without losses reads 15.0 GB of weights (all but the embedding
// table) and the cache: t >= bytes / W, and the rest of it is activations.
TEST(StepCost, DecodeAloneIsTheWeightsOverTheBandwidth) {
  const model::Model model = model::test::llama_3_8b();
  const StepCost cost = compiled(model, test::machine(test::ideal_class()));
  const double parameters = parameter_count(model).total - 128256.0 * 4096.0;
  const double cache_bytes = 1000.0 * 32.0 * 2.0 * 8.0 * 128.0 * 2.0;
  const double seconds = cost.step_time_s(decode_batch(model, 1, 1000));
  const double expected = (parameters * 2.0 + cache_bytes) / 3e12;
  EXPECT_GT(seconds, expected * 0.9999);
  EXPECT_LT(seconds, expected * 1.01);
}

TEST(StepCost, ProfileAddsUp) {
  const model::Model model = model::test::mixtral_8x7b();
  const StepCost cost = compiled(model, test::machine(test::lossy_class()), {.tensor = 4, .pipeline = 2});
  model::Step step = decode_batch(model, 17, 900);
  add_prefill(model, step, 700, 300, true);
  const StepProfile profile = cost.profile(step);
  const auto sum = [](const auto& parts) { return std::accumulate(parts.begin(), parts.end(), 0.0); };
  EXPECT_NEAR(profile.seconds, cost.step_time_s(step), 1e-15);
  EXPECT_NEAR(sum(profile.seconds_by_bound), profile.seconds, 1e-12);
  EXPECT_NEAR(sum(profile.seconds_by_family) + profile.host_s, profile.seconds, 1e-12);
  for (const StepProfile::Line& line : profile.lines)
    EXPECT_GE(line.time.seconds(), line.physical_bound_s) << line.name;
}

TEST(StepCost, RefusesWhatCannotBeCut) {
  const Machine machine = test::machine(test::lossy_class());
  const auto wide = compile(machine, model::test::llama_3_8b(), {}, {.tensor = 16});
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().fault, Fault::unmet);
  const auto uneven = compile(machine, model::test::llama_3_8b(), {}, {.tensor = 7});
  ASSERT_FALSE(uneven);
  EXPECT_EQ(uneven.error().fault, Fault::unmet);
}

// Law: one more sequence, or a longer context, never makes a step shorter.
RC_GTEST_PROP(StepCost, MonotoneInLoad, ()) {
  static const model::Model models[] = {model::test::llama_3_8b(), model::test::mixtral_8x7b(),
                                        model::test::deepseek_v3(), model::test::gpt_oss_20b()};
  const model::Model& model = models[*rc::gen::inRange(0, 4)];
  const StepCost cost = compiled(model, test::machine(test::lossy_class()), {.tensor = 8});
  const int sequences = *rc::gen::inRange(1, 300);
  const std::int64_t context = *rc::gen::inRange<std::int64_t>(1, 30000);
  const double before = cost.step_time_s(decode_batch(model, sequences, context));
  RC_ASSERT(cost.step_time_s(decode_batch(model, sequences + 1, context)) >= before);
  RC_ASSERT(cost.step_time_s(decode_batch(model, sequences, context + 1)) >= before);
}

// Law: a faster memory, link or multiplier never makes a step longer.
RC_GTEST_PROP(StepCost, MonotoneInMachine, ()) {
  const model::Model model = model::test::mixtral_8x7b();
  const Machine slow = test::machine(test::lossy_class());
  Machine fast = slow;
  const double factor = 1.0 + *rc::gen::inRange(1, 400) / 100.0;
  switch (*rc::gen::inRange(0, 3)) {
    case 0: fast.memory_bytes_per_s *= factor; break;
    case 1: fast.link_bytes_per_s *= factor; break;
    default:
      for (auto& peak : fast.peak_flops_per_s)
        if (peak) *peak *= factor;
  }
  model::Step step = decode_batch(model, *rc::gen::inRange(1, 100), *rc::gen::inRange<std::int64_t>(1, 8000));
  add_prefill(model, step, *rc::gen::inRange<std::int64_t>(1, 8000), *rc::gen::inRange<std::int64_t>(0, 8000), true);
  RC_ASSERT(compiled(model, fast, {.tensor = 4}).step_time_s(step) <=
            compiled(model, slow, {.tensor = 4}).step_time_s(step));
}

}  // namespace
}  // namespace plumb::accelerator
