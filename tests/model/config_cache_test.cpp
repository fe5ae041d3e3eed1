// Does a config.json lead to the published number of cache bytes per token?

#include <gtest/gtest.h>

#include "config_files.h"

namespace plumb::model::test {
namespace {

double cached(const Model& model, std::int64_t context, NumberFormat format) {
  const Precision precision{.weights = {}, .cache = format};
  return cache_bytes(model, cache_layout(model, precision, {}, 0), context);
}

/// Bytes that one more token of a long context adds.
double per_token(const Model& model) {
  return cached(model, 100001, NumberFormat::fp16) - cached(model, 100000, NumberFormat::fp16);
}

// 2 x layers x heads of keys and values x width x 2 bytes; MLA: layers x (512 + 64) x 2.
TEST(ConfigCache, BytesPerTokenFollowFromTheFile) {
  EXPECT_EQ(per_token(load("derived/kakaobrain--kogpt-6b.json")), 458752.0);
  EXPECT_EQ(per_token(load("derived/EleutherAI--gpt-j-6b.json")), 458752.0);
  EXPECT_EQ(per_token(load("derived/KT-AI--midm-bitext-S-7B.json")), 524288.0);
  EXPECT_EQ(per_token(load("hf/Llama-2-70b-hf.json")), 327680.0);
  EXPECT_EQ(per_token(load("hf/deepseek-ai--DeepSeek-R1.json")), 70272.0);
}

std::string gpt2_like(int layers, int width, int heads) {
  return R"({"architectures": ["GPT2LMHeadModel"], "n_layer": )" + std::to_string(layers) + R"(, "n_embd": )" +
         std::to_string(width) + R"(, "n_head": )" + std::to_string(heads) +
         R"(, "n_positions": 2048, "vocab_size": 51200, "torch_dtype": "float16"})";
}

double per_token_of(const std::string& text) {
  const Result<Model> model = parse(text);
  if (!model) ADD_FAILURE() << one_line(model.error());
  return model ? per_token(*model) : 0.0;
}

TEST(ConfigCache, OfModelsKnownByTheirShapeAlone) {
  // GPT-3 175B (arXiv 2005.14165, table 2.1); HyperCLOVA 82B with the same width of heads.
  EXPECT_EQ(per_token_of(gpt2_like(96, 12288, 96)), 4718592.0);
  EXPECT_EQ(per_token_of(gpt2_like(64, 10240, 80)), 2621440.0);
  // PaLM 540B (arXiv 2204.02311, table 1): one head of keys and values, 256 wide.
  EXPECT_EQ(per_token_of(R"({"architectures": ["LlamaForCausalLM"], "num_hidden_layers": 118, "hidden_size": 18432,
                             "num_attention_heads": 48, "num_key_value_heads": 1, "head_dim": 256, "vocab_size": 256000,
                             "intermediate_size": 73728, "torch_dtype": "bfloat16"})"),
            120832.0);
}

TEST(ConfigCache, OfDeepSeekV4ProAtAMillionTokensIsThePublishedTenthOfV32) {
  // "9.62 GiB per sequence in bf16", 10 % of V3.2: 30 layers with one entry of 512 for 4 tokens and an indexer's of
  // 128, 31 with one entry for 128 tokens, all with a window of 128. Here the indexer's are in fp8 with scales.
  const std::int64_t million = 1048576;
  const Model model = load("hf/deepseek-ai--DeepSeek-V4-Pro.json");
  const CacheLayout layout = cache_layout(model, {.weights = {}, .cache = NumberFormat::bf16}, {}, 0);
  const double bytes = cache_bytes(model, layout, million) - layout.state_bytes;
  const double entries = 30.0 * million / 4 + 31.0 * million / 128 + 61.0 * 128;
  EXPECT_NEAR(bytes, entries * 1024 + 30.0 * million / 4 * 132, 1e-6 * bytes);
  EXPECT_NEAR(entries * 1024 + 30.0 * million / 4 * 256, 9.62 * 1073741824.0, 0.01 * 1073741824.0);
}

TEST(ConfigCache, LayersWithAWindowStopGrowing) {
  // gpt-oss-120b: 18 of 36 layers look back over 128 tokens.
  EXPECT_EQ(per_token(load("hf/openai--gpt-oss-120b.json")), 2.0 * 18 * 8 * 64 * 2);
  // Gemma 2 9B: 21 of 42 layers. MiMo-V2-Flash: 9 of 48, keys of 192 and values of 128.
  EXPECT_EQ(per_token(load("partial/google--gemma-2-9b.partial.json")), 2.0 * 21 * 8 * 256 * 2);
  EXPECT_EQ(per_token(load("hf/XiaomiMiMo--MiMo-V2-Flash.json")), 9.0 * 4 * (192 + 128) * 2);
  // Nemotron 3 Nano: 6 of 52 layers are attention. Qwen 3.5: every fourth. Kimi K3: 24 of 93, MLA.
  EXPECT_EQ(per_token(load("hf/nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.json")), 2.0 * 6 * 2 * 128 * 2);
  EXPECT_EQ(per_token(load("hf/Qwen--Qwen3.5-27B.json")), 2.0 * 16 * 4 * 256 * 2);
  EXPECT_EQ(per_token(load("hf/moonshotai--Kimi-K3.json")), 24.0 * 576 * 2);
}

}  // namespace
}  // namespace plumb::model::test
