// Does the scheduler admit, and take back, as SGLang does?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "naive_sglang.h"
#include "scheduler_desk.h"

namespace plumb::serving {
namespace {

using test::Tokens;

EngineSettings limits(std::int64_t sequences, std::int64_t tokens) {
  EngineSettings settings = test::settings("sglang", sequences, tokens);
  settings.block_size = 1;
  return settings;
}

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens) {
  return plumb::test::llama_with_cache(cache_tokens, limits(sequences, tokens));
}

TEST(Sglang, PromptsComeFirstAndNobodyDecodesWhileOneGoesOnInChunks) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.wait(10, 5);
  desk.schedule();
  desk.finish_step();
  desk.wait(1100, 5);
  desk.wait(50, 5);
  EXPECT_EQ(desk.schedule(), (Tokens{512}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{512}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{76, 50}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1}));
}

// The one that runs may generate 1000 more, of which 0.7 are expected: 10000 - 10 - 700 are free.
TEST(Sglang, AdmitsByTheEstimateOfWhatTheRunningOnesGenerate) {
  const CompiledDeployment deployment = engine(10000, 16, 100000);
  for (const bool fits : {true, false}) {
    test::Desk desk(deployment);
    desk.wait(10, 1001);
    desk.schedule();
    desk.finish_step();
    desk.wait(fits ? 8289 : 8290, 1000);
    EXPECT_EQ(desk.schedule(), fits ? (Tokens{8289}) : (Tokens{1}));
  }
}

TEST(Sglang, TheEstimateFallsWithEveryDecodeStep) {
  const CompiledDeployment deployment = engine(10000, 16, 100000);
  test::Desk desk(deployment);
  desk.wait(10, 2001);
  desk.schedule();
  desk.finish_step();
  desk.schedule();
  desk.finish_step(1000);  // the estimate is at its least: 0.098 of 1000
  desk.wait(8990 - 1000 - 99, 1000);
  desk.wait(1, 1);
  EXPECT_EQ(desk.schedule(), (Tokens{8990 - 1000 - 99}));
}

TEST(Sglang, MaxPrefillTokensBoundsARoundButNotItsFirstPrompt) {
  EngineSettings settings = limits(16, 8192);
  settings.max_prefill_tokens = 500;
  const CompiledDeployment deployment = plumb::test::llama_with_cache(100000, settings);
  test::Desk desk(deployment);
  desk.wait(300);
  desk.wait(200);
  desk.wait(700);
  EXPECT_EQ(desk.schedule(), (Tokens{300}));  // 200 is not less than what is left
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{200}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{700}));
}

// A full batch is tried again a step after one has ended: the ended one stays listed until the next decode.
TEST(Sglang, AFullBatchIsTriedAgainOneStepAfterAnEnd) {
  const CompiledDeployment deployment = engine(10000, 2, 8192);
  test::Desk desk(deployment);
  desk.wait(10, 2);
  desk.wait(10, 9);
  desk.wait(30, 9);
  EXPECT_EQ(desk.schedule(), (Tokens{10, 10}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));
  EXPECT_EQ(desk.bytes_kept_free(), 0);
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  EXPECT_GT(desk.bytes_kept_free(), desk.pool().capacity());  // this step is made alone
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{30}));
}

// 5 decodes, 4 tokens free. Gone are those with the fewest tokens, of equals the longest prompt, until 20 x the rest
// are free; they queue at the end.
TEST(Sglang, TakesBackWhoGeneratedLeastAndThenTheLongestPrompt) {
  const CompiledDeployment deployment = engine(29 + 49 + 39 + 10 + 59 + 4, 16, 512);
  test::Desk desk(deployment);
  desk.decode(20, 10, 0.0, 20);
  desk.decode(45, 5, 0.0, 20);
  desk.decode(35, 5, 0.0, 20);
  desk.decode(2, 9, 0.0, 20);
  desk.decode(50, 10, 0.0, 20);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1}));
  ASSERT_EQ(desk.waiting().size(), 2u);
  EXPECT_EQ(desk.waiting()[0]->request, 1);
  EXPECT_EQ(desk.waiting()[1]->request, 2);
}

TEST(Sglang, OfEqualsTheOneAdmittedLastIsTakenBack) {
  const CompiledDeployment deployment = engine(3 * 109 + 2, 16, 512);
  test::Desk desk(deployment);
  for (int i = 0; i < 3; ++i) desk.decode(100, 10);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));
  EXPECT_EQ(desk.waiting().front()->request, 2);
}

TEST(Sglang, NoMoreThanMaxNumSeqsRun) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 0; i < 5; ++i) desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{10, 10}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1}));
}

void expect_equal(const test::Desk& desk, test::NaiveSglang& naive) {
  std::vector<std::int64_t> decoded, waiting, naive_waiting;
  for (const Sequence* s = desk.first_admitted(); s != nullptr && desk.plan().decode; s = s->after) {
    if (desk.decodes(*s)) decoded.push_back(s->request);
  }
  std::sort(naive.decoded.begin(), naive.decoded.end());
  std::sort(decoded.begin(), decoded.end());
  std::vector<std::pair<std::int64_t, std::int64_t>> chunks;
  for (const Prefill& prefill : desk.plan().prefills) chunks.emplace_back(prefill.sequence->request, prefill.tokens);
  for (const Sequence* sequence : desk.waiting()) waiting.push_back(sequence->request);
  for (const test::NaiveSglang::Request* request : naive.waiting) naive_waiting.push_back(request->id);
  RC_ASSERT(decoded == naive.decoded);
  RC_ASSERT(chunks == naive.chunks);
  RC_ASSERT(waiting == naive_waiting);
  RC_ASSERT(desk.pool().available() == naive.free() * desk.bytes_of_block());
}

RC_GTEST_PROP(Sglang, DecidesAsTheLoopOverLists, ()) {
  EngineSettings settings = limits(*rc::gen::element(1, 2, 5, 20), *rc::gen::element(30, 100, 1000));
  settings.max_prefill_tokens = *rc::gen::element(150, 1000);
  settings.schedule_conservativeness = *rc::gen::element(0.0, 0.3, 1.0);
  const int cache_tokens = *rc::gen::inRange(400, 1200);
  const CompiledDeployment deployment = plumb::test::llama_with_cache(cache_tokens, settings);
  test::Desk desk(deployment);
  test::NaiveSglang naive(settings, cache_tokens);
  for (int step = *rc::gen::inRange(1, 300); step > 0; --step) {
    const int arrivals = *rc::gen::element(0, 0, 0, 0, 0, 1, 2);
    for (int i = naive.empty() ? -1 : 0; i < arrivals; ++i) {
      const int prompt = *rc::gen::element(1, 20, 60, 60, 130, 199), output = *rc::gen::inRange(1, 100);
      naive.wait(desk.wait(prompt, output).request, prompt, output);
    }
    desk.schedule();
    RC_ASSERT(naive.schedule());
    expect_equal(desk, naive);
    desk.finish_step();
    naive.finish_step();
    if (naive.empty()) naive.schedule();  // SGLang's loop goes round while it is idle
  }
}

}  // namespace
}  // namespace plumb::serving
