// Is every Korean model whose configuration is at hand understood, or refused with the field that is missing?

#include <gmock/gmock.h>

#include "config_files.h"

namespace plumb::model::test {
namespace {

double per_token(const Model& model) {
  const CacheLayout layout = cache_layout(model, {}, {}, 0);
  return cache_bytes(model, layout, 1001) - cache_bytes(model, layout, 1000);
}

std::string refusal_of(const std::string& file) {
  const Result<Model> model = read_model(models_folder() + file);
  if (model) return "";
  const std::string line = one_line(model.error());
  return line.substr(line.find(file) + file.size());
}

TEST(KoreanModels, Exaone3IsUnderstood) {
  const Model model = load("quoted/LGAI-EXAONE--EXAONE-3.0-7.8B-Instruct.json");
  EXPECT_EQ(model.layers.size(), 32u);
  EXPECT_EQ(model.layers.front().mixer.kv_heads, 8);
  EXPECT_EQ(model.layers.front().feed_forward.width, 14336);
  EXPECT_EQ(per_token(model), 2 * 32 * 8 * 128 * 2);
}

TEST(KoreanModels, Exaone35SevenBillionIsUnderstoodByItsModelType) {
  const Model model = load("partial/LGAI-EXAONE--EXAONE-3.5-7.8B-Instruct.partial.json");
  EXPECT_EQ(model.architecture, "ExaoneForCausalLM");
  EXPECT_EQ(model.positions_max, 32768);
  EXPECT_THAT(model.remarks, testing::Contains("the family is that of model_type \"exaone\""));
}

TEST(KoreanModels, Exaone35TwoBillionAndDeepAreRefusedWithoutAnArchitecture) {
  EXPECT_EQ(refusal_of("partial/LGAI-EXAONE--EXAONE-3.5-2.4B-and-Deep-32B.partial.json"),
            ":1:1: \"architectures\" is missing; expected a list with one name");
}

TEST(KoreanModels, Exaone35TwoBillionHasTiedEmbeddings) {
  const Model model = load("derived/LGAI-EXAONE--EXAONE-3.5-2.4B-Instruct.json");
  EXPECT_TRUE(model.tied_embeddings);
  EXPECT_EQ(model.layers.front().mixer.key_width, 80);
}

TEST(KoreanModels, ExaoneDeepIsUnderstood) {
  const Model model = load("derived/LGAI-EXAONE--EXAONE-Deep-32B.json");
  EXPECT_EQ(model.layers.size(), 64u);
  EXPECT_EQ(per_token(model), 2 * 64 * 8 * 128 * 2);
}

std::size_t windowed_layers(const Model& model) {
  std::size_t count = 0;
  for (const Layer& layer : model.layers) count += model.spans[layer.mixer.span].kind == Span::Kind::sliding;
  return count;
}

TEST(KoreanModels, Exaone4HasThreeLocalLayersToAGlobalOne) {
  const Model model = load("partial/LGAI-EXAONE--EXAONE-4.0-32B.partial.json");
  EXPECT_EQ(windowed_layers(model), 48u);
  EXPECT_EQ(model.spans[model.layers[0].mixer.span].window, 4096);
  EXPECT_EQ(model.spans[model.layers[3].mixer.span].kind, Span::Kind::full);
}

TEST(KoreanModels, Exaone4PatternOfLettersRepeatsAndEndsWithAGlobalLayer) {
  const Model model = load("partial/LGAI-EXAONE--EXAONE-4.0-1.2B.partial.json");
  EXPECT_EQ(model.layers.size(), 30u);
  EXPECT_EQ(windowed_layers(model), 22u);  // 30 layers: 7 of "LLLG", then L and the last, which is global
  EXPECT_THAT(model.remarks, testing::Contains("sliding_window is absent: 4096, the default of Exaone4Config"));
  // "1.07B without embeddings" (model card of EXAONE-4.0-1.2B).
  EXPECT_NEAR(parameter_count(model).active - 102400.0 * 2048.0, 1.07e9, 0.005e9);
}

TEST(KoreanModels, HyperClovaXThinkIsUnderstood) {
  const Model model = load("partial/naver-hyperclovax--HyperCLOVAX-SEED-Think-14B.partial.json");
  EXPECT_EQ(model.layers.size(), 38u);
  EXPECT_EQ(model.layers.front().norm_weights, 4 * 6144);  // a norm after each part as well
  EXPECT_EQ(per_token(model), 2 * 38 * 8 * 128 * 2);
}

TEST(KoreanModels, HyperClovaXFamilyTableIsRefusedWithoutAnArchitecture) {
  EXPECT_EQ(refusal_of("partial/naver-hyperclovax--family.partial.json"),
            ":1:1: \"architectures\" is missing; expected a list with one name");
}

TEST(KoreanModels, HyperClovaXTextIsRefusedWithoutAVocabulary) {
  // The row of HyperCLOVAX-SEED-Text-Instruct-0.5B in the family table.
  EXPECT_THAT(
      refusal(R"({"model_type": "llama", "num_hidden_layers": 24, "hidden_size": 1024, "num_attention_heads": 16,
                          "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 4096})"),
      testing::HasSubstr("\"vocab_size\" is missing"));
}

TEST(KoreanModels, HyperClovaXVisionIsReadByTheLanguageModelInside) {
  const Result<Model> model = parse(
      R"({"architectures": ["HCXVisionV2ForCausalLM"], "vision_config": {"hidden_size": 1280}, "text_config":
          {"model_type": "hyperclovax", "num_hidden_layers": 72, "hidden_size": 5120, "num_attention_heads": 40,
           "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 24192, "vocab_size": 128256,
           "use_post_norm": false, "torch_dtype": "bfloat16"}})");
  ASSERT_TRUE(model) << one_line(model.error());
  EXPECT_EQ(model->architecture, "HCXVisionV2ForCausalLM");
  EXPECT_EQ(model->layers.size(), 72u);
  EXPECT_THAT(model->remarks, testing::IsSupersetOf({"the family is that of model_type \"hyperclovax\"",
                                                     "vision_config: that part of the model is left out"}));
}

TEST(KoreanModels, SolarIsLlamaWithMoreLayers) {
  const Model model = load("quoted/NousResearch--Nous-Hermes-2-SOLAR-10.7B.json");
  EXPECT_EQ(model.layers.size(), 48u);
  EXPECT_EQ(model.layers.front().mixer.kv_heads, 8);
}

TEST(KoreanModels, SolarOpenHasExpertsInEveryLayer) {
  const Model model = load("quoted/upstage--Solar-Open-100B.json");
  for (const Layer& layer : model.layers) EXPECT_EQ(layer.feed_forward.kind, FeedForward::Kind::experts);
  EXPECT_EQ(model.layers.front().feed_forward.experts, 128);
  EXPECT_EQ(model.layers.front().feed_forward.shared_width, 1280);
}

TEST(KoreanModels, KoGptIsGptJ) {
  const Model model = load("derived/kakaobrain--kogpt-6b.json");
  EXPECT_EQ(model.layers.size(), 28u);
  EXPECT_EQ(model.layers.front().mixer.key_width, 256);
  EXPECT_FALSE(model.layers.front().feed_forward.gated);
}

TEST(KoreanModels, KoGptsTableIsNoConfig) {
  EXPECT_EQ(refusal_of("partial/kakaobrain--kogpt-6b.partial.json"),
            ":1:1: \"architectures\" is missing; expected a list with one name");
}

TEST(KoreanModels, MidmIsUnderstoodIfItSaysHowWideItIs) {
  EXPECT_EQ(load("derived/KT-AI--midm-bitext-S-7B.json").layers.front().feed_forward.width, 10880);
  EXPECT_THAT(refusal(R"({"architectures": ["MidmLMHeadModel"], "n_embd": 4096, "n_layer": 32, "n_head": 32,
                          "vocab_size": 72154, "tie_word_embeddings": false, "activation_function": "silu"})"),
              testing::HasSubstr("\"n_inner\" is missing"));
}

}  // namespace
}  // namespace plumb::model::test
