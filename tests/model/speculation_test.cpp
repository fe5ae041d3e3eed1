// Does a step that verifies proposed tokens cost what it does, and nothing more without any?

#include "model/speculation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

using Method = Speculation::Method;

Model with_mtp(Model model, std::int64_t modules = 1) {
  for (std::int64_t i = 0; i < modules; ++i) model.mtp_layers.push_back(model.layers.back());
  model.mtp_modules = modules;
  model.mtp_extra_weights = modules * (2 * model.hidden * model.hidden + 3 * model.hidden);
  return model;
}

Model speculating(const Model& model, Method method, int tokens, const Model* draft = nullptr) {
  auto made = with_speculation(model, method, tokens, draft);
  if (!made) std::abort();
  return std::move(*made);
}

Step decodes(const Model& model, std::int64_t sequences, std::int64_t context) {
  Step step;
  for (std::int64_t i = 0; i < sequences; ++i) add_decode(model, step, context);
  return step;
}

bool drafts(const Operator& op) { return op.name.starts_with("draft "); }
bool verifies(const Operator& op) { return !drafts(op); }
bool attends(const Operator& op) { return op.family == Family::attention && verifies(op); }

RC_GTEST_PROP(Speculation, OfNoTokensIsAPlainStep, ()) {
  const Model plain = with_mtp(*rc::gen::elementOf(test::known_models()));
  const Model none = speculating(plain, Method::mtp, 0);
  const std::int64_t sequences = *rc::gen::inRange(0, 50), context = *rc::gen::inRange(1, 9000);
  Step of_plain = decodes(plain, sequences, context), of_none = decodes(none, sequences, context);
  add_prefill(none, of_none, 100, 50, true);
  add_prefill(plain, of_plain, 100, 50, true);
  const std::vector<Operator> a = operators(plain, {}, {}, 0), b = operators(none, {}, {}, 0);
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Work x = work_of(a[i], of_plain), y = work_of(b[i], of_none);
    RC_ASSERT(x.operations == y.operations);
    RC_ASSERT(x.bytes() == y.bytes());
    RC_ASSERT(x.sent_bytes == y.sent_bytes);
  }
  RC_ASSERT(weight_bytes(plain, {}, {}, 0).value() == weight_bytes(none, {}, {}, 0).value());
}

// Law: verifying k tokens does the operations of decoding them one after another, but reads keys and weights once.
RC_GTEST_PROP(Speculation, VerifiesInOneStepWhatDecodesWouldDoInSeveral, ()) {
  const Model plain = *rc::gen::element(test::llama_3_8b(), test::deepseek_v3(), test::gpt_oss_20b(),
                                        test::mixtral_8x7b(), test::qwen3_next_80b());
  const int tokens = *rc::gen::inRange(1, 8);
  const Model model = speculating(plain, Method::ngram, tokens);
  const std::int64_t context = *rc::gen::inRange(200, 9000);
  const Work at_once = test::total_work(model, decodes(model, 3, context));
  Work one_by_one;
  for (int i = 0; i <= tokens; ++i) {
    const Work work = test::total_work(plain, decodes(plain, 3, context + i));
    one_by_one.operations += work.operations;
    one_by_one.cache_bytes += work.cache_bytes;
    one_by_one.weight_bytes += work.weight_bytes;
  }
  RC_ASSERT(std::abs(at_once.operations - one_by_one.operations) <= 1e-12 * one_by_one.operations);
  RC_ASSERT(at_once.cache_bytes < one_by_one.cache_bytes);
  RC_ASSERT(at_once.weight_bytes < one_by_one.weight_bytes);
}

TEST(Speculation, ReadsEachSequencesKeysOnce) {
  const Model model = speculating(test::llama_3_8b(), Method::ngram, 3);
  const Work work = test::total_work(model, decodes(model, 2, 1000), {}, 0, {}, attends);
  EXPECT_EQ(work.cache_bytes, 2.0 * 1003 * 131072);
  EXPECT_EQ(work.operations, 2.0 * 32 * 4 * 32 * 128 * (1000 + 1001 + 1002 + 1003));
}

TEST(Speculation, NeedsTheLogitsOfEveryToken) {
  const Model model = speculating(test::llama_3_8b(), Method::ngram, 3);
  const auto head = [](const Operator& op) { return op.name == "LM head"; };
  EXPECT_EQ(test::total_work(model, decodes(model, 2, 10), {}, 0, {}, head).operations, 8.0 * 2 * 4096 * 128256);
}

// A state is read once, and written once and once more for each token that may be rejected; as many are kept.
TEST(Speculation, KeepsAStateForEveryToken) {
  const Model plain = test::qwen3_next_80b(), model = speculating(plain, Method::ngram, 2);
  const auto states = [](const Operator& op) { return op.family == Family::state; };
  const double held = cache_layout(plain, {}, {}, 0).state_bytes;
  EXPECT_EQ(cache_layout(model, {}, {}, 0).state_bytes, 3.0 * held);
  EXPECT_EQ(test::total_work(model, decodes(model, 5, 100), {}, 0, {}, states).cache_bytes, 5.0 * 4 * held);
}

// Three proposed tokens of one module: 1 pass over 2 x 4 tokens, 2 over 2 tokens, and an LM head of 2 rows in each.
TEST(Speculation, RunsAModuleForEachProposedToken) {
  const Model model = speculating(with_mtp(test::deepseek_v3()), Method::mtp, 3);
  double projected = 0.0, sampled = 0.0, passes = 0.0;
  for (const Operator& op : operators(model, {}, {}, 0)) {
    const Work work = work_of(op, decodes(model, 2, 100));
    if (op.name == "draft projection") projected += work.operations, passes += op.count;
    if (op.name == "draft LM head") sampled += work.operations;
  }
  EXPECT_EQ(passes, 3.0);
  EXPECT_EQ(projected, 2.0 * 2 * 7168 * 7168 * (8 + 2 + 2));
  EXPECT_EQ(sampled, 2.0 * 7168 * 129280 * (2 + 2 + 2));
}

TEST(Speculation, TakesModulesInTurn) {
  const Model model = speculating(with_mtp(test::deepseek_v3(), 2), Method::mtp, 5);
  double passes = 0.0;
  for (const Operator& op : operators(model, {}, {}, 0)) {
    if (op.name == "draft projection") passes += op.count;
  }
  EXPECT_EQ(passes, 5.0);
}

TEST(Speculation, DrafterHasWeightsAndCacheOnTheLastStage) {
  const Model plain = with_mtp(test::deepseek_v3()), model = speculating(plain, Method::mtp, 1);
  const Parallelism split{.pipeline = 2};
  const auto weights = [&](const Model& of, int stage) { return weight_bytes(of, {}, split, stage).value(); };
  const auto key_bytes = [&](const Model& of, int stage) {
    return cache_layout(of, {}, split, stage).shares[0].bytes_per_key;
  };
  EXPECT_EQ(weights(model, 0), weights(plain, 0));
  EXPECT_GT(weights(model, 1), weights(plain, 1) + 11e9);  // a layer of experts in fp8
  EXPECT_EQ(key_bytes(model, 0), key_bytes(plain, 0));
  EXPECT_EQ(key_bytes(model, 1), key_bytes(plain, 1) + 1152);
}

// Llama 3 8B proposes for 70B: its operators over all tokens once, and over one a sequence twice more.
TEST(Speculation, RunsADraftModelBesideTheModel) {
  const Model draft = test::llama_3_8b(), target = test::llama_3_70b();
  const Model model = speculating(target, Method::draft, 3, &draft);
  EXPECT_EQ(model.spans.size(), 1u);
  const Step step = decodes(model, 4, 500);
  const Work work = test::total_work(model, step, {}, 0, {}, drafts);
  EXPECT_EQ(work.weight_bytes, 3.0 * test::total_work(draft, decodes(draft, 4, 500)).weight_bytes);
  EXPECT_EQ(work.cache_bytes, 3.0 * 4 * 503 * 131072);
  EXPECT_EQ(weight_bytes(model, {}, {}, 0).value(),
            weight_bytes(target, {}, {}, 0).value() + weight_bytes(draft, {}, {}, 0).value());
  EXPECT_EQ(cannot_split(model, {.tensor = 64}), "drafter: layer 0: 32 heads do not divide over 64 ranks");
}

TEST(Speculation, OfADraftModelWithOtherSpansKeepsBoth) {
  Model draft = test::gpt_oss_20b();
  Model target = test::llama_3_70b();
  draft.vocabulary = target.vocabulary;
  const Model model = speculating(target, Method::draft, 2, &draft);
  ASSERT_EQ(model.spans.size(), 2u);
  EXPECT_EQ(model.spans[0].kind, Span::Kind::full);
  EXPECT_EQ(model.spans[1].kind, Span::Kind::sliding);
  const Step step = decodes(model, 1, 5000);
  EXPECT_EQ(step.spans[0].decode_keys, 5002.0);
  EXPECT_EQ(step.spans[1].decode_keys, 130.0);
}

TEST(Speculation, IsRefusedWithoutWhatItNeeds) {
  const Model model = test::llama_3_8b();
  const auto mtp = with_speculation(model, Method::mtp, 1);
  ASSERT_FALSE(mtp);
  EXPECT_EQ(mtp.error().fault, Fault::unmet);
  EXPECT_EQ(mtp.error().message, "Llama-3-8B has no layers of multi-token prediction");
  const Model other = test::gpt_oss_20b();
  const auto draft = with_speculation(model, Method::draft, 1, &other);
  ASSERT_FALSE(draft);
  EXPECT_NE(draft.error().message.find("has a vocabulary of"), std::string::npos);
}

}  // namespace
}  // namespace plumb::model
