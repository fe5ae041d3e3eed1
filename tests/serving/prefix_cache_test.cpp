// Does the prefix cache find what is there, and let go of the right blocks first?

#include "serving/prefix_cache.h"

#include <algorithm>
#include <list>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/scheduler.h"
#include "support/deployments.h"
#include "workload/prefix_count.h"
#include "workload/trace.h"

namespace plumb::serving {
namespace {

CachePlan plan_of(std::int64_t blocks) {
  CachePlan plan;
  plan.block_size = 16;
  plan.shares.push_back({model::Span{}, 100});
  plan.pool_bytes = 100 * blocks;
  return plan;
}

/// Pieces of 64 tokens, four blocks each.
PromptContent content(std::vector<std::uint64_t> keys) {
  PromptContent made;
  for (const std::uint64_t key : keys) {
    const std::int64_t begin = made.tokens();
    made.pieces.push_back({key, begin, begin + 64, begin + 64});
  }
  return made;
}

/// The same, of which a prompt has the first `blocks` only.
PromptContent beginning(const std::vector<std::uint64_t>& keys, std::int64_t blocks) {
  PromptContent made = content(keys);
  std::erase_if(made.pieces, [&](const PromptContent::Piece& piece) { return piece.begin >= 16 * blocks; });
  made.pieces.back().end = made.pieces.back().alike = std::min(made.tokens(), 16 * blocks);
  return made;
}

/// What an engine does for a prompt that it computes whole: takes what is there, and blocks for the rest.
struct Prompt {
  Prompt(PrefixCache& to, PromptContent made) : cache(&to), content(std::move(made)) {
    cached = cache->match(content, content.tokens() - 1).tokens;
    cache->hold(content, cached, held);
    own = (content.tokens() - cached) / 16 * 100;
    cache->take(own);
    own -= cache->publish(content, content.tokens(), held);
  }
  void end() { cache->let_go(held, own); }
  PrefixCache* cache;
  PromptContent content;
  PrefixCache::Hold held;
  std::int64_t cached = 0, own = 0;
};

TEST(PrefixCache, FindsWhatBeginsAlike) {
  const CachePlan plan = plan_of(100);
  PrefixCache cache(plan);
  Prompt first(cache, content({1, 2, 3}));
  EXPECT_EQ(first.cached, 0);
  EXPECT_EQ(cache.used(), 1200);
  Prompt second(cache, content({1, 2, 7}));
  EXPECT_EQ(second.cached, 128);
  EXPECT_EQ(cache.used(), 1600) << "shared blocks count once";
  first.end();
  second.end();
  EXPECT_EQ(cache.used(), 0);
  EXPECT_EQ(cache.kept(), 1600);
}

TEST(PrefixCache, TheLastTokenIsAlwaysComputed) {
  const CachePlan plan = plan_of(100);
  PrefixCache cache(plan);
  Prompt(cache, content({1, 2})).end();
  Prompt again(cache, content({1, 2}));
  EXPECT_EQ(again.cached, 112);
  EXPECT_EQ(cache.known_tokens(again.content), 128);
  again.end();
}

// Three prompts of four blocks fill twelve; a fourth evicts the one let go first, from its end.
TEST(PrefixCache, WhatWasLetGoFirstIsEvictedFirstFromItsEnd) {
  const CachePlan plan = plan_of(12);
  PrefixCache cache(plan);
  Prompt(cache, content({1})).end();
  Prompt(cache, content({2})).end();
  Prompt(cache, content({3})).end();
  cache.take(200);
  EXPECT_EQ(cache.match(content({1}), 64).tokens, 32);
  EXPECT_EQ(cache.match(content({2}), 64).tokens, 64);
  cache.give_back(200);
}

TEST(PrefixCache, ASessionGoesOnFromWhereItsAnswerEnded) {
  const CachePlan plan = plan_of(100);
  PrefixCache cache(plan);
  workload::Request request = test::request(0, 0.0, 100, 60);
  request.session = 5;
  request.context = 0;
  const PromptContent turn = content_of(request);
  PrefixCache::Hold held;
  cache.take(1000);
  const std::int64_t own = 1000 - cache.publish(turn, 159, held);
  cache.let_go(held, own);
  request = test::request(1, 0.0, 200, 10);
  request.session = 5;
  request.context = 0;
  request.history_tokens = 160;
  EXPECT_EQ(cache.match(content_of(request), 199).tokens, 144) << "whole blocks of the 159 computed tokens";
  request.id = request.context = 2;
  request.history_tokens = 0;
  EXPECT_EQ(cache.match(content_of(request), 199).tokens, 0) << "a turn that dropped its history";
}

// A turn that dropped its history holds the little that it repeats; what the session computed beyond is not counted.
TEST(PrefixCache, WhatATurnDoesNotRepeatIsNotTaken) {
  const CachePlan plan = plan_of(100);
  PrefixCache cache(plan);
  workload::Request request = test::request(0, 0.0, 1000, 1);
  request.session = 5;
  request.context = 0;
  PrefixCache::Hold held;
  cache.take(6300);
  const std::int64_t own = 6300 - cache.publish(content_of(request), 1000, held);
  cache.let_go(held, own);
  request = test::request(1, 0.0, 400, 1);
  request.session = 5;
  request.context = 0;
  request.history_tokens = 64;
  const PromptContent turn = content_of(request);
  const PrefixCache::Match match = cache.match(turn, 399);
  EXPECT_EQ(match.tokens, 64);
  EXPECT_EQ(match.idle_bytes, 400);
  cache.hold(turn, match.tokens, held);
  EXPECT_EQ(cache.used(), 400);
  cache.let_go(held, 0);
}

// Of twelve blocks that are there a prompt uses three: the others may go, while it and after it is held.
TEST(PrefixCache, OnlyWhatAPromptUsesIsHeld) {
  const CachePlan plan = plan_of(12);
  PrefixCache cache(plan);
  Prompt(cache, content({1, 2, 3})).end();
  const PromptContent part = beginning({1}, 3);
  const PrefixCache::Match match = cache.match(part, 48);
  EXPECT_EQ(match.tokens, 48);
  EXPECT_EQ(match.idle_bytes, 300);
  PrefixCache::Hold held;
  cache.hold(part, match.tokens, held);
  EXPECT_EQ(cache.used(), 300);
  EXPECT_EQ(cache.match(content({1, 2, 3}), 192).held_tokens, 48);
  cache.take(900);
  EXPECT_EQ(cache.match(content({1, 2, 3}), 192).tokens, 48);
  cache.let_go(held, 900);
  EXPECT_EQ(cache.match(content({1, 2, 3}), 192).tokens, 48);
  EXPECT_EQ(cache.used(), 0);
}

// Two prompts hold the same beginning, one more of it: when that one ends, what it held alone may go.
TEST(PrefixCache, WhatOneOfTwoHoldsAloneGoesWithIt) {
  const CachePlan plan = plan_of(100);
  PrefixCache cache(plan);
  Prompt whole(cache, content({1}));
  Prompt part(cache, beginning({1}, 3));
  EXPECT_EQ(part.cached, 32) << "the last token is computed, in a block of its own";
  EXPECT_EQ(cache.used(), 500);
  whole.end();
  EXPECT_EQ(cache.used(), 300);
  EXPECT_EQ(cache.match(content({1}), 64).tokens, 64);
  EXPECT_EQ(cache.match(content({1}), 64).idle_bytes, 200);
  part.end();
  EXPECT_EQ(cache.used(), 0);
}

// A prompt shorter than a beginning that was shared before it, with an answer that leaves no room for all of that.
TEST(PrefixCache, ABeginningLongerThanThePromptDoesNotShutItOut) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (!make_scheduler(scheduler)->reuses_prefixes()) continue;
    EngineSettings engine;
    engine.scheduler = scheduler;
    workload::Request first = test::request(0, 0.0, 1500, 4), second = test::request(1, 100.0, 100, 600);
    first.shared_prefix = second.shared_prefix = 0;
    first.shared_prefix_tokens = 1500;
    second.shared_prefix_tokens = 100;
    const auto source = workload::fixed_requests({first, second});
    const auto outcome = simulate(test::llama_with_cache(1600, engine), *source, {});
    ASSERT_TRUE(outcome.has_value()) << scheduler << ": " << outcome.error().message;
    EXPECT_TRUE(outcome->requests[1].completed()) << scheduler;
    EXPECT_EQ(outcome->requests[1].cached_tokens, 96) << scheduler;
    EXPECT_EQ(outcome->counters.preemptions, 0) << scheduler;
  }
}

/// vLLM's block pool to the letter: single blocks, one queue of free ones; hits leave the queue, freed ones go to its
/// end in reverse order, new ones come from its front and lose their hash.
class BlockPool {
 public:
  explicit BlockPool(int blocks) {
    for (int i = 0; i < blocks; ++i) queue_.push_back(i);
    hash_.resize(static_cast<std::size_t>(blocks), -1);
    holders_.resize(static_cast<std::size_t>(blocks), 0);
  }
  int matching(const std::vector<long>& hashes, std::size_t most) const {
    int count = 0;
    while (static_cast<std::size_t>(count) < most && by_hash_.contains(hashes[static_cast<std::size_t>(count)]))
      ++count;
    return count;
  }
  bool fits(const std::vector<long>& hashes, int hits) const {
    int idle = 0;
    for (int i = 0; i < hits; ++i) idle += holders_[at(by_hash_.at(hashes[static_cast<std::size_t>(i)]))] == 0;
    return hashes.size() - static_cast<std::size_t>(hits) + static_cast<std::size_t>(idle) <= queue_.size();
  }
  std::vector<int> take(const std::vector<long>& hashes, int hits) {
    std::vector<int> taken;
    for (int i = 0; i < hits; ++i) {
      const int block = by_hash_.at(hashes[static_cast<std::size_t>(i)]);
      if (holders_[at(block)]++ == 0) queue_.remove(block);
      taken.push_back(block);
    }
    for (std::size_t i = static_cast<std::size_t>(hits); i < hashes.size(); ++i) {
      const int block = queue_.front();
      queue_.pop_front();
      if (hash_[at(block)] >= 0) by_hash_.erase(hash_[at(block)]);
      hash_[at(block)] = -1;
      if (!by_hash_.contains(hashes[i])) {
        by_hash_[hashes[i]] = block;
        hash_[at(block)] = hashes[i];
      }
      holders_[at(block)] = 1;
      taken.push_back(block);
    }
    return taken;
  }
  std::int64_t used() const { return static_cast<std::int64_t>(hash_.size() - queue_.size()); }
  void free(const std::vector<int>& blocks) {
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
      if (--holders_[at(*block)] == 0) queue_.push_back(*block);
    }
  }

 private:
  static std::size_t at(int block) { return static_cast<std::size_t>(block); }
  std::list<int> queue_;
  std::vector<long> hash_;
  std::vector<int> holders_;
  std::map<long, int> by_hash_;
};

// Law: extents find what single blocks in vLLM's queue find, whatever comes and goes. Documents are chains of pieces; a
// prompt is the beginning of one, up to any block, and a tail of its own or none. Pool and cache are as short as they
// can be.
RC_GTEST_PROP(PrefixCache, FindsWhatVllmsBlocksFind, ()) {
  const int blocks = *rc::gen::inRange(24, 120);
  const CachePlan plan = plan_of(blocks);
  PrefixCache cache(plan);
  BlockPool pool(blocks);
  // vLLM's queue begins with blocks that hold nothing, as the cache begins with none kept.
  struct Running {
    Prompt prompt;
    std::vector<int> blocks;
  };
  std::list<Running> running;
  const auto count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    if (!running.empty() && *rc::gen::inRange(0, 2) == 0) {
      auto which = std::next(running.begin(), *rc::gen::inRange<int>(0, static_cast<int>(running.size())));
      which->prompt.end();
      pool.free(which->blocks);
      running.erase(which);
      RC_ASSERT(cache.used() == 100 * pool.used());
      continue;
    }
    const long document = *rc::gen::inRange(1, 4), alone = 1000 + i;
    const long shared = *rc::gen::inRange(0, 13), own = *rc::gen::inRange(shared == 0 ? 1 : 0, 9);
    std::vector<long> hashes;
    for (long b = 0; b < shared; ++b) hashes.push_back(100 * document + b);
    for (long b = 0; b < own; ++b) hashes.push_back(100 * alone + b);
    PromptContent made;
    const auto add = [&](long key, long length) {
      const std::int64_t begin = made.tokens(), end = begin + 16 * length;
      if (length > 0) made.pieces.push_back({static_cast<std::uint64_t>(key), begin, end, end});
    };
    for (long b = 0; b < shared; b += 4) add(10 * document + b / 4, std::min(shared - b, 4L));
    add(alone, own);
    const int hits = pool.matching(hashes, hashes.size() - 1);
    const PrefixCache::Match match = cache.match(made, made.tokens() - 1);
    RC_ASSERT(match.tokens == 16 * hits);
    const std::int64_t wanted = (made.tokens() - match.tokens) / 16 * 100 + match.idle_bytes;
    RC_ASSERT((wanted <= cache.available()) == pool.fits(hashes, hits));
    if (wanted > cache.available()) continue;
    running.push_back({Prompt(cache, made), pool.take(hashes, hits)});
    RC_ASSERT(cache.used() == 100 * pool.used());
    RC_ASSERT(cache.used() + cache.kept() <= cache.capacity());
  }
  for (Running& r : running) r.prompt.end();
  RC_ASSERT(cache.used() == 0);
}

// An infinite cache has what a count over the trace alone says it can have, whoever asks for it in order of arrival.
TEST(PrefixCache, MooncakesConversationsHitAsCounted) {
  const auto requests = workload::read_trace(PLUMB_SOURCE_DIR "/tests/data/workload/mooncake-conversation.jsonl.zst");
  ASSERT_TRUE(requests.has_value());
  const workload::PrefixCounts counts = workload::count_prefixes(*requests);
  EXPECT_NEAR(static_cast<double>(counts.repeated_tokens) / static_cast<double>(counts.prompt_tokens), 0.3736, 5e-5);
  for (const char* scheduler : {"vllm-v1", "trtllm-max-utilization", "trtllm-guaranteed-no-evict"}) {
    EngineSettings engine;
    engine.scheduler = scheduler;
    engine.num_gpu_blocks_override = 100'000'000;
    engine.max_num_seqs = 256;
    Deployment spec = test::deployment(model::test::llama_3_8b(), engine);
    spec.engine.max_model_len = 200'000;
    const auto deployment = compile(spec);
    ASSERT_TRUE(deployment.has_value());
    const Outcome outcome = test::simulate(*deployment, *requests);
    EXPECT_EQ(outcome.counters.prefix.queried, counts.prompt_tokens) << scheduler;
    EXPECT_EQ(outcome.counters.prefix.known, counts.repeated_tokens) << scheduler;
    EXPECT_LE(outcome.counters.prefix.hit, outcome.counters.prefix.known) << scheduler;
    EXPECT_EQ(outcome.counters.prompt_tokens_computed, counts.prompt_tokens - outcome.counters.prefix.hit) << scheduler;
  }
}

// A turn that comes while the answer to the one before it is still being generated, and repeats little of it, holds
// what it repeats and no more. A cache that holds either of them to its end serves both, one after the other if need
// be.
TEST(PrefixCache, TurnsOfASessionThatOverlapAreServed) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (!make_scheduler(scheduler)->reuses_prefixes()) continue;
    SCOPED_TRACE(scheduler);
    EngineSettings engine;
    engine.scheduler = scheduler;
    const CompiledDeployment deployment = test::llama_with_cache(2448, engine);
    workload::Request first = test::request(0, 0.0, 1800, 600), second = test::request(1, 0.2, 1800, 600);
    first.session = second.session = 7;
    first.context = second.context = 0;
    second.history_tokens = 512;
    for (const Stepping stepping : {Stepping::runs, Stepping::plain}) {
      SimulationOptions options;
      options.stepping = stepping;
      const Outcome outcome = test::simulate(deployment, {first, second}, options);
      EXPECT_TRUE(outcome.requests[0].completed() && outcome.requests[1].completed());
      EXPECT_GT(outcome.requests[0].finish_s, 0.2) << "they overlap";
      EXPECT_EQ(outcome.requests[1].cached_tokens, 512);
    }
  }
}

}  // namespace
}  // namespace plumb::serving
