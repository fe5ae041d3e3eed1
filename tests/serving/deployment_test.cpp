// Is memory divided as an engine divides it, and what does not fit refused?

#include "serving/deployment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/deployments.h"

namespace plumb::serving {
namespace {

// 80 GB x (0.92 - 0.02) less 16.06 GB of weights leave 55.9 GB; a block of 16 tokens is 16 x 131072 B.
TEST(Deployment, MemoryIsWeightsAndCache) {
  const auto compiled = compile(test::deployment(model::test::llama_3_8b()));
  ASSERT_TRUE(compiled) << one_line(compiled.error());
  EXPECT_NEAR(compiled->memory.usable_bytes, 72e9, 1.0);
  EXPECT_NEAR(compiled->memory.weight_bytes, 16.06e9, 0.01e9);
  ASSERT_EQ(compiled->cache.shares.size(), 1u);
  EXPECT_EQ(compiled->cache.shares[0].block_bytes, 16 * 131072);
  EXPECT_EQ(compiled->cache.bytes_of(17), 2 * 16 * 131072);
  EXPECT_EQ(compiled->cache.pool_bytes, static_cast<std::int64_t>(compiled->memory.cache_pool_bytes));
}

TEST(Deployment, WeightsThatDoNotFitAreRefused) {
  const auto compiled = compile(test::deployment(model::test::llama_3_70b()));
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().fault, Fault::unmet);
  EXPECT_EQ(compiled.error().message, "141.1 GB of weights a rank do not fit in the 72.0 GB usable of test");
}

TEST(Deployment, WithoutChunkingPromptsMustFitAStep) {
  EngineSettings engine;
  engine.enable_chunked_prefill = false;
  engine.max_num_batched_tokens = 4096;
  const auto compiled = compile(test::deployment(model::test::llama_3_8b(), engine));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->max_model_len, 4096);
}

// A window of 128 keeps no more than that for half the layers.
TEST(Deployment, SlidingWindowsStopGrowing) {
  const auto compiled = compile(test::deployment(model::test::gpt_oss_20b()));
  ASSERT_TRUE(compiled) << one_line(compiled.error());
  const CachePlan& cache = compiled->cache;
  const std::int64_t slope_short = cache.bytes_of(96) - cache.bytes_of(64);
  const std::int64_t slope_long = cache.bytes_of(10032) - cache.bytes_of(10000);
  EXPECT_EQ(slope_short, 2 * slope_long);
}

// Attention's weights are on all 4 ranks, experts on one of them each; every rank keeps its own sequences.
TEST(Deployment, DataParallelRanksAddTheirPools) {
  const auto compiled =
      compile(test::deployment(model::test::mixtral_8x7b(), {}, {.tensor = 2, .expert = true, .data = 2}));
  ASSERT_TRUE(compiled) << one_line(compiled.error());
  const CachePlan& cache = compiled->cache;
  EXPECT_EQ(cache.pool_bytes, 2 * static_cast<std::int64_t>(compiled->memory.cache_pool_bytes));
  EXPECT_LE(cache.bytes_of(cache.longest(1 << 30)), cache.pool_bytes / 2);
  EXPECT_GT(cache.bytes_of(cache.longest(1 << 30) + 1), cache.pool_bytes / 2);
  // Half the heads of a token's 2 x 32 layers x 8 heads x 128 x 2 bytes.
  EXPECT_EQ(cache.shares[0].block_bytes, 16 * 131072 / 2);
}

// Law: bytes held never fall as a sequence grows, and the longest that fits is the longest that fits.
RC_GTEST_PROP(Deployment, LongestIsTight, ()) {
  const std::int64_t tokens = *rc::gen::inRange<std::int64_t>(1, 100000);
  const CompiledDeployment deployment = test::llama_with_cache(tokens);
  const std::int64_t longest = deployment.cache.longest(1 << 20);
  RC_ASSERT(deployment.cache.bytes_of(longest) <= deployment.cache.pool_bytes);
  RC_ASSERT(deployment.cache.bytes_of(longest + 1) > deployment.cache.pool_bytes);
  RC_ASSERT(longest >= tokens);
}

}  // namespace
}  // namespace plumb::serving
