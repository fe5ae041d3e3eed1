// Does the scheduler give out tokens in Sarathi-Serve's order?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "naive_scheduler.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens) {
  return test::engine_of("sarathi", cache_tokens, sequences, tokens);
}

TEST(Sarathi, AllDecodesAndAChunkThatFillsTheStep) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.decode(200, 3);
  desk.wait(300);
  desk.wait(400);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 300, 210}));
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1, 190}));
}

TEST(Sarathi, DecodesAreNotLimitedByTheTokens) {
  const CompiledDeployment deployment = engine(100000, 16, 2);
  test::Desk desk(deployment);
  for (int i = 0; i < 4; ++i) desk.decode(100, 5);
  desk.begin(50, 10);
  desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 1, 1}));
}

TEST(Sarathi, PartialPrefillsGoOnByArrival) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.begin(1000, 800, 2.0);
  desk.begin(1000, 400, 1.0);
  EXPECT_EQ(desk.schedule(), (Tokens{512}));
  EXPECT_EQ(desk.plan().prefills[0].sequence->computed, 400);
}

TEST(Sarathi, NoMoreThanMaxNumSeqsRun) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 0; i < 5; ++i) desk.wait(10);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 10, 10}));
}

// 200 blocks, of which 2 stay free. The prompt's chunk is 100 tokens, its blocks are all taken.
TEST(Sarathi, AFirstChunkTakesTheBlocksOfTheWholePromptAboveTheWatermark) {
  const CompiledDeployment deployment = engine(3200, 16, 101);
  for (const bool fits : {true, false}) {
    test::Desk desk(deployment);
    desk.decode(10, 1);
    desk.wait((fits ? 197 : 198) * 16);
    EXPECT_EQ(desk.schedule(), fits ? (Tokens{1, 100}) : (Tokens{1}));
    EXPECT_EQ(desk.pool().available(), (fits ? 2 : 199) * desk.bytes_of_block());
  }
}

// 8 blocks, all held. The latest arrival goes, though it was admitted first and its prompt is only partly computed.
TEST(Sarathi, TheLatestArrivalIsPreempted) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  Sequence& late = desk.begin(64, 10, 3.0, 64);
  desk.decode(30, 3, 1.0);
  desk.decode(30, 3, 2.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));  // four blocks are free then; the late one would need them all
  EXPECT_EQ(desk.waiting().front(), &late);
  EXPECT_EQ(late.computed, 0);
}

TEST(Sarathi, WhoWaitsAloneIsAdmittedBeyondTheWatermark) {
  const CompiledDeployment deployment = engine(3200, 16, 8192);
  test::Desk desk(deployment);
  desk.wait(3200);
  EXPECT_EQ(desk.schedule(), (Tokens{3200}));
}

void schedule_naively(test::NaiveEngine& engine, const EngineSettings& settings) {
  std::vector<test::NaiveRequest> queue = std::exchange(engine.running, {}), placed, begun;
  std::sort(queue.begin(), queue.end());
  std::int64_t tokens = 0;
  while (!queue.empty()) {
    test::NaiveRequest request = queue.front();
    queue.erase(queue.begin());
    if (!request.decodes) {
      begun.push_back(request);
      continue;
    }
    bool preempted = false;
    while (engine.free == 0 && !preempted) {
      preempted = queue.empty();
      engine.preempt_to_front(preempted ? request : queue.back());
      if (!preempted) queue.pop_back();
    }
    if (preempted) continue;
    engine.take(request, request.known());
    engine.decoded.push_back(request.id);
    ++tokens;
    placed.push_back(request);
  }
  for (const test::NaiveRequest& request : begun) {
    const std::int64_t chunk = std::min(request.known() - request.computed, settings.max_num_batched_tokens - tokens);
    placed.push_back(request);
    if (chunk <= 0) continue;
    engine.chunks.emplace_back(request.id, chunk);
    tokens += chunk;
  }
  while (!engine.waiting.empty()) {
    test::NaiveRequest request = engine.waiting.front();
    const std::int64_t kept = placed.empty() ? 0 : engine.watermark();
    if (engine.free - engine.blocks_of(request.known()) < kept) break;
    if (static_cast<std::int64_t>(placed.size()) >= settings.max_num_seqs) break;
    const std::int64_t chunk = std::min(request.known(), settings.max_num_batched_tokens - tokens);
    if (chunk <= 0) break;
    engine.waiting.erase(engine.waiting.begin());
    engine.take(request, request.known());
    engine.chunks.emplace_back(request.id, chunk);
    tokens += chunk;
    placed.push_back(request);
  }
}

RC_GTEST_PROP(Sarathi, DecidesAsTheLoopOverRequests, ()) {
  test::compare_steps(test::any_limits("sarathi"), test::any_requests(true), schedule_naively);
}

}  // namespace
}  // namespace plumb::serving
