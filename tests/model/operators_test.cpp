// Do the operators of a step obey the laws of the arithmetic that they stand for?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

Step decodes(const Model& model, std::int64_t sequences, std::int64_t context) {
  Step step;
  for (std::int64_t i = 0; i < sequences; ++i) add_decode(model, step, context);
  return step;
}

Step prefill(const Model& model, std::int64_t tokens, std::int64_t context = 0) {
  Step step;
  add_prefill(model, step, tokens, context, true);
  return step;
}

/// Parameters of convolutions, decays and time steps, which no product reads.
double recurrent_vectors(const Model& model) {
  double sum = 0.0;
  for (const Layer& layer : model.layers) {
    const Mixer& m = layer.mixer;
    const auto wide = static_cast<double>(m.heads * m.value_width);
    if (m.kind == Mixer::Kind::linear) {
      sum += (static_cast<double>(2 * m.kv_heads * m.key_width) + wide) * 4.0 + 2.0 * static_cast<double>(m.heads);
    }
    if (m.kind == Mixer::Kind::mamba) {
      sum += (static_cast<double>(2 * m.groups * m.key_width) + wide) * 5.0 + 3.0 * static_cast<double>(m.heads);
    }
  }
  return sum;
}

RC_GTEST_PROP(Operators, ProductsOfADecodedTokenAreTwiceItsParameters, ()) {
  const Model model = test::without_vectors(*rc::gen::elementOf(test::known_models()));
  const double operations =
      test::total_work(model, decodes(model, 1, 1), {}, 0, {}, test::multiplies_weights).operations;
  RC_ASSERT(operations == 2.0 * (parameter_count(model).active - recurrent_vectors(model)));
}

double embedding_bytes(const Model& model) {
  return 2.0 * static_cast<double>(model.hidden) * static_cast<double>(model.vocabulary);
}

TEST(Operators, ReadEveryStoredMatrixOnce) {
  for (const Model& whole : test::known_models()) {
    SCOPED_TRACE(whole.name);
    const Model model = test::without_vectors(whole);
    const double stored =
        weight_bytes(model, {}, {}, 0).value() - embedding_bytes(model) - 2.0 * recurrent_vectors(model);
    // So many tokens that they reach every expert.
    EXPECT_DOUBLE_EQ(test::total_work(model, decodes(model, 100000, 1)).weight_bytes, stored);
    EXPECT_DOUBLE_EQ(test::total_work(model, prefill(model, 100000)).weight_bytes, stored);
  }
}

TEST(Operators, OfOneDecodedTokenMoveItsActiveWeights) {
  // DeepSeek-R1 at batch 1 reads 37 GB, Llama-2-70B 140 GB.
  const Model r1 = test::deepseek_v3(), llama = test::llama_2_70b();
  EXPECT_NEAR(test::total_work(r1, decodes(r1, 1, 1)).weight_bytes, 37e9, 1.5e9);
  EXPECT_NEAR(test::total_work(llama, decodes(llama, 1, 1)).weight_bytes, 140e9, 3e9);
}

TEST(Operators, OfAttentionReadTheCacheOnce) {
  const Model llama = test::llama_3_8b(), r1 = test::deepseek_v3();
  const Work of_llama = test::total_work(llama, decodes(llama, 3, 1000));
  EXPECT_EQ(of_llama.cache_bytes, 3.0 * 1000 * 131072);
  EXPECT_EQ(test::total_work(r1, decodes(r1, 1, 1000)).cache_bytes, 1000.0 * 70272);
}

TEST(Operators, OfAttentionScoreEveryPair) {
  const Model model = test::llama_3_8b();
  const auto attends = [](const Operator& op) { return op.family == Family::attention; };
  // 4 x heads x width for each of 1000 (1000 + 1) / 2 pairs in 32 layers.
  EXPECT_EQ(test::total_work(model, prefill(model, 1000), {}, 0, {}, attends).operations, 32.0 * 4 * 32 * 128 * 500500);
  EXPECT_EQ(test::total_work(model, decodes(model, 1, 1000), {}, 0, {}, attends).operations,
            32.0 * 4 * 32 * 128 * 1000);
}

TEST(Operators, OfLatentsAreAbsorbedInDecodeAndExpandedInPrefill) {
  const Model model = test::deepseek_v3();
  const Step decode = decodes(model, 2, 500), fill = prefill(model, 64, 100);
  for (const Operator& op : operators(model, {}, {}, 0)) {
    SCOPED_TRACE(op.name);
    const bool absorbed = op.name.starts_with("absorbed");
    const bool expanded = op.name == "kv up" || op.name == "expanded attention";
    EXPECT_EQ(work_of(op, decode).launches == 0.0, expanded);
    EXPECT_EQ(work_of(op, fill).launches == 0.0, absorbed);
    if (op.name == "absorbed attention") {
      EXPECT_EQ(work_of(op, decode).operations, 61.0 * 2 * 128 * (576 + 512) * 1000);
    }
    if (op.name == "kv up") {
      EXPECT_EQ(work_of(op, fill).rows, 164.0);  // the whole context is expanded, not only what is new
    }
    if (op.name == "expanded attention") {
      EXPECT_EQ(work_of(op, fill).operations, 61.0 * 2 * 128 * (192 + 128) * (64 * 100 + 65 * 32));
    }
  }
}

// One token of a long context is cheaper absorbed, a whole prompt expanded; the model is the same.
TEST(Operators, OfLatentsMayBeAbsorbedInPrefillToo) {
  const Model expanded = test::deepseek_v3();
  Model absorbed = expanded;
  ASSERT_TRUE(absorb_prefill(absorbed));
  EXPECT_EQ(parameter_count(absorbed).total, parameter_count(expanded).total);
  EXPECT_EQ(weight_bytes(absorbed, {}, {}, 0).value(), weight_bytes(expanded, {}, {}, 0).value());
  const auto operations = [](const Model& model, const Step& step) { return test::total_work(model, step).operations; };
  EXPECT_LT(operations(absorbed, prefill(absorbed, 1, 20000)), operations(expanded, prefill(expanded, 1, 20000)));
  EXPECT_GT(operations(absorbed, prefill(absorbed, 4000)), operations(expanded, prefill(expanded, 4000)));
  // A chunk of one token does what a decode does.
  EXPECT_EQ(operations(absorbed, prefill(absorbed, 1, 999)), operations(absorbed, decodes(absorbed, 1, 1000)));
  EXPECT_EQ(operations(absorbed, decodes(absorbed, 3, 500)), operations(expanded, decodes(expanded, 3, 500)));
  Model without = test::llama_3_8b();
  EXPECT_FALSE(absorb_prefill(without));
}

TEST(Operators, OfSparseLatentsReadNoMoreThanTheIndexerPicks) {
  const Model model = test::deepseek_v3_2();
  double picked = 0.0, looked_at = 0.0;
  for (const Operator& op : operators(model, {}, {}, 0)) {
    if (op.name == "absorbed attention") picked = work_of(op, decodes(model, 1, 100000)).cache_bytes;
    if (op.name == "indexer") looked_at = work_of(op, decodes(model, 1, 100000)).cache_bytes;
  }
  EXPECT_EQ(picked, 61.0 * 2048 * 1152);
  EXPECT_EQ(looked_at, 61.0 * 100000 * 132);
}

RC_GTEST_PROP(Operators, OperationsOfAMixedStepAreThoseOfItsParts, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const std::int64_t sequences = *rc::gen::inRange(1, 50), context = *rc::gen::inRange(1, 10000);
  const std::int64_t tokens = *rc::gen::inRange(1, 3000), before = *rc::gen::inRange(0, 10000);
  Step mixed = decodes(model, sequences, context);
  add_prefill(model, mixed, tokens, before, true);
  const Work whole = test::total_work(model, mixed);
  const Work decode = test::total_work(model, decodes(model, sequences, context));
  const Work fill = test::total_work(model, prefill(model, tokens, before));
  RC_ASSERT(std::abs(whole.operations - decode.operations - fill.operations) <= 1e-12 * whole.operations);
  RC_ASSERT(whole.weight_bytes <= decode.weight_bytes + fill.weight_bytes);
}

RC_GTEST_PROP(Operators, DecodeIsLinearInContext, ()) {
  // Beyond the window, whose share is constant.
  const Model model = *rc::gen::element(test::llama_3_8b(), test::deepseek_v3(), test::gpt_oss_20b(),
                                        test::qwen3_next_80b(), test::nemotron_3_nano());
  const std::int64_t context = *rc::gen::inRange(128, 10000), step = *rc::gen::inRange(1, 10000);
  const auto work = [&](std::int64_t c) { return test::total_work(model, decodes(model, 4, c)); };
  const Work a = work(context), b = work(context + step), c = work(context + 2 * step);
  RC_ASSERT(a.operations + c.operations == 2.0 * b.operations);
  RC_ASSERT(a.bytes() + c.bytes() == 2.0 * b.bytes());
  RC_ASSERT(a.operations < b.operations);
}

RC_GTEST_PROP(Operators, OfARankShrinkAsRanksGrow, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const Parallelism split{.tensor = *rc::gen::element(1, 2, 4), .expert = *rc::gen::arbitrary<bool>()};
  Parallelism twice = split;
  twice.tensor *= 2;
  RC_PRE(!cannot_split(model, twice));
  Step step = decodes(model, *rc::gen::inRange(1, 100), 1000);
  add_prefill(model, step, 500, 100, true);
  const Work less = test::total_work(model, step, twice), more = test::total_work(model, step, split);
  RC_ASSERT(less.operations < more.operations);
  RC_ASSERT(less.weight_bytes < more.weight_bytes);
  RC_ASSERT(less.cache_bytes <= more.cache_bytes);
  // Nothing gets lost: two such ranks do at least what one did.
  RC_ASSERT(2.0 * less.operations >= more.operations * (1.0 - 1e-12));
}

TEST(Operators, OfExpertsSpreadAreAsManyAsCut) {
  const Model model = test::mixtral_8x7b();
  const auto routed = [](const Operator& op) { return op.family == Family::expert; };
  const Step step = decodes(model, 64, 100);
  const Work cut = test::total_work(model, step, {.tensor = 4}, 0, {}, routed);
  const Work spread = test::total_work(model, step, {.tensor = 4, .expert = true}, 0, {}, routed);
  EXPECT_DOUBLE_EQ(cut.operations, spread.operations);
  EXPECT_DOUBLE_EQ(cut.weight_bytes, spread.weight_bytes);
}

TEST(Operators, ReachExpertsAsChanceHasIt) {
  const Model model = test::mixtral_8x7b();
  const auto down = [](const Operator& op) { return op.name == "routed down"; };
  const double one_expert = 32.0 * 14336 * 4096 * 2;
  const auto reached = [&](std::int64_t tokens) {
    return test::total_work(model, decodes(model, tokens, 1), {}, 0, {}, down).weight_bytes / one_expert;
  };
  EXPECT_NEAR(reached(1), 2.0, 1e-12);
  EXPECT_NEAR(reached(2), 8.0 * (1.0 - 0.75 * 0.75), 1e-12);  // the second token shares some with the first
  EXPECT_NEAR(reached(1000), 8.0, 1e-12);
}

RC_GTEST_PROP(Operators, OfAllStagesAreThoseOfOne, ()) {
  const Model model = *rc::gen::elementOf(test::known_models());
  const int stages = *rc::gen::inRange(2, 9);
  Step step = decodes(model, *rc::gen::inRange(1, 20), *rc::gen::inRange(1, 5000));
  add_prefill(model, step, 300, 0, true);
  double operations = 0.0, launches = 0.0, sent = 0.0;
  for (int stage = 0; stage < stages; ++stage) {
    const Work work = test::total_work(model, step, {.pipeline = stages}, stage);
    operations += work.operations;
    launches += work.launches;
    sent += work.sent_bytes;
  }
  const Work whole = test::total_work(model, step);
  RC_ASSERT(std::abs(operations - whole.operations) <= 1e-12 * whole.operations);
  RC_ASSERT(launches == whole.launches + stages - 1);
  RC_ASSERT(sent == static_cast<double>((stages - 1) * step.tokens() * model.hidden * 2));
}

TEST(Operators, OfEqualLayersAreOneWithACount) {
  const Model model = test::gpt_oss_20b();
  double products = 0.0, windows = 0.0, full = 0.0;
  for (const Operator& op : operators(model, {}, {}, 0)) {
    if (op.name == "q, k, v") products += op.count;
    if (op.name != "attention") continue;
    (std::get<Attention>(op.shape).span == 0 ? windows : full) = op.count;
  }
  EXPECT_EQ(products, 24.0);  // layers that differ in their span alone share their products
  EXPECT_EQ(windows, 12.0);
  EXPECT_EQ(full, 12.0);
  EXPECT_LT(operators(test::llama_3_70b(), {}, {}, 0).size(), 15u);
}

TEST(Operators, OfRanksAddUpAfterEveryPart) {
  const Model model = test::llama_3_8b();
  const auto sends = [](const Operator& op) { return op.family == Family::collective; };
  EXPECT_EQ(test::total_work(model, decodes(model, 5, 10), {}, 0, {}, sends).launches, 0.0);
  const Work work = test::total_work(model, decodes(model, 5, 10), {.tensor = 2}, 0, {}, sends);
  EXPECT_EQ(work.launches, 1 + 2 * 32 + 1);  // the embedding, every attention and feed-forward, the logits
  EXPECT_EQ(work.sent_bytes, 5.0 * 65 * 4096 * 2 + 5.0 * 128256 * 2);
}

// Tokens stay on every rank, whether experts are cut or whole: what is sent is the same.
TEST(Operators, OfExpertsSpreadSendWhatCutOnesDo) {
  const Model model = test::mixtral_8x7b();
  const auto sends = [](const Operator& op) { return op.family == Family::collective; };
  const auto sent_bytes = [&](bool expert) {
    return test::total_work(model, decodes(model, 5, 10), {.tensor = 4, .expert = expert}, 0, {}, sends).sent_bytes;
  };
  EXPECT_EQ(sent_bytes(true), sent_bytes(false));
  EXPECT_GT(sent_bytes(true), 0.0);
}

TEST(Operators, OfAnEmptyStepDoNothing) {
  for (const Model& model : test::known_models()) {
    const Work work = test::total_work(model, Step{});
    EXPECT_EQ(work.bytes() + work.operations + work.launches + work.sent_bytes, 0.0) << model.name;
  }
}

TEST(Operators, OfStatesMoveThemOncePerSequence) {
  const Model model = test::qwen3_next_80b();
  const auto states = [](const Operator& op) { return op.family == Family::state; };
  const double held = cache_layout(model, {}, {}, 0).state_bytes;
  EXPECT_EQ(test::total_work(model, decodes(model, 7, 900), {}, 0, {}, states).cache_bytes, 2.0 * 7 * held);
  EXPECT_EQ(test::total_work(model, prefill(model, 900), {}, 0, {}, states).cache_bytes, 2.0 * held);
}

// Law: a prompt costs the same operations however it is cut into chunks, and every chunk moves its states once more.
// Expanding latents is the exception, done again for every chunk, and is not in this list.
RC_GTEST_PROP(Operators, OfAPromptInChunksAreThoseOfItWhole, ()) {
  const Model model = *rc::gen::element(test::llama_3_8b(), test::gpt_oss_20b(), test::qwen3_next_80b(),
                                        test::nemotron_3_nano(), test::deepseek_v4_flash());
  const std::int64_t first = *rc::gen::inRange(1, 3000), second = *rc::gen::inRange(1, 3000);
  const auto inner = [](const Operator& op) { return op.name != "LM head"; };
  const auto work = [&](const Step& step) { return test::total_work(model, step, {}, 0, {}, inner); };
  const Work whole = work(prefill(model, first + second)), a = work(prefill(model, first)),
             b = work(prefill(model, second, first));
  RC_ASSERT(std::abs(a.operations + b.operations - whole.operations) <= 1e-12 * whole.operations);
  const auto states = [](const Operator& op) { return op.family == Family::state; };
  const auto moved = [&](const Step& step) { return test::total_work(model, step, {}, 0, {}, states).cache_bytes; };
  RC_ASSERT(moved(prefill(model, first)) + moved(prefill(model, second, first)) ==
            2.0 * moved(prefill(model, first + second)));
  // Keys are read by each chunk that reaches them, so never fewer than at once.
  RC_ASSERT(a.cache_bytes + b.cache_bytes >= whole.cache_bytes);
}

// A chunk of 100 tokens after 1000 reads of each window of 128 no more than 127 keys before it.
TEST(Operators, OfAChunkReadAWindowBack) {
  const Model model = test::gpt_oss_20b();
  double windows = 0.0, full = 0.0;
  for (const Operator& op : operators(model, {}, {}, 0)) {
    if (op.name != "attention") continue;
    (std::get<Attention>(op.shape).span == 0 ? windows : full) += work_of(op, prefill(model, 100, 1000)).cache_bytes;
  }
  const double key_bytes = 12.0 * 2 * 8 * 64 * 2;
  EXPECT_EQ(windows, key_bytes * 227);
  EXPECT_EQ(full, key_bytes * 1100);
}

TEST(Operators, OfTheHeadRunForSampledSequencesAlone) {
  const Model model = test::llama_3_8b();
  Step step;
  add_prefill(model, step, 512, 0, false);
  const auto head = [](const Operator& op) { return op.name == "LM head"; };
  EXPECT_EQ(test::total_work(model, step, {}, 0, {}, head).launches, 0.0);
  add_prefill(model, step, 512, 512, true);
  EXPECT_EQ(test::total_work(model, step, {}, 0, {}, head).operations, 2.0 * 4096 * 128256);
}

}  // namespace
}  // namespace plumb::model
