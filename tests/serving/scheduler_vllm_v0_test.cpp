// Does the scheduler give out tokens in the order of vLLM's first engine?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "naive_scheduler.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens) {
  return test::engine_of("vllm-v0", cache_tokens, sequences, tokens);
}

TEST(VllmV0, WholePromptsComeFirstAndNobodyDecodesMeanwhile) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.wait(300);
  desk.wait(200);
  desk.wait(13);
  EXPECT_EQ(desk.schedule(), (Tokens{300, 200}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{13}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1, 1}));
}

TEST(VllmV0, APromptLongerThanTheBudgetGoesAlone) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.wait(10);
  desk.wait(700);
  desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{10}));
  EXPECT_EQ(desk.schedule(), (Tokens{700}));
}

TEST(VllmV0, NoMoreThanMaxNumSeqsRun) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 0; i < 5; ++i) desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{10, 10}));
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
}

// 200 blocks, of which int(0.01 x 200) = 2 stay free at an admission.
TEST(VllmV0, AdmissionsLeaveTheWatermarkFree) {
  const CompiledDeployment deployment = engine(3200, 16, 8192);
  for (const bool fits : {true, false}) {
    test::Desk desk(deployment);
    desk.decode(16, 1);
    desk.wait((fits ? 197 : 198) * 16);
    EXPECT_EQ(desk.schedule(), fits ? (Tokens{197 * 16}) : (Tokens{1}));
  }
}

TEST(VllmV0, AWatermarkThatIsSetReplacesTheDefault) {
  EngineSettings settings = test::settings("vllm-v0", 16, 8192);
  settings.watermark = 0.5;
  const CompiledDeployment deployment = plumb::test::llama_with_cache(3200, settings);
  test::Desk desk(deployment);
  desk.decode(16, 1);
  desk.wait(100 * 16);
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
}

TEST(VllmV0, WhoWaitsAloneIsAdmittedBeyondTheWatermark) {
  const CompiledDeployment deployment = engine(3200, 16, 8192);
  test::Desk desk(deployment);
  desk.wait(3200);
  EXPECT_EQ(desk.schedule(), (Tokens{3200}));
}

// 8 blocks: two sequences hold 4 each. Neither needs a new one, but the first asks for one all the same.
TEST(VllmV0, ADecodeAsksForABlockThatItDoesNotNeed) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  desk.decode(50, 5);
  const Sequence& last = desk.decode(50, 5);
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  ASSERT_EQ(desk.waiting().size(), 1u);
  EXPECT_EQ(desk.waiting().front(), &last);
  EXPECT_EQ(last.generated, 5);
}

TEST(VllmV0, OfSeveralVictimsTheEldestStandsFrontmost) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  for (int i = 0; i < 4; ++i) desk.decode(16, 1);  // a block each, and a second one for the next token
  for (int i = 0; i < 4; ++i) desk.decode(16, 1);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1, 1}));
  ASSERT_EQ(desk.waiting().size(), 4u);
  EXPECT_EQ(desk.waiting().front()->request, 4);
  EXPECT_EQ(desk.waiting().back()->request, 7);
}

// The only sequence fills the cache and preempts itself. The step would be empty: it is computed anew at once.
TEST(VllmV0, WhoPreemptsItselfAloneIsComputedAnew) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 20);
  EXPECT_EQ(desk.schedule(), (Tokens{120}));
  EXPECT_EQ(desk.preemptions(), 1);
}

void schedule_naively(test::NaiveEngine& engine, const EngineSettings& settings) {
  std::int64_t tokens = 0;
  while (!engine.waiting.empty() && static_cast<std::int64_t>(engine.running.size()) < settings.max_num_seqs) {
    test::NaiveRequest request = engine.waiting.front();
    if (tokens > 0 && tokens + request.known() > settings.max_num_batched_tokens) break;
    const std::int64_t kept = engine.running.empty() ? 0 : engine.watermark();
    if (engine.free - engine.blocks_of(request.known()) < kept) break;
    engine.waiting.erase(engine.waiting.begin());
    engine.take(request, request.known());
    engine.chunks.emplace_back(request.id, request.known());
    tokens += request.known();
    engine.running.push_back(request);
  }
  if (tokens > 0) return;
  std::vector<test::NaiveRequest> placed;
  while (!engine.running.empty()) {
    test::NaiveRequest request = engine.running.front();
    engine.running.erase(engine.running.begin());
    bool preempted = false;
    while (engine.free < 1 && !preempted) {
      preempted = engine.running.empty();
      engine.preempt_to_front(preempted ? request : engine.running.back());
      if (!preempted) engine.running.pop_back();
    }
    if (preempted) break;
    engine.take(request, request.known());
    engine.decoded.push_back(request.id);
    placed.push_back(request);
  }
  engine.running = placed;
  if (placed.empty() && !engine.waiting.empty()) schedule_naively(engine, settings);
}

RC_GTEST_PROP(VllmV0, DecidesAsTheLoopOverRequests, ()) {
  test::compare_steps(test::any_limits("vllm-v0"), test::any_requests(false), schedule_naively);
}

}  // namespace
}  // namespace plumb::serving
