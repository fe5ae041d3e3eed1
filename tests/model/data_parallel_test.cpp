// Do data-parallel ranks share the tokens and the experts, and nothing else?

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

bool routed(const Operator& op) { return op.family == Family::expert; }

const Operator* find(const std::vector<Operator>& all, std::string_view name) {
  for (const Operator& op : all) {
    if (op.name == name) return &op;
  }
  return nullptr;
}

Model mixture() {
  return *rc::gen::element(test::mixtral_8x7b(), test::deepseek_v3(), test::deepseek_v3_2(), test::gpt_oss_20b(),
                           test::qwen3_next_80b());
}

// DeepSeek-V3 over 8 ranks: 58 layers x 256 experts x 3 matrices of 7168 x 2048 are spread, all else is on every rank.
TEST(DataParallel, ExpertsAloneAreSpread) {  // a byte a weight
  const Model model = test::deepseek_v3();
  const double whole = weight_bytes(model, {}, {}, 0).value();
  const double experts = 58.0 * 256 * 3 * 7168 * 2048;
  EXPECT_DOUBLE_EQ(weight_bytes(model, {}, {.expert = true, .data = 8}, 0).value(), whole - experts * 7 / 8);
  EXPECT_DOUBLE_EQ(weight_bytes(model, {}, {.data = 8}, 0).value(), whole - experts * 7 / 8);
  EXPECT_EQ(cache_layout(model, {}, {.expert = true, .data = 8}, 0).shares[0].bytes_per_key, 70272.0);
}

// Law: ranks whose load divides do together what one rank would do alone.
RC_GTEST_PROP(DataParallel, EvenLoadIsSharedWithoutLoss, ()) {
  const Model model = mixture();
  const int data = *rc::gen::element(2, 4, 8);
  const Parallelism split{.expert = *rc::gen::arbitrary<bool>(), .data = data};
  const Step step = decodes(model, data * *rc::gen::inRange(1, 40), *rc::gen::inRange(1, 9000));
  const Work one = test::total_work(model, step), each = test::total_work(model, step, split);
  RC_ASSERT(std::abs(data * each.operations - one.operations) <= 1e-12 * one.operations);
  RC_ASSERT(std::abs(data * each.cache_bytes - one.cache_bytes) <= 1e-12 * one.cache_bytes);
  RC_ASSERT(each.weight_bytes < one.weight_bytes);
}

// Law: the fullest rank has at least its share, whatever the load.
RC_GTEST_PROP(DataParallel, NothingGetsLost, ()) {
  const Model model = mixture();
  const int data = *rc::gen::element(2, 4);
  const Parallelism split{.tensor = *rc::gen::element(1, 2), .expert = *rc::gen::arbitrary<bool>(), .data = data};
  Step step = decodes(model, *rc::gen::inRange(0, 100), 700);
  add_prefill(model, step, *rc::gen::inRange(1, 3000), *rc::gen::inRange(0, 3000), true);
  const Work one = test::total_work(model, step), each = test::total_work(model, step, split);
  RC_ASSERT(split.ranks() * each.operations >= one.operations * (1.0 - 1e-12));
  RC_ASSERT(split.ranks() * each.cache_bytes >= one.cache_bytes * (1.0 - 1e-12));
  RC_ASSERT(each.cache_bytes <= one.cache_bytes);
}

TEST(DataParallel, OneSequenceIsOnOneRank) {
  const Model model = test::deepseek_v3();
  const Step step = decodes(model, 1, 1000);
  EXPECT_EQ(test::total_work(model, step, {.expert = true, .data = 8}).cache_bytes, 1000.0 * 70272);
  // 9 sequences: the fullest of 8 ranks has two of them.
  EXPECT_DOUBLE_EQ(test::total_work(model, decodes(model, 9, 1000), {.expert = true, .data = 8}).cache_bytes,
                   2.0 * 1000 * 70272);
}

// 64 tokens on 8 ranks: each sends 8 tokens x 8 copies x 7168, out in fp8 with scales and back in bf16.
TEST(DataParallel, TokensTravelToTheirExpertsAndBack) {
  Model model = test::deepseek_v3();
  const Step step = decodes(model, 64, 100);
  const double numbers = 58.0 * 8 * 8 * 7168;
  const auto sent = [&](const char* name) {
    return work_of(*find(operators(model, {}, {.expert = true, .data = 8}, 0), name), step).sent_bytes;
  };
  EXPECT_DOUBLE_EQ(sent("dispatch"), numbers * (1 + 4.0 / 128));
  EXPECT_DOUBLE_EQ(sent("combine"), numbers * 2);
  model.quantisation.activations_too = false;
  EXPECT_DOUBLE_EQ(sent("dispatch"), numbers * 2);
  EXPECT_DOUBLE_EQ(sent("combine"), numbers * 2);
}

TEST(DataParallel, WithoutExpertParallelismGroupsGatherAllTokens) {
  const Model model = test::mixtral_8x7b();
  const std::vector<Operator> all = operators(model, {}, {.tensor = 2, .data = 2}, 0);
  const Step step = decodes(model, 10, 100);
  EXPECT_EQ(find(all, "dispatch"), nullptr);
  EXPECT_EQ(work_of(*find(all, "gather tokens"), step).sent_bytes, 32.0 * 10 * 4096 * 2);
  EXPECT_EQ(work_of(*find(all, "scatter sums"), step).sent_bytes, 32.0 * 10 * 4096 * 2);
  // 5 tokens a group: the embedding, attention and feed-forward of 32 layers.
  EXPECT_EQ(work_of(*find(all, "all-reduce"), step).sent_bytes, 65.0 * 5 * 4096 * 2);
  // Each of 4 ranks has a quarter of every expert, and all tokens.
  const Work cut = test::total_work(model, step, {.tensor = 2, .data = 2}, 0, {}, routed);
  EXPECT_DOUBLE_EQ(cut.operations, test::total_work(model, step, {.tensor = 4}, 0, {}, routed).operations);
  EXPECT_DOUBLE_EQ(cut.weight_bytes, test::total_work(model, step, {.tensor = 4}, 0, {}, routed).weight_bytes);
}

TEST(DataParallel, BesideTravellingTokensNothingIsCut) {
  const Model model = test::deepseek_v3();
  const std::vector<Operator> all = operators(model, {}, {.tensor = 2, .expert = true, .data = 4}, 0);
  const Operator* shared = find(all, "shared down");
  ASSERT_NE(shared, nullptr);
  EXPECT_EQ(std::get<Gemm>(shared->shape).k, 2048);
  EXPECT_EQ(work_of(*shared, decodes(model, 64, 1)).rows, 8.0);
  EXPECT_EQ(work_of(*find(all, "output"), decodes(model, 64, 1)).rows, 16.0);
  EXPECT_EQ(work_of(*find(all, "gather tokens"), decodes(model, 64, 1)).sent_bytes, 58.0 * 16 * 7168 * 2);
}

TEST(DataParallel, IsRefusedWhereNothingIsShared) {
  EXPECT_EQ(cannot_split(test::llama_3_8b(), {.data = 2}),
            "2 data-parallel ranks of a model without routed experts share nothing: they are replicas of their own");
  EXPECT_EQ(cannot_split(test::mixtral_8x7b(), {.tensor = 2, .expert = true, .data = 8}),
            "layer 0: 8 experts do not divide over 16 ranks");
  EXPECT_EQ(cannot_split(test::mixtral_8x7b(), {.data = 0}), "0 data-parallel ranks: must be at least 1");
  EXPECT_EQ(cannot_split(test::deepseek_v3(), {.expert = true, .data = 32}), std::nullopt);
}

}  // namespace
}  // namespace plumb::model
