// Does the scheduler let in only what fits to its last token, as TensorRT-LLM's GUARANTEED_NO_EVICT does?

#include <gtest/gtest.h>

#include "scheduler_desk.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens, bool chunked = true) {
  return test::engine_of("trtllm-guaranteed-no-evict", cache_tokens, sequences, tokens, chunked);
}

// 100 blocks: 63 + 32 are for the decode and the first prompt to their ends; the second would need 6.
TEST(TrtllmGuaranteedNoEvict, APromptWaitsUntilItFitsToItsLastToken) {
  const CompiledDeployment deployment = engine(1600, 16, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1, 0.0, 900);
  desk.wait(12, 500, 1.0);
  desk.wait(46, 50, 2.0);
  desk.wait(1, 1, 3.0);  // would fit, but nobody passes one that does not
  EXPECT_EQ(desk.schedule(), (Tokens{1, 12}));
  EXPECT_EQ(desk.waiting().size(), 2u);
  EXPECT_TRUE(desk.first_come_first_served());
}

TEST(TrtllmGuaranteedNoEvict, RoomIsFreedByAnEnd) {
  const CompiledDeployment deployment = engine(1600, 16, 8192);
  test::Desk desk(deployment);
  desk.decode(1000, 1, 0.0, 2);
  desk.wait(700, 100, 1.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{700}));
}

// Five blocks. When the first has ended, the second holds two of the three that it needs to its end, and takes the
// third in this very step; the two that are left are enough for the one that waits.
TEST(TrtllmGuaranteedNoEvict, ABlockThatADecodeTakesNowIsPromisedOnce) {
  const CompiledDeployment deployment = engine(80, 16, 8192);
  test::Desk desk(deployment);
  desk.decode(16, 1, 0.0, 2);
  desk.decode(31, 1, 0.0, 10);
  desk.wait(16, 16, 1.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 16}));
}

TEST(TrtllmGuaranteedNoEvict, PromptsGetWhatDecodesLeaveInWholeBlocks) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.begin(500, 250, 1.0, 500);
  desk.wait(100, 1000, 0.5);  // came before the one that has begun
  desk.wait(400, 1000, 2.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 100, 250, 160}));
}

TEST(TrtllmGuaranteedNoEvict, WithoutChunksTheFirstPromptThatDoesNotFitEndsTheRound) {
  const CompiledDeployment deployment = engine(100000, 16, 512, false);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.wait(300, 100, 1.0);
  desk.wait(400, 100, 2.0);
  desk.wait(10, 100, 3.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 300}));
}

TEST(TrtllmGuaranteedNoEvict, NoMoreThanMaxNumSeqsRun) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 1; i < 6; ++i) desk.wait(10, 1000, i);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 10, 10}));
}

TEST(TrtllmGuaranteedNoEvict, AFirstChunkTakesTheBlocksOfTheWholePrompt) {
  const CompiledDeployment deployment = engine(3200, 16, 160);
  test::Desk desk(deployment);
  desk.wait(1000);
  EXPECT_EQ(desk.schedule(), (Tokens{160}));
  EXPECT_EQ(desk.pool().available(), (200 - 63) * desk.bytes_of_block());
}

}  // namespace
}  // namespace plumb::serving
