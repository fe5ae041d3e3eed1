// Does a batch begin and end together?

#include <gtest/gtest.h>

#include "scheduler_desk.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences) {
  return plumb::test::llama_with_cache(cache_tokens, test::settings("static", sequences, 64));
}

TEST(Static, ABatchIsWhatWaitsAndItsPromptsAreOneStepAsLongAsTheLongest) {
  const CompiledDeployment deployment = engine(100000, 3);
  test::Desk desk(deployment);
  for (int i = 0; i < 5; ++i) desk.wait(100 + i);
  EXPECT_EQ(desk.schedule(), (Tokens{102, 102, 102}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1}));
}

TEST(Static, TheNextBatchBeginsWhenTheLastOfThisOneHasEnded) {
  const CompiledDeployment deployment = engine(100000, 2);
  test::Desk desk(deployment);
  desk.wait(10, 2);
  desk.wait(10, 4);
  desk.wait(50, 1);
  EXPECT_EQ(desk.schedule(), (Tokens{10, 10}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  desk.finish_step(2);
  EXPECT_EQ(desk.schedule(), (Tokens{50}));
}

TEST(Static, ABatchFitsToItsLastTokens) {
  const CompiledDeployment deployment = engine(1600, 16);
  test::Desk desk(deployment);
  desk.wait(100, 700);
  desk.wait(100, 700);
  desk.wait(100, 700);
  EXPECT_EQ(desk.schedule(), (Tokens{100, 100}));
}

// Each alone holds 800 tokens; side by side they are as long as the longest prompt and the longest output: 1400, which
// are 88 blocks of 16.
TEST(Static, PaddingTakesItsRoomInTheCache) {
  const CompiledDeployment roomy = engine(2 * 88 * 16, 16), tight = engine((2 * 88 - 1) * 16, 16);
  test::Desk fits(roomy), does_not(tight);
  for (test::Desk* desk : {&fits, &does_not}) {
    desk->wait(100, 700);
    desk->wait(700, 100);
  }
  EXPECT_EQ(fits.schedule(), (Tokens{700, 700}));
  EXPECT_EQ(does_not.schedule(), (Tokens{100}));
}

// A row, padding included, is no longer than what one request may be.
TEST(Static, NoRowIsLongerThanMaxModelLen) {
  CompiledDeployment deployment = engine(100000, 16);
  deployment.max_model_len = 1000;
  test::Desk desk(deployment);
  desk.wait(100, 700);
  desk.wait(700, 100);
  EXPECT_EQ(desk.schedule(), (Tokens{100}));
}

}  // namespace
}  // namespace plumb::serving
