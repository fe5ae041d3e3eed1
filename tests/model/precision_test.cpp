// What does it mean to run a model in a given format?

#include <gtest/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

const Operator& find(const std::vector<Operator>& all, std::string_view name) {
  for (const Operator& op : all) {
    if (op.name == name) return op;
  }
  ADD_FAILURE() << "no operator " << name;
  return all.front();
}

TEST(Precision, AbsentIsTheCheckpoints) {
  const Quantisation own = effective(test::deepseek_v3(), {});
  EXPECT_EQ(own.weights, NumberFormat::fp8);
  EXPECT_EQ(own.method, "fp8");
  EXPECT_EQ(cache_format(test::deepseek_v3(), {}), NumberFormat::bf16);
}

TEST(Precision, OfTheCacheIsTheAskedThenTheCheckpoints) {
  Model model = test::llama_3_8b();
  model.quantisation.cache = NumberFormat::fp8;
  EXPECT_EQ(cache_format(model, {}), NumberFormat::fp8);
  EXPECT_EQ(cache_format(model, {.cache = NumberFormat::bf16}), NumberFormat::bf16);
}

TEST(Precision, Fp8QuantisesLinearLayersAndTheirProducts) {
  const std::vector<Operator> all = operators(test::llama_3_8b(), {.weights = NumberFormat::fp8}, {}, 0);
  EXPECT_EQ(find(all, "q, k, v").compute, NumberFormat::fp8);
  EXPECT_EQ(find(all, "q, k, v").weight_bits, 8.0);
  EXPECT_EQ(find(all, "attention").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "LM head").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "LM head").weight_bits, 16.0);
}

TEST(Precision, Int4IsForStorageAlone) {
  const std::vector<Operator> all = operators(test::llama_3_8b(), {.weights = NumberFormat::int4}, {}, 0);
  EXPECT_EQ(find(all, "down").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "down").weight_bits, 4.0 + 20.0 / 128.0);
}

TEST(Precision, ExpertsMayDifferFromTheRest) {
  const std::vector<Operator> all = operators(test::gpt_oss_20b(), {}, {}, 0);
  EXPECT_EQ(find(all, "routed down").weight_bits, 4.25);
  EXPECT_EQ(find(all, "routed down").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "output").weight_bits, 16.0);
}

TEST(Precision, ExcludedAttentionKeepsTheRests) {
  Model model = test::deepseek_v3();
  model.quantisation.attention_excluded = true;
  const std::vector<Operator> all = operators(model, {}, {}, 0);
  EXPECT_EQ(find(all, "output").weight_bits, 16.0);
  EXPECT_EQ(find(all, "output").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "down").compute, NumberFormat::fp8);
}

TEST(Precision, WideFormatsCastEverything) {
  const Model model = test::llama_3_8b();
  EXPECT_EQ(weight_bytes(model, {.weights = NumberFormat::fp32}, {}, 0).value(), 4.0 * parameter_count(model).total);
  EXPECT_EQ(find(operators(model, {.weights = NumberFormat::fp16}, {}, 0), "LM head").compute, NumberFormat::fp16);
}

TEST(Precision, AbsorbedProductsRunInTheActivationsFormat) {
  const std::vector<Operator> all = operators(test::deepseek_v3(), {}, {}, 0);
  EXPECT_EQ(find(all, "absorbed k up").compute, NumberFormat::bf16);
  EXPECT_EQ(find(all, "kv up").compute, NumberFormat::fp8);
}

}  // namespace
}  // namespace plumb::model
