// Does the timer of simulations say what the step cost says, and does a ramp of steps add up to its steps?

#include "accelerator/step_timer.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/known_models.h"
#include "support/attention_fits.h"
#include "support/pim_machines.h"

namespace plumb::accelerator {
namespace {

const model::Model& any_model() {
  static const model::Model models[] = {model::test::llama_3_8b(),     model::test::mixtral_8x7b(),
                                        model::test::deepseek_v3(),    model::test::gpt_oss_20b(),
                                        model::test::qwen3_next_80b(), model::test::deepseek_v3_2()};
  return models[*rc::gen::inRange(0, 6)];
}

/// Units as they may be used besides: shared, overlapping, always, as a roofline, of several vectors.
PimUse use_of(bool overlap, std::optional<double> vectors, std::optional<double> ideal_bytes_per_s) {
  PimUse use;
  use.stacks = 5;
  use.beside = use.always = use.split = use.overlap = overlap;
  if (overlap) use.link_bytes_per_s = 300e9;
  use.vectors = vectors;
  use.ideal_bytes_per_s = ideal_bytes_per_s;
  return use;
}

/// Some with memory that computes, with measured attention, with units that share the memory.
Machine any_machine() {
  const int kind = *rc::gen::inRange(0, 5);
  if (kind == 0) {
    Machine tiled = test::machine(test::lossy_class());
    tiled.efficiency.tile_edges = {16.0, 64.0};
    tiled.efficiency.concurrent_tiles = test::figure(132.0);
    return tiled;
  }
  if (kind == 1) return test::machine(test::lossy_class());
  if (kind == 2) return test::with_attention_fits(test::machine(test::lossy_class()));
  static const std::shared_ptr<const PimMemory> memories[] = {
      test::pim_memory("hbm3-pim"),
      test::pim_memory("hbm3-pim:bank_group"),
      test::pim_memory("gddr6-aim", {.stacks = 64}),
      test::pim_memory("hbm2-pim"),
      test::pim_memory("hbm3-pim:logic_die", {.stacks = 8, .link_bytes_per_s = 50e9}),
      test::pim_memory("hbm3-pim", use_of(true, {}, {})),
      test::pim_memory("hbm3-pim:buffer", use_of(true, {}, {})),
      test::pim_memory("hbm3-pim:logic_die", use_of(false, 8.0, {})),
      test::pim_memory("hbm3-pim:logic_die", use_of(false, 8.0, 12e12))};
  return test::pim_machine(memories[*rc::gen::inRange<std::size_t>(0, std::size(memories))]);
}

StepCost compiled(const model::Model& model, const model::Parallelism& parallelism) {
  auto cost = compile(any_machine(), model, {}, parallelism);
  if (!cost) std::abort();
  return std::move(*cost);
}

/// Law: ticks differ from the step cost in doubles by rounding only.
RC_GTEST_PROP(StepTimer, EqualsTheStepCost, ()) {
  const model::Model& model = any_model();
  const StepCost cost = compiled(model, {.tensor = 2, .pipeline = 2});
  const auto timer = make_roofline_timer(cost);
  for (int i = 0; i < 20; ++i) {
    model::Step step;
    const int sequences = *rc::gen::inRange(0, 40);
    const auto context = *rc::gen::inRange<std::int64_t>(1, 8000);
    for (int s = 0; s < sequences; ++s) add_decode(model, step, context + s);
    if (sequences > 0 && *rc::gen::inRange(0, 3) == 0) {
      step.draft_tokens = 2 * sequences;
      for (model::SpanSums& sums : step.spans) sums.draft_pairs = 2.0 * sums.decode_keys;
    }
    if (sequences == 0 || *rc::gen::inRange(0, 2) == 1) {
      add_prefill(model, step, *rc::gen::inRange<std::int64_t>(1, 60), 500, true);
    }
    for (int stage = 0; stage < 2; ++stage) {
      const double exact_s = cost.stage_time_s(stage, step);
      RC_ASSERT(std::abs(timer->stage_time(stage, step, {}).seconds() - exact_s) <= 1e-8 * exact_s);
    }
    RC_ASSERT(std::abs(timer->host_time(step).seconds() - cost.host_time_s(step)) <= 1e-15);
  }
}

// Law: a step of the ramp takes what the same step takes when it is asked for by itself, to the last bit.
RC_GTEST_PROP(StepTimer, ARampIsItsSteps, ()) {
  const model::Model& model = any_model();
  const StepCost cost = compiled(model, {.tensor = 2});
  const auto timer = make_roofline_timer(cost);
  model::Step step;
  const int sequences = *rc::gen::inRange(1, 200);
  for (int s = 0; s < sequences; ++s) add_decode(model, step, *rc::gen::inRange<std::int64_t>(1, 20000));
  KeyGrowth growth{};
  for (std::size_t i = 0; i < model.spans.size(); ++i) growth[i] = *rc::gen::inRange<std::int64_t>(0, sequences + 1);
  const Ramp ramp = timer->decode_ramp(step, growth, *rc::gen::inRange<std::int64_t>(1, 5000));
  RC_ASSERT(ramp.steps >= 1);
  for (std::int64_t i = 0; i < ramp.steps; i += 1 + ramp.steps / 50) {
    model::Step later = step;
    for (std::size_t s = 0; s < model.spans.size(); ++s)
      later.spans[s].decode_keys += static_cast<double>(growth[s] * i);
    RC_ASSERT(timer->step_time(later, {}) == ramp.first + i * ramp.growth);
  }
}

}  // namespace
}  // namespace plumb::accelerator
