// Do TensorRT-LLM's schedulers compute nothing that the cache has, count what requests share once, and keep their
// promises all the same?

#include "serving/trtllm_reuse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/random_cases.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::request;

constexpr std::string_view policies[] = {"trtllm-max-utilization", "trtllm-guaranteed-no-evict"};

/// A prompt that begins with two blocks of hashes that all of these have, 1024 tokens.
workload::Request sharing(std::int64_t id, double arrival_s, std::int64_t prompt, std::int64_t output) {
  workload::Request made = request(id, arrival_s, prompt, output);
  made.prefix_hashes = {1, 2, 100 + static_cast<std::uint64_t>(id)};
  return made;
}

CompiledDeployment engine(std::string_view policy, std::int64_t cache_tokens, bool reuses = true) {
  EngineSettings settings;
  settings.scheduler = policy;
  settings.enable_prefix_caching = reuses;
  return test::llama_with_cache(cache_tokens, settings);
}

TEST(TrtllmReuse, WhatTheCacheHasIsNotComputedAgain) {
  for (const std::string_view policy : policies) {
    const std::vector<workload::Request> requests{sharing(0, 0.0, 1200, 10), sharing(1, 100.0, 1300, 10)};
    const Outcome with = test::simulate(engine(policy, 100000), requests);
    EXPECT_EQ(with.requests[1].cached_tokens, 1024) << policy;
    EXPECT_EQ(with.counters.prompt_tokens_computed, 1200 + 1300 - 1024) << policy;
    EXPECT_EQ(with.counters.prefix.hit, 1024) << policy;
    const Outcome without = test::simulate(engine(policy, 100000, false), requests);
    EXPECT_EQ(without.counters.prompt_tokens_computed, 1200 + 1300) << policy;
    EXPECT_LT(with.requests[1].ttft_s(), without.requests[1].ttft_s()) << policy;
  }
}

// 128 blocks. Each request needs 80 to its end, 75 for its prompt; of these, 64 are the same.
TEST(TrtllmReuse, SharedBlocksAreCountedOnce) {
  for (const std::string_view policy : policies) {
    const std::vector<workload::Request> requests{sharing(0, 0.0, 1200, 80), sharing(1, 0.0, 1200, 80)};
    const Outcome with = test::simulate(engine(policy, 2048), requests);
    EXPECT_LT(with.requests[1].scheduled_s, with.requests[0].finish_s) << policy;
    EXPECT_EQ(with.counters.preemptions, 0) << policy;
    const Outcome without = test::simulate(engine(policy, 2048, false), requests);
    EXPECT_GE(without.requests[1].scheduled_s, without.requests[0].finish_s) << policy;
  }
}

// Tight: 64 shared blocks and 16 more for each of two requests are 96. With a block less the second waits.
TEST(TrtllmReuse, APromiseIsKeptToTheBlock) {
  for (const std::int64_t blocks : {95, 96}) {
    const Outcome outcome = test::simulate(engine("trtllm-guaranteed-no-evict", 16 * blocks),
                                           {sharing(0, 0.0, 1200, 80), sharing(1, 0.0, 1200, 80)});
    const bool together = outcome.requests[1].scheduled_s < outcome.requests[0].finish_s;
    EXPECT_EQ(together, blocks == 96);
    EXPECT_EQ(outcome.counters.preemptions, 0);
  }
}

// Blocks that nobody holds are free ones: finding them makes no room. The first request is gone when the second and
// third come; 64 blocks of it are found, and 32 are missing for each of them.
TEST(TrtllmReuse, WhatNobodyHoldsIsTakenFromWhatIsFree) {
  for (const std::int64_t blocks : {127, 128}) {
    const Outcome outcome =
        test::simulate(engine("trtllm-guaranteed-no-evict", 16 * blocks),
                       {sharing(0, 0.0, 1100, 4), sharing(1, 100.0, 1456, 80), sharing(2, 100.0, 1456, 80)});
    EXPECT_EQ(outcome.requests[1].cached_tokens, 1024);
    EXPECT_EQ(outcome.requests[2].scheduled_s < outcome.requests[1].finish_s, blocks == 128);
  }
}

// Law: whatever requests share, and however little cache there is, nobody who was let in is put out, and everybody is
// served; with pipeline stages too, where the next token of some is on its way while others are let in.
RC_GTEST_PROP(TrtllmReuse, GuaranteedNoEvictEvictsNobody, ()) {
  const test::Case made = test::any_case("trtllm-guaranteed-no-evict");
  const EngineSettings& settings = made.deployment.deployment.engine;
  const int stages = *rc::gen::element(1, 2, 4);
  const auto deployment =
      test::llama_with_cache(*rc::gen::inRange<std::int64_t>(3500, 9000), settings, {.tensor = 1, .pipeline = stages});
  const Outcome outcome = test::simulate(deployment, made.requests, made.options);
  RC_ASSERT(outcome.counters.preemptions == 0);
  for (const RequestRecord& record : outcome.requests) {
    RC_ASSERT(record.completed() + record.rejected + record.cancelled == 1);
  }
  RC_CLASSIFY(outcome.counters.prefix.hit > 0, "something was found");
}

}  // namespace
}  // namespace plumb::serving
