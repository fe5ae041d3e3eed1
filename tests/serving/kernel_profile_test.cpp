// Are a profile's tables taken as they are where they have a point, and sensibly continued where they have none?

#include "serving/kernel_profile.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

class Profile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "plumb_profile_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    write("op_times_ms_by_num_tokens.csv",
          "num_tokens,attn_pre_proj,mlp_up_proj,attn_kv_cache_save,all_reduce,send_recv\n8,1,2,0.5,0.25,4\n16,2,4,0.5,"
          "0.25,8\n");
    write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n1,0,1\n1,64,2\n3,0,3\n3,64,6\n");
    write("attn_prefill_ms.csv", "kv_cache_size_sum,chunk_rms_total,ms\n0,10,1\n64,10,5\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(write_file(folder_ + "/" + name, text).has_value());
  }
  std::shared_ptr<const KernelProfile> read() const {
    auto profile = KernelProfile::read(folder_);
    EXPECT_TRUE(profile.has_value());
    return *profile;
  }
  std::string error() const {
    const auto profile = KernelProfile::read(folder_);
    return profile ? "" : one_line(profile.error());
  }
  std::string folder_;
};

TEST_F(Profile, TokensAreRoundedUpAndOperatorsAddUp) {
  const auto profile = read();
  EXPECT_DOUBLE_EQ(profile->linear_ms(1, false), 1.0 + 2.0 + 0.5);
  EXPECT_DOUBLE_EQ(profile->linear_ms(9, false), 2.0 + 4.0 + 0.5);
  EXPECT_DOUBLE_EQ(profile->linear_ms(8, true), 3.5 + 2.0 * (0.25 + 0.02));
  EXPECT_DOUBLE_EQ(profile->send_ms(16), 8.0);
}

TEST_F(Profile, BeyondTheEndTimesGrowAsBefore) { EXPECT_DOUBLE_EQ(read()->linear_ms(24, false), 9.5); }

TEST_F(Profile, DecodesBetweenRowsAreInterpolated) {
  const auto profile = read();
  EXPECT_DOUBLE_EQ(profile->decode_ms(1, 64), 2.0);
  EXPECT_DOUBLE_EQ(profile->decode_ms(2, 64), 4.0);
  EXPECT_DOUBLE_EQ(profile->decode_ms(1, 32), 1.5);
}

// The nearest, (64, 10), scores 690 pairs; twice the chunk without context scores 200.
TEST_F(Profile, PrefillsThatAreNotThereAreScaledByPairs) {
  const auto profile = read();
  EXPECT_DOUBLE_EQ(profile->prefill_ms(64.0, 10.0), 5.0);
  EXPECT_DOUBLE_EQ(profile->prefill_ms(0.0, 20.0), 5.0 * 200.0 / 690.0);
}

TEST_F(Profile, RulesOfTheFolderAreObeyed) {
  write("profile.toml", "token_rounding = 1\nstep_overhead = \"2 ms\"\n");
  const auto profile = read();
  EXPECT_DOUBLE_EQ(profile->linear_ms(12, false), 4.5 + 0.5);
  EXPECT_DOUBLE_EQ(profile->rules().step_overhead_ms, 2.0);
}

TEST_F(Profile, MistakesHaveTheirPlace) {
  write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n1,0,fast\n");
  EXPECT_EQ(error(), folder_ + "/attn_decode_ms.csv:2:5: ms is \"fast\"; expected a number from 0 to 1000000000");
  write("attn_decode_ms.csv", "batch_size,ms\n1,0\n");
  EXPECT_NE(error().find("the header has no column \"kv_cache_size\""), std::string::npos);
  write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n1,0,1\n1,0,2\n");
  EXPECT_NE(error().find("kv_cache_size 0 stands there twice"), std::string::npos);
  write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n");
  EXPECT_NE(error().find("the table has no rows"), std::string::npos);
  std::filesystem::remove(folder_ + "/attn_decode_ms.csv");
  EXPECT_NE(error().find("attn_decode_ms.csv"), std::string::npos);
}

// A table of nothing but zeros would stop the clock.
TEST_F(Profile, AStepTakesTimeWhateverTheTablesSay) {
  write("op_times_ms_by_num_tokens.csv", "num_tokens,add\n1,0\n");
  write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n1,0,0\n");
  write("attn_prefill_ms.csv", "kv_cache_size_sum,chunk_rms_total,ms\n0,1,0\n");
  CompiledDeployment deployment = test::llama_with_cache(10000);
  deployment.deployment.profile = read();
  const Outcome outcome = test::simulate(deployment, {test::request(0, 0.0, 100, 10)});
  EXPECT_GT(outcome.requests[0].finish_s, 0.0);
}

// A prompt of 10 tokens and one decode on two stages of two ranks, 16 of 32 layers each; Llama-3-8B shares its keys.
// Rounded up to 16 tokens, the operators take 2 + 4 and 0.5 for the cache at 10, and each of two all-reduces 0.25 and a
// launch of 0.02. The prompt's attention is the row (0, 10), the decode's, of context 11, the one at 64.
TEST_F(Profile, RanksReduceTwiceALayerAndStagesSend) {
  CompiledDeployment deployment = test::llama_with_cache(10000, {}, {.tensor = 2, .pipeline = 2});
  deployment.deployment.profile = read();
  const Outcome outcome = test::simulate(deployment, {test::request(0, 0.0, 10, 2)});
  const double reduce_ms = 2.0 * (0.25 + 0.02);
  const double prefill_ms = 16.0 * (2.0 + 4.0 + 0.5 + reduce_ms + 1.0), send_16_ms = 8.0;
  EXPECT_NEAR(outcome.requests[0].first_token_s, (2.0 * prefill_ms + send_16_ms) * 1e-3, 1e-12);
  const double decode_ms = 16.0 * (1.0 + 2.0 + 0.5 + reduce_ms + 2.0), send_8_ms = 4.0;
  EXPECT_NEAR(outcome.requests[0].finish_s - outcome.requests[0].first_token_s, (2.0 * decode_ms + send_8_ms) * 1e-3,
              1e-12);
}

// On one rank nothing is reduced, and one stage sends nothing.
TEST_F(Profile, OneRankNeitherReducesNorSends) {
  CompiledDeployment deployment = test::llama_with_cache(10000);
  deployment.deployment.profile = read();
  const Outcome outcome = test::simulate(deployment, {test::request(0, 0.0, 10, 1)});
  EXPECT_NEAR(outcome.requests[0].finish_s, 32.0 * (2.0 + 4.0 + 0.5 + 1.0) * 1e-3, 1e-12);
}

// While the first prompt is in the second stage, the second is in the first: stages of 128.64 ms, 8 ms to send.
TEST_F(Profile, BatchesFollowEachOtherThroughTheStages) {
  EngineSettings engine;
  engine.max_num_batched_tokens = engine.max_num_seqs = 10;
  CompiledDeployment deployment = test::llama_with_cache(10000, engine, {.tensor = 2, .pipeline = 2});
  deployment.deployment.profile = read();
  const Outcome outcome = test::simulate(deployment, {test::request(0, 0.0, 10, 1), test::request(1, 0.0, 10, 1)});
  const double stage_s = 16.0 * (2.0 + 4.0 + 0.5 + 0.54 + 1.0) * 1e-3, send_s = 8e-3;
  EXPECT_NEAR(outcome.requests[0].finish_s, 2.0 * stage_s + send_s, 1e-12);
  EXPECT_NEAR(outcome.requests[1].finish_s, 3.0 * stage_s + 2.0 * send_s, 1e-12);
}

}  // namespace
}  // namespace plumb::serving
