// Does the scheduler give out tokens in vLLM V1's order?

#include "serving/scheduler_vllm_v1.h"

#include <gtest/gtest.h>

#include "support/deployments.h"

namespace plumb::serving {
namespace {

/// An engine's state without the engine.
class Desk {
 public:
  explicit Desk(std::int64_t cache_tokens, EngineSettings settings)
      : settings_(std::move(settings)),
        deployment_(test::llama_with_cache(cache_tokens, settings_)),
        cache_(deployment_.cache) {}

  Sequence& wait(std::int64_t prompt) {
    Sequence& sequence = make(prompt);
    waiting.push_back(&sequence);
    return sequence;
  }

  /// A sequence that has computed its prompt and `generated` - 1 of its tokens.
  Sequence& run(std::int64_t prompt, std::int64_t generated) {
    Sequence& sequence = make(prompt);
    sequence.generated = generated;
    sequence.computed = prompt + generated - 1;
    EXPECT_TRUE(cache_.grow(sequence, sequence.computed));
    running.push_back(&sequence);
    return sequence;
  }

  std::vector<std::int64_t> schedule() {
    EngineState state{settings_, cache_, waiting, running, preemptions};
    make_vllm_v1_scheduler()->schedule(state, batch);
    std::vector<std::int64_t> tokens;
    for (const Scheduled& part : batch) tokens.push_back(part.tokens);
    return tokens;
  }

  std::deque<Sequence*> waiting;
  std::vector<Sequence*> running;
  std::vector<Scheduled> batch;
  std::int64_t preemptions = 0;

 private:
  Sequence& make(std::int64_t prompt) {
    owned_.push_back(std::make_unique<Sequence>());
    owned_.back()->prompt_tokens = prompt;
    owned_.back()->output_tokens = 1000;
    return *owned_.back();
  }

  EngineSettings settings_;
  CompiledDeployment deployment_;
  CachePool cache_;
  std::vector<std::unique_ptr<Sequence>> owned_;
};

EngineSettings limits(std::int64_t sequences, std::int64_t tokens) {
  EngineSettings settings;
  settings.max_num_seqs = sequences;
  settings.max_num_batched_tokens = tokens;
  return settings;
}

TEST(VllmV1, DecodesFirstThenPromptsWithinTheBudget) {
  Desk desk(100000, limits(16, 512));
  desk.run(100, 5);
  desk.run(200, 3);
  desk.wait(300);
  desk.wait(400);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{1, 1, 300, 210}));
  EXPECT_EQ(desk.running.size(), 4u);
  EXPECT_TRUE(desk.waiting.empty());
}

TEST(VllmV1, AChunkBegunIsContinuedBeforeNewPrompts) {
  Desk desk(100000, limits(16, 512));
  Sequence& begun = desk.run(1000, 0);
  begun.computed = 400;
  desk.wait(300);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{512}));
  begun.computed = 912;
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{88, 300}));
}

TEST(VllmV1, NoMoreThanMaxNumSeqsRun) {
  Desk desk(100000, limits(3, 8192));
  desk.run(100, 1);
  for (int i = 0; i < 5; ++i) desk.wait(10);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{1, 10, 10}));
  EXPECT_EQ(desk.waiting.size(), 3u);
}

TEST(VllmV1, PreemptsFromTheBackAndAdmitsNobodyThen) {
  // Two sequences of 800 tokens fill 1600; the first needs a block more.
  Desk desk(1600, limits(16, 512));
  Sequence& first = desk.run(800, 1);
  Sequence& second = desk.run(800, 1);
  desk.wait(1);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(desk.batch[0].sequence, &first);
  EXPECT_EQ(desk.preemptions, 1);
  ASSERT_EQ(desk.waiting.size(), 2u);
  EXPECT_EQ(desk.waiting.front(), &second);
  EXPECT_EQ(second.computed, 0);
  EXPECT_EQ(second.cache_bytes, 0);
}

TEST(VllmV1, WithoutChunkingAPromptWaitsForRoom) {
  EngineSettings settings = limits(16, 512);
  settings.enable_chunked_prefill = false;
  Desk desk(100000, settings);
  desk.run(100, 5);
  desk.wait(300);
  desk.wait(400);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{1, 300}));
}

TEST(VllmV1, SequencesInFlightAreLeftAlone) {
  Desk desk(100000, limits(16, 512));
  desk.run(100, 5).in_flight = true;
  desk.run(100, 5);
  EXPECT_EQ(desk.schedule(), (std::vector<std::int64_t>{1}));
  EXPECT_EQ(desk.batch[0].sequence, desk.running[1]);
}

}  // namespace
}  // namespace plumb::serving
