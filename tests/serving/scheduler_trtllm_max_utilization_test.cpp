// Does the scheduler let in and pause as TensorRT-LLM's MAX_UTILIZATION does?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "naive_scheduler.h"

namespace plumb::serving {
namespace {

using test::Tokens;

CompiledDeployment engine(std::int64_t cache_tokens, std::int64_t sequences, std::int64_t tokens, bool chunked = true) {
  return test::engine_of("trtllm-max-utilization", cache_tokens, sequences, tokens, chunked);
}

TEST(TrtllmMaxUtilization, PromptsGetWhatDecodesLeaveInWholeBlocks) {
  const CompiledDeployment deployment = engine(100000, 16, 512);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.decode(200, 3);
  desk.wait(300, 1000, 1.0);
  desk.wait(400, 1000, 2.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1, 300, 208}));  // 210 are left
  EXPECT_FALSE(desk.first_come_first_served());
}

// The 14 tokens that are left do not make a block for the first, so the second gets 12 of them. From then on the first
// stands before one that runs, and its blocks count before that one's.
TEST(TrtllmMaxUtilization, AShortPromptPassesOneThatGetsNoBlock) {
  const CompiledDeployment deployment = engine(100000, 64, 64);
  test::Desk desk(deployment);
  for (int i = 0; i < 50; ++i) desk.decode(10, 1);
  desk.wait(100, 1000, 1.0);
  desk.wait(12, 1000, 2.0);
  Tokens expected(50, 1);
  expected.push_back(12);
  EXPECT_EQ(desk.schedule(), expected);
  EXPECT_EQ(desk.waiting().size(), 1u);
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), Tokens(51, 1));
  EXPECT_EQ(desk.bytes_kept_free(), 7 * desk.bytes_of_block());
}

TEST(TrtllmMaxUtilization, WithoutChunksTheFirstPromptThatDoesNotFitEndsTheRound) {
  const CompiledDeployment deployment = engine(100000, 16, 512, false);
  test::Desk desk(deployment);
  desk.decode(100, 5);
  desk.wait(300, 100, 1.0);
  desk.wait(400, 100, 2.0);
  desk.wait(10, 100, 3.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 300}));
  EXPECT_TRUE(desk.first_come_first_served());
}

TEST(TrtllmMaxUtilization, AFirstChunkTakesTheBlocksOfTheWholePrompt) {
  const CompiledDeployment deployment = engine(1600, 16, 160);
  test::Desk desk(deployment);
  desk.wait(1000);
  EXPECT_EQ(desk.schedule(), (Tokens{160}));
  EXPECT_EQ(desk.pool().available(), (100 - 63) * desk.bytes_of_block());
}

TEST(TrtllmMaxUtilization, NoMoreThanMaxNumSeqsAreInTheList) {
  const CompiledDeployment deployment = engine(100000, 3, 8192);
  test::Desk desk(deployment);
  desk.decode(100, 1);
  for (int i = 1; i < 6; ++i) desk.wait(10, 1000, i);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 10, 10}));
}

// 8 blocks are held. The elder needs another: the younger is paused and keeps its place before one that came later.
TEST(TrtllmMaxUtilization, TheLastOfTheListIsPausedAndKeepsItsPlace) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  const Sequence& younger = desk.decode(60, 4, 2.0);  // admitted first
  desk.decode(60, 4, 1.0);
  desk.wait(16, 1000, 3.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));  // neither needs a block; the newcomer finds none
  desk.finish_step();
  EXPECT_EQ(desk.schedule(), (Tokens{1}));
  ASSERT_EQ(desk.waiting().size(), 2u);
  EXPECT_EQ(desk.waiting().front(), &younger);
  EXPECT_EQ(younger.generated, 5);
}

TEST(TrtllmMaxUtilization, AnElderThatWaitsPausesAYoungerThatRuns) {
  const CompiledDeployment deployment = engine(128, 16, 512);
  test::Desk desk(deployment);
  desk.decode(20, 1, 1.0);
  desk.decode(50, 1, 3.0);
  desk.wait(60, 1000, 2.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 60}));
  EXPECT_EQ(desk.preemptions(), 1);
  EXPECT_EQ(desk.waiting().size(), 1u);
}

// An elder that fits but gets no tokens has its blocks counted before the younger's.
TEST(TrtllmMaxUtilization, BlocksOfAnElderWithoutTokensStayFree) {
  const CompiledDeployment deployment = engine(1600, 64, 16);
  test::Desk desk(deployment);
  desk.decode(20, 1, 1.0);
  desk.decode(20, 1, 3.0);
  desk.wait(60, 1000, 2.0);
  EXPECT_EQ(desk.schedule(), (Tokens{1, 1}));
  EXPECT_EQ(desk.bytes_kept_free(), 4 * desk.bytes_of_block());
}

struct Item {
  test::NaiveRequest request;
  bool runs = false;
};

std::int64_t blocks_needed(const test::NaiveEngine& engine, const Item& item) {
  const test::NaiveRequest& request = item.request;
  if (!item.runs) return engine.blocks_of(request.known());
  return request.decodes ? engine.blocks_of(request.computed + 1) - engine.blocks_of(request.computed) : 0;
}

/// The list's first scheduler: which items pass, in order. Paused ones are put back among `list` as waiting.
std::vector<Item> whose_cache_fits(test::NaiveEngine& engine, std::vector<Item>& list) {
  std::vector<Item> passed;
  std::int64_t taken = 0;
  std::size_t at = 0, end = list.size();
  while (at < end) {
    const std::int64_t needed = blocks_needed(engine, list[at]);
    if (taken + needed <= engine.free) {
      taken += needed;
      passed.push_back(list[at++]);
      continue;
    }
    std::size_t victim = end;
    while (victim > at && !list[victim - 1].runs) --victim;
    if (victim == at) break;
    end = victim - 1;
    list[end] = {engine.given_back(list[end].request), false};
  }
  return passed;
}

void schedule_naively(test::NaiveEngine& engine, const EngineSettings& settings) {
  std::vector<Item> list;
  for (const test::NaiveRequest& request : engine.running) list.push_back({request, true});
  for (const test::NaiveRequest& request : engine.waiting) list.push_back({request, false});
  const auto earlier = [](const Item& a, const Item& b) { return a.request < b.request; };
  std::sort(list.begin(), list.end(), earlier);
  std::vector<Item> outside;
  const auto size = static_cast<std::size_t>(settings.max_num_seqs);
  if (list.size() > size) {
    outside.assign(list.begin() + static_cast<std::ptrdiff_t>(size), list.end());
    list.resize(size);
  }
  const std::vector<Item> passed = whose_cache_fits(engine, list);
  std::int64_t left = settings.max_num_batched_tokens;
  for (const Item& item : passed) {
    if (!item.request.decodes) continue;
    engine.decoded.push_back(item.request.id);
    if (settings.enable_chunked_prefill) --left;
  }
  engine.free -= [&] {
    std::int64_t blocks = 0;
    for (const Item& item : passed) blocks += item.request.decodes ? blocks_needed(engine, item) : 0;
    return blocks;
  }();
  std::vector<std::int64_t> admitted;
  for (const Item& item : passed) {
    if (item.request.decodes) {
      if (!settings.enable_chunked_prefill) --left;
      continue;
    }
    const std::int64_t rest = item.request.known() - item.request.computed;
    if (!settings.enable_chunked_prefill && rest > left) break;
    const std::int64_t unit = std::min(engine.block_size, settings.max_num_batched_tokens);
    const std::int64_t chunk = rest <= left ? rest : std::max<std::int64_t>(0, left) / unit * unit;
    left -= chunk;
    if (chunk == 0) continue;
    engine.chunks.emplace_back(item.request.id, chunk);
    if (item.runs) continue;
    admitted.push_back(item.request.id);
    engine.free -= blocks_needed(engine, item);
  }
  list.insert(list.end(), outside.begin(), outside.end());
  engine.waiting.clear();
  for (const Item& item : list) {
    const bool now_runs = std::find(admitted.begin(), admitted.end(), item.request.id) != admitted.end();
    if (!item.runs && !now_runs) engine.waiting.push_back(item.request);
  }
}

RC_GTEST_PROP(TrtllmMaxUtilization, DecidesAsTheLoopOverRequests, ()) {
  EngineSettings settings = test::any_limits("trtllm-max-utilization");
  settings.enable_chunked_prefill = *rc::gen::arbitrary<bool>();
  const test::RandomRequests requests = test::any_requests(settings.enable_chunked_prefill);
  // Whoever runs is in the list.
  const auto listed = static_cast<std::size_t>(settings.max_num_seqs);
  const bool younger_wait = requests.waiting.empty() || requests.waiting.front().arrival_s >= 2.0;
  RC_PRE(requests.running.size() + (younger_wait ? 0 : requests.waiting.size()) <= listed);
  test::compare_steps(settings, requests, schedule_naively);
}

}  // namespace
}  // namespace plumb::serving
