// Do the bytes on all ranks of all stages hold the model, and no more than what is repeated on purpose?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "known_models.h"
#include "model/layer_parts.h"

namespace plumb::model {
namespace {

double all_ranks(const Model& model, const Parallelism& split) {
  double bytes = 0.0;
  for (int stage = 0; stage < split.pipeline; ++stage) {
    bytes += weight_bytes(model, {}, split, stage).value() * split.tensor;
  }
  return bytes;
}

Parallelism any_split() {
  Parallelism split;
  split.tensor = *rc::gen::element(1, 2, 4, 8, 16, 32);
  split.pipeline = *rc::gen::inRange(1, 9);
  split.expert = *rc::gen::arbitrary<bool>();
  return split;
}

RC_GTEST_PROP(Weights, OfAllRanksHoldTheModel, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const Parallelism split = any_split();
  RC_PRE(!cannot_split(model, split));
  RC_ASSERT(all_ranks(model, split) >= weight_bytes(model, {}, {}, 0).value() * (1.0 - 1e-12));
}

RC_GTEST_PROP(Weights, AreJustTheModelWhereNothingIsRepeated, ()) {
  // No vectors, no router; kv heads no fewer than ranks.
  const Model model = test::without_vectors(*rc::gen::element(test::llama_3_8b(), test::llama_3_70b()));
  Parallelism split = any_split();
  split.tensor = *rc::gen::element(1, 2, 4, 8);
  RC_ASSERT(all_ranks(model, split) == weight_bytes(model, {}, {}, 0).value());
}

RC_GTEST_PROP(Weights, ShrinkWithEveryDoublingOfRanks, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  Parallelism split = any_split();
  Parallelism twice = split;
  twice.tensor *= 2;
  RC_PRE(!cannot_split(model, twice));
  RC_ASSERT(weight_bytes(model, {}, twice, 0) < weight_bytes(model, {}, split, 0));
}

TEST(Weights, OfOneRankAreParametersTimesBits) {
  const Model llama = test::llama_3_8b();
  EXPECT_EQ(weight_bytes(llama, {}, {}, 0).value(), 2.0 * parameter_count(llama).total);
  // DeepSeek-R1 is published as 671 GB in fp8; embeddings, head, norms and routers stay bf16.
  EXPECT_NEAR(weight_bytes(test::deepseek_v3(), {}, {}, 0).value(), 673e9, 1e9);
  // gpt-oss-20b's checkpoint is 13.8 GB (mxfp4 experts, the rest bf16).
  EXPECT_NEAR(weight_bytes(test::gpt_oss_20b(), {}, {}, 0).value(), 13.76e9, 0.02e9);
}

TEST(Weights, RepeatHeadsOfKeysBeyondTheirNumber) {
  const Model model = test::without_vectors(test::llama_3_8b());
  // 16 ranks have 8 heads of keys and values twice: once more 4096 x 2 x 1024 in each of 32 layers.
  const double repeated = all_ranks(model, {.tensor = 16}) - all_ranks(model, {.tensor = 8});
  EXPECT_EQ(repeated, 2.0 * 32 * 4096 * 2 * 1024);
}

TEST(Weights, RepeatTheDownwardProjectionsOfLatents) {
  const Model model = test::without_vectors(test::deepseek_v3());
  const double repeated = all_ranks(model, {.tensor = 2}) - all_ranks(model, {});
  // Down-projections in fp8, routers in bf16.
  EXPECT_EQ(repeated, 61.0 * 7168 * (1536 + 512 + 64) + 2.0 * 58 * 7168 * 256);
}

TEST(Weights, OfExpertsAreTheSameCutOrSpread) {
  const Model model = test::deepseek_v3();
  EXPECT_EQ(weight_bytes(model, {}, {.tensor = 8}, 0), weight_bytes(model, {}, {.tensor = 8, .expert = true}, 0));
}

TEST(Weights, OfATiedHeadAreCopiedToTheLastStage) {
  Model model = test::without_vectors(test::llama_3_8b());
  model.tied_embeddings = true;
  const double table = 2.0 * 128256 * 4096;
  EXPECT_EQ(all_ranks(model, {.pipeline = 2}) - all_ranks(model, {}), table);
}

TEST(Stages, GiveTheRemainderToThoseBeforeTheLast) {
  Model model = test::llama_3_8b();  // 32 layers on 5 stages
  std::vector<std::size_t> lengths;
  std::size_t next = 0;
  for (int stage = 0; stage < 5; ++stage) {
    const LayerRange range = layers_of(model, {.pipeline = 5}, stage);
    EXPECT_EQ(range.first, next);
    next = range.last;
    lengths.push_back(range.last - range.first);
  }
  EXPECT_EQ(lengths, (std::vector<std::size_t>{6, 6, 7, 7, 6}));
  EXPECT_EQ(next, model.layers.size());
}

RC_GTEST_PROP(Stages, HaveEveryLayerOnce, ()) {
  Model model = test::llama_3_8b();
  model.layers.resize(static_cast<std::size_t>(*rc::gen::inRange(1, 100)));
  const int stages = *rc::gen::inRange(1, static_cast<int>(model.layers.size()) + 1);
  std::size_t next = 0;
  for (int stage = 0; stage < stages; ++stage) {
    const LayerRange range = layers_of(model, {.pipeline = stages}, stage);
    RC_ASSERT(range.first == next);
    RC_ASSERT(range.last > range.first);
    next = range.last;
  }
  RC_ASSERT(next == model.layers.size());
}

TEST(CannotSplit, SaysWhichLayerAndWhy) {
  EXPECT_EQ(cannot_split(test::llama_3_8b(), {.tensor = 8, .pipeline = 4}), std::nullopt);
  EXPECT_EQ(cannot_split(test::llama_3_8b(), {.tensor = 3}), "layer 0: 32 heads do not divide over 3 ranks");
  EXPECT_EQ(cannot_split(test::llama_3_8b(), {.pipeline = 33}),
            "33 pipeline stages are more than the model's 32 layers");
  EXPECT_EQ(cannot_split(test::llama_3_8b(), {.tensor = 0}),
            "tensor parallelism of 0 and 1 pipeline stages: both must be at least 1");
  EXPECT_EQ(cannot_split(test::mixtral_8x7b(), {.tensor = 16, .expert = true}),
            "layer 0: 8 experts do not divide over 16 ranks");
  EXPECT_EQ(cannot_split(test::mixtral_8x7b(), {.tensor = 16}), std::nullopt);
  Model odd = test::llama_3_8b();
  for (Layer& layer : odd.layers) layer.mixer.kv_heads = 6;
  EXPECT_EQ(cannot_split(odd, {.tensor = 4}),
            "layer 0: 6 key-value heads neither divide over 4 ranks nor can be repeated evenly on them");
}

}  // namespace
}  // namespace plumb::model
