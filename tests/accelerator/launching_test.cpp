// Does a step run with the size that was captured for it, and cost what that size costs?

#include "accelerator/launching.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/step_cost.h"
#include "accelerator/step_timer.h"
#include "model/known_models.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

model::Step decode_batch(const model::Model& model, int sequences, std::int64_t context) {
  model::Step step;
  for (int i = 0; i < sequences; ++i) add_decode(model, step, context);
  return step;
}

StepCost compiled(const model::Model& model, const Machine& machine, model::Parallelism parallelism,
                  const Launching& launching) {
  auto cost = compile(machine, model, {}, parallelism, launching);
  EXPECT_TRUE(cost) << one_line(cost.error());
  return std::move(*cost);
}

TEST(Launching, DefaultSizesAreThoseOfVllm) {
  const std::vector<std::int64_t> sizes = default_capture_sizes(256, 8192, 1);
  ASSERT_EQ(sizes.size(), 3u + 31u + 17u);
  EXPECT_EQ(std::vector<std::int64_t>(sizes.begin(), sizes.begin() + 6),
            (std::vector<std::int64_t>{1, 2, 4, 8, 16, 24}));
  EXPECT_EQ(sizes[33], 248);
  EXPECT_EQ(sizes[34], 256);
  EXPECT_EQ(sizes[35], 272);
  EXPECT_EQ(sizes.back(), 512);
  EXPECT_EQ(default_capture_sizes(10, 8192, 1), (std::vector<std::int64_t>{1, 2, 4, 8, 16}));
  EXPECT_EQ(default_capture_sizes(256, 3, 1), (std::vector<std::int64_t>{1, 2}));
  // Three tokens a sequence: multiples of three.
  EXPECT_EQ(default_capture_sizes(4, 8192, 3), (std::vector<std::int64_t>{3, 6, 9, 18, 24}));
}

TEST(Launching, AStepIsFilledUpToTheNextSize) {
  const Launching launching{.eager = false, .capture_sizes = {1, 2, 4, 8}};
  EXPECT_EQ(launching.padded(0), 0);
  EXPECT_EQ(launching.padded(4), 4);
  EXPECT_EQ(launching.padded(5), 8);
  EXPECT_EQ(launching.padded(9), 9);
  EXPECT_EQ((Launching{.eager = true, .capture_sizes = {8}}.padded(5)), 5);
}

// 5 tokens run as 8 in products, while attention and the LM head have 5.
TEST(Launching, FillingIsWorkByTokensAlone) {
  const model::Model model = model::test::llama_3_8b();
  const StepCost cost = compiled(model, test::machine(test::lossy_class()), {}, {.eager = false, .capture_sizes = {8}});
  for (const StepProfile::Line& line : cost.profile(decode_batch(model, 5, 100)).lines) {
    EXPECT_EQ(line.work.rows, line.name == "attention" || line.name == "LM head" ? 5.0 : 8.0) << line.name;
  }
}

// 9 sequences on 2 ranks: the fullest has 5 tokens and runs 8.
TEST(Launching, DataParallelRanksFillUpTheirOwnTokens) {
  const model::Model model = model::test::mixtral_8x7b();
  const StepCost cost = compiled(model, test::machine(test::lossy_class()), {.expert = true, .data = 2},
                                 {.eager = false, .capture_sizes = {8}});
  for (const StepProfile::Line& line : cost.profile(decode_batch(model, 9, 100)).lines) {
    if (line.name == "q, k, v") {
      EXPECT_EQ(line.work.rows, 8.0);
    } else if (line.name == "routed down") {
      EXPECT_EQ(line.work.rows, 9.0);  // 9 tokens of both ranks, 2 choices each, over 2 ranks
    }
  }
}

model::Step any_step(const model::Model& model) {
  model::Step step = decode_batch(model, *rc::gen::inRange(0, 60), *rc::gen::inRange<std::int64_t>(1, 8000));
  if (step.decode_sequences == 0 || *rc::gen::arbitrary<bool>()) {
    add_prefill(model, step, *rc::gen::inRange<std::int64_t>(1, 400), 500, true);
  }
  return step;
}

const model::Model& any_model() {
  static const model::Model models[] = {model::test::llama_3_8b(), model::test::mixtral_8x7b(),
                                        model::test::deepseek_v3(), model::test::qwen3_next_80b()};
  return models[*rc::gen::inRange(0, 4)];
}

RC_GTEST_PROP(Launching, FillingNeverSavesAndAnExactSizeCostsNothing, ()) {
  const model::Model& model = any_model();
  const Machine machine = test::machine(test::lossy_class());
  const model::Step step = any_step(model);
  const double plain = compiled(model, machine, {}, {}).step_time_s(step);
  const Launching usual{.eager = false, .capture_sizes = default_capture_sizes(256, 8192, 1)};
  RC_ASSERT(compiled(model, machine, {}, usual).step_time_s(step) >= plain);
  const Launching exact{.eager = false, .capture_sizes = {step.tokens()}};
  RC_ASSERT(compiled(model, machine, {}, exact).step_time_s(step) == plain);
  const Launching small{.eager = false, .capture_sizes = {1, step.tokens() - 1}};
  RC_ASSERT(compiled(model, machine, {}, small).step_time_s(step) == plain);
}

RC_GTEST_PROP(Launching, OneByOneIsNeverFaster, ()) {
  const model::Model& model = any_model();
  Machine machine = test::machine(test::lossy_class());
  const model::Step step = any_step(model);
  const Launching eager{.eager = true, .capture_sizes = {}};
  const double graphs = compiled(model, machine, {}, {}).step_time_s(step);
  RC_ASSERT(compiled(model, machine, {}, eager).step_time_s(step) == graphs);  // the class has no figure
  machine.efficiency.eager_launch = test::figure(50.0 * microsecond);
  const StepCost cost = compiled(model, machine, {}, eager);
  RC_ASSERT(cost.step_time_s(step) >= graphs);
  double launches = 0.0;
  for (const StepProfile::Line& line : cost.profile(step).lines) launches += line.work.launches;
  RC_ASSERT(cost.step_time_s(step) >= launches * 50e-6);
}

RC_GTEST_PROP(Launching, TimersAndProfilesSeeTheSame, ()) {
  const model::Model& model = any_model();
  Machine machine = test::machine(test::lossy_class());
  machine.efficiency.eager_launch = test::figure(50.0 * microsecond);
  const Launching launching{.eager = *rc::gen::arbitrary<bool>(), .capture_sizes = default_capture_sizes(64, 8192, 1)};
  const StepCost cost = compiled(model, machine, {.pipeline = 2}, launching);
  const auto timer = make_roofline_timer(cost);
  for (int i = 0; i < 10; ++i) {
    const model::Step step = any_step(model);
    for (const int stage : {0, 1}) {
      const double stage_s = cost.stage_time_s(stage, step);
      RC_ASSERT(std::abs(timer->stage_time(stage, step, {}).seconds() - stage_s) <= 1e-9 * stage_s);
    }
    const double seconds = cost.step_time_s(step);
    RC_ASSERT(std::abs(cost.profile(step).seconds - seconds) <= 1e-12 * seconds);
  }
}

// 100 us a token of text: 1000 sequences cannot have tokens more often than every 100 ms.
TEST(Launching, DetokenisationHoldsBackWhatItCannotKeepUpWith) {
  const model::Model model = model::test::llama_3_8b();
  Machine machine = test::machine(test::lossy_class());
  const model::Step few = decode_batch(model, 10, 100), many = decode_batch(model, 1000, 100);
  const StepCost plain = compiled(model, machine, {}, {});
  machine.efficiency.detokenisation = test::figure(100.0 * microsecond);
  const StepCost cost = compiled(model, machine, {}, {});
  EXPECT_EQ(cost.step_time_s(few), plain.step_time_s(few));
  EXPECT_DOUBLE_EQ(cost.step_time_s(many), 0.1);
  EXPECT_EQ(plain.detokenise_time_s(1000.0), 0.0);
}

}  // namespace
}  // namespace plumb::accelerator
