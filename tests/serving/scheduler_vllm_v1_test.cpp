// Does the scheduler give out tokens in vLLM V1's order?

#include <gtest/gtest.h>

#include "scheduler_desk.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens) {
  return test::engine_of("vllm-v1", cache_tokens, sequences, tokens);
}

TEST(VllmV1, DecodesFirstThenPromptsWithinTheBudget) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.decode(200, 3);
  desk.wait(300);
  desk.wait(400);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 300, 210}));
  EXPECT_EQ(desk.running_count(), 4);
  EXPECT_TRUE(desk.waiting().empty());
}

TEST(VllmV1, AChunkBegunIsContinuedBeforeNewPrompts) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  Sequence& begun = desk.begin(1000, 400);
  desk.wait(300);
  EXPECT_EQ(desk.schedule(), (Tokens{512}));
  begun.computed = 912;
  EXPECT_EQ(desk.schedule(), (Tokens{88, 300}));
}

TEST(VllmV1, NoMoreThanMaxNumSeqsRun) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 0; i < 5; ++i) desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 10, 10}));
  EXPECT_EQ(desk.waiting().size(), 3u);
}

TEST(VllmV1, PreemptsFromTheBackAndAdmitsNobodyThen) {
  // Two sequences of 800 tokens fill 1600; the first needs a block more.
  const CompiledDeployment deployment = engine(1600, 16, 512);
  test::Desk desk(deployment);
  const Sequence& first = desk.decode(800, 1);
  const Sequence& second = desk.decode(800, 1);
  desk.wait(1);
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  EXPECT_EQ(desk.preemptions(), 1);
  ASSERT_EQ(desk.waiting().size(), 2u);
  EXPECT_EQ(desk.waiting().front(), &second);
  EXPECT_EQ(second.computed, 0);
  EXPECT_EQ(second.cache_bytes, 0);
  EXPECT_GT(first.cache_bytes, 0);
}

// 49 blocks are free. The prompt has 60 and would get a chunk of 511 tokens.
TEST(VllmV1, APromptIsAdmittedIfAllOfItFindsRoom) {
  for (const bool whole : {true, false}) {
    EngineSettings settings = test::settings("vllm-v1", 16, 512);
    settings.scheduler_reserve_full_isl = whole;
    const CompiledDeployment deployment = plumb::test::llama_with_cache(1600, settings);
    test::Desk desk(deployment);
    desk.decode(801, 1);
    desk.wait(960);
    EXPECT_EQ(desk.schedule(), whole ? (Tokens{1}) : (Tokens{1, 511}));
  }
}

// 100 blocks, of which 10 must stay free where others run.
TEST(VllmV1, AWatermarkStaysFreeAtAdmissionsWhileOthersRun) {
  EngineSettings settings = test::settings("vllm-v1", 16, 8192);
  settings.watermark = 0.1;
  const CompiledDeployment deployment = plumb::test::llama_with_cache(1600, settings);
  for (const bool alone : {true, false}) {
    test::Desk desk(deployment);
    if (!alone) desk.decode(10, 1);
    desk.wait(90 * 16);
    EXPECT_EQ(desk.schedule(), alone ? (Tokens{90 * 16}) : (Tokens{1}));
  }
}

TEST(VllmV1, WithoutChunkingAPromptWaitsForRoom) {
  EngineSettings settings = test::settings("vllm-v1", 16, 512);
  settings.enable_chunked_prefill = false;
  const CompiledDeployment deployment = plumb::test::llama_with_cache(100000, settings);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.wait(300);
  desk.wait(400);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 300}));
}

}  // namespace
}  // namespace plumb::serving
