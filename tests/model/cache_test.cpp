// Are the bytes that a sequence keeps those of the known arithmetic?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

double cached(const Model& model, std::int64_t context, const Parallelism& split = {},
              const Precision& precision = {}) {
  return cache_bytes(model, cache_layout(model, precision, split, 0), context);
}

double per_token(const Model& model, const Parallelism& split = {}, const Precision& precision = {}) {
  return cached(model, 4001, split, precision) - cached(model, 4000, split, precision);
}

TEST(Cache, PerTokenIsTheKnownNumber) {
  // 2 x layers x kv heads x width x 2 bytes.
  EXPECT_EQ(per_token(test::llama_3_8b()), 2 * 32 * 8 * 128 * 2);
  EXPECT_EQ(per_token(test::llama_2_70b()), 327680);
  // KoGPT 6B and GPT-J 6B: 28 layers of 16 heads of 256.
  Model gptj = test::llama_3_8b();
  gptj.layers.assign(28, Layer{test::grouped_query(16, 16, 256), test::dense(16384), 0, 0});
  EXPECT_EQ(per_token(gptj), 458752);
  // DeepSeek-V3: 61 layers of 512 + 64 in bf16 (arXiv 2412.19437).
  EXPECT_EQ(per_token(test::deepseek_v3()), 70272);
}

TEST(Cache, InFp8IsHalf) {
  EXPECT_EQ(per_token(test::llama_3_8b(), {}, {.cache = NumberFormat::fp8}), 65536);
  EXPECT_EQ(per_token(test::deepseek_v3(), {}, {.cache = NumberFormat::fp8}), 35136);
}

TEST(Cache, OfSparseLatentsHasTheLayoutOfItsKernels) {
  // vLLM's fp8_ds_mla: 656 bytes an entry; the indexer's key beside it 128 + 4.
  EXPECT_EQ(per_token(test::deepseek_v3_2(), {}, {.cache = NumberFormat::fp8}), 61 * (656 + 132));
  EXPECT_EQ(per_token(test::deepseek_v3_2()), 61 * (2 * 576 + 132));
}

TEST(Cache, OfCompressedEntriesGrowsByTheRatio) {
  const Model model = test::deepseek_v4_flash();
  const double growth = cached(model, 128 * 101, {}, {.cache = NumberFormat::fp8}) -
                        cached(model, 128 * 100, {}, {.cache = NumberFormat::fp8});
  // 21 layers of ratio 4 with indexer keys, 20 of ratio 128, entries of 584 bytes.
  EXPECT_EQ(growth, 21 * 32 * (584 + 132) + 20 * 1 * 584);
}

TEST(Cache, OfASlidingWindowStopsGrowing) {
  const Model model = test::gpt_oss_20b();
  const double key = 2 * 8 * 64 * 2;
  EXPECT_EQ(cached(model, 100), 24 * 100 * key);
  EXPECT_EQ(cached(model, 10000), 12 * (128 + 10000) * key);
}

TEST(Cache, OfAStateIsTheSameForEveryContext) {
  const CacheLayout layout = cache_layout(test::qwen3_next_80b(), {}, {}, 0);
  ASSERT_EQ(layout.shares.size(), 1u);
  // 36 layers: 32 states of 128 x 128 in fp32, three inputs of 2 x 2048 + 4096 channels in bf16.
  EXPECT_EQ(layout.state_bytes, 36 * (32 * 128 * 128 * 4 + 3 * 8192 * 2));
  EXPECT_EQ(layout.shares[0].bytes_per_key, 12 * 2 * 2 * 256 * 2);
}

TEST(Cache, IsSharedByRanksAsFarAsHeadsGo) {
  const Model llama = test::llama_3_8b();
  EXPECT_EQ(per_token(llama, {.tensor = 8}), per_token(llama) / 8);
  EXPECT_EQ(per_token(llama, {.tensor = 16}), per_token(llama) / 8);
  EXPECT_EQ(per_token(test::deepseek_v3(), {.tensor = 8}), 70272);  // latents are on every rank
}

TEST(Cache, OfLayersThatShareIsNotCountedTwice) {
  Model model = test::llama_3_8b();
  for (std::size_t i = 16; i < 32; ++i) model.layers[i].mixer.shares_cache = true;
  EXPECT_EQ(per_token(model), per_token(test::llama_3_8b()) / 2);
}

RC_GTEST_PROP(Cache, GrowsWithContext, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const std::int64_t context = *rc::gen::inRange(1, 200000);
  RC_ASSERT(cached(model, context + 1) >= cached(model, context));
}

RC_GTEST_PROP(Cache, OfAllStagesIsThatOfOne, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const std::int64_t context = *rc::gen::inRange(1, 100000);
  const int stages = *rc::gen::inRange(1, 9);
  double sum = 0.0;
  for (int stage = 0; stage < stages; ++stage) {
    sum += cache_bytes(model, cache_layout(model, {}, {.pipeline = stages}, stage), context);
  }
  RC_ASSERT(sum == cached(model, context));
}

}  // namespace
}  // namespace plumb::model
