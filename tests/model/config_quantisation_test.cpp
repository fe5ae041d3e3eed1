// Is what a checkpoint stores its weights in read from its quantization_config, or from the file beside it?

#include <gmock/gmock.h>

#include "config_files.h"

namespace plumb::model::test {
namespace {

using enum NumberFormat;

struct Stored {
  const char* file;
  NumberFormat weights;
  double weight_bits;
  NumberFormat experts;
  double expert_bits;
  bool activations_too;
  bool attention_excluded;
  std::optional<NumberFormat> cache;
};

// Bits with scales: FP8 of 128 x 128 blocks 8 + 32 / 16384, or 8 + 8 / 16384 with exponents as scales; NVFP4 4 + 8 /
// 16; MXFP4 4 + 8 / 32; integers of groups of 32 4 + 16 / 32.
constexpr double block = 8.0 + 32.0 / 16384.0, exponent_block = 8.0 + 8.0 / 16384.0;
constexpr auto none = std::nullopt;

const Stored stored[] = {
    {"hf/Llama-2-70b-hf.json", fp16, 16, fp16, 16, false, false, none},
    {"derived/KT-AI--midm-bitext-S-7B.json", fp32, 32, fp32, 32, false, false, none},
    {"hf/Qwen--Qwen3-32B.json", bf16, 16, bf16, 16, false, false, none},
    {"hf/Qwen--Qwen3-32B-FP8.json", fp8, block, bf16, 16, true, false, none},
    {"hf/Qwen--Qwen3-32B-FP8-Static-PerTensor.json", fp8, 8, bf16, 16, true, false, fp8},
    {"hf/Qwen--Qwen3-30B-A3B-FP8.json", fp8, block, fp8, block, true, false, none},
    {"hf/deepseek-ai--DeepSeek-V3.json", fp8, block, fp8, block, true, false, none},
    {"hf/deepseek-ai--DeepSeek-V3.2.json", fp8, exponent_block, fp8, exponent_block, true, false, none},
    {"hf/deepseek-ai--DeepSeek-V4-Flash.json", fp8, exponent_block, fp4, 4.25, true, false, none},
    {"hf/nvidia--DeepSeek-V4-Pro-NVFP4.json", fp8, exponent_block, fp4, 4.5, true, false, none},
    {"hf/sgl-project--DeepSeek-V4-Pro-FP8.json", fp8, exponent_block, fp8, exponent_block, true, false, none},
    {"hf/zai-org--GLM-5.2-FP8.json", fp8, block, fp8, block, true, false, none},
    {"hf/MiniMaxAI--MiniMax-M2.5.json", fp8, block, fp8, block, true, false, none},
    {"hf/openai--gpt-oss-120b.json", bf16, 16, fp4, 4.25, false, true, none},
    {"hf/moonshotai--Kimi-K2.5.json", bf16, 16, int4, 4.5, false, true, none},
    {"hf/moonshotai--Kimi-K3.json", bf16, 16, fp4, 4.25, false, true, none},
    {"hf/llama-4-scout-17b-16e-instruct-fp8-dynamic.json", fp8, 8, fp8, 8, true, true, none},
    {"hf/nvidia--Kimi-K2.5-NVFP4.json", fp4, 4.5, fp4, 4.5, true, true, fp8},
    {"hf/nvidia--Kimi-K2.6-NVFP4.json", bf16, 16, fp4, 4.5, true, true, fp8},
    {"hf/nvidia--GLM-5.1-NVFP4.json", bf16, 16, fp4, 4.5, true, true, fp8},
    {"hf/nvidia--Gemma-4-31B-IT-NVFP4.json", fp4, 4.5, bf16, 16, true, true, fp8},
    {"hf/nvidia--Gemma-4-26B-A4B-NVFP4.json", bf16, 16, fp4, 4.5, true, true, fp8},
    {"hf/nvidia--Qwen3.5-122B-A10B-NVFP4.json", bf16, 16, fp4, 4.5, true, true, fp8},
};

void expect_stored(const Quantisation& is, const Stored& row) {
  EXPECT_EQ(number_format_name(is.weights), number_format_name(row.weights)) << row.file;
  EXPECT_DOUBLE_EQ(is.weight_bits, row.weight_bits) << row.file;
  EXPECT_EQ(number_format_name(is.experts), number_format_name(row.experts)) << row.file;
  EXPECT_DOUBLE_EQ(is.expert_bits, row.expert_bits) << row.file;
  EXPECT_EQ(is.activations_too, row.activations_too) << row.file;
  EXPECT_EQ(is.attention_excluded, row.attention_excluded) << row.file;
  EXPECT_EQ(is.cache, row.cache) << row.file;
}

TEST(ConfigQuantisation, IsWhatTheConfigSays) {
  for (const Stored& row : stored) expect_stored(load(row.file).quantisation, row);
}

TEST(ConfigQuantisation, ComesFromTheFileBesideWhereTheConfigIsSilent) {
  const Stored beside[] = {
      {"nvidia--Llama-3.1-70B-Instruct-FP8.json", fp8, 8, bf16, 16, true, false, fp8},
      {"nvidia--Qwen3-235B-A22B-NVFP4.json", fp4, 4.5, fp4, 4.5, true, false, fp8},
      {"nvidia--DeepSeek-V3.1-NVFP4.json", fp4, 4.5, fp4, 4.5, true, false, fp8},
      {"nvidia--GLM-5-NVFP4.json", fp4, 4.5, fp4, 4.5, true, true, fp8},
      {"nvidia--NVIDIA-Nemotron-3-Super-120B-A12B-FP8.json", fp8, 8, fp8, 8, true, false, fp8},
  };
  for (const Stored& row : beside) {
    EXPECT_EQ(load(std::string("hf/") + row.file).quantisation.method, "none") << row.file;
    expect_stored(load_with(std::string("hf/") + row.file, row.file).quantisation, row);
  }
}

TEST(ConfigQuantisation, TheFileBesideIsFoundInAFolder) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "llama-3.1-70b-fp8";
  std::filesystem::create_directories(folder);
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  const std::string file = "nvidia--Llama-3.1-70B-Instruct-FP8.json";
  std::filesystem::copy_file(models_folder() + "hf/" + file, folder / "config.json", overwrite);
  std::filesystem::copy_file(models_folder() + "hf_quant/" + file, folder / "hf_quant_config.json", overwrite);
  for (const std::filesystem::path& path : {folder, folder / "config.json"}) {
    const Result<Model> model = read_model(path.string());
    ASSERT_TRUE(model) << one_line(model.error());
    EXPECT_EQ(model->name, "llama-3.1-70b-fp8");
    EXPECT_EQ(model->quantisation.weights, fp8);
    EXPECT_EQ(model->quantisation.cache, fp8);
  }
}

TEST(ConfigQuantisation, TheConfigWinsAndTheFileBesideAddsTheCache) {
  const std::string file = "nvidia--Qwen3.6-35B-A3B-NVFP4.json";
  const Quantisation alone = load("hf/" + file).quantisation, both = load_with("hf/" + file, file).quantisation;
  EXPECT_EQ(alone.cache, none);
  EXPECT_EQ(both.cache, fp8);
  EXPECT_DOUBLE_EQ(alone.weight_bits, both.weight_bits);
}

TEST(ConfigQuantisation, PartsInDifferentFormatsAreAveragedAndSaidSo) {
  // Attention in 8 bits, the gated feed-forward parts of 64 layers in 4.5.
  const Model model = load("hf/nvidia--Qwen3.6-27B-NVFP4.json");
  const double feed_forward = 64.0 * 3 * 5120 * 17408;
  const double full = 16.0 * (5120.0 * (2 * 24 + 4 + 4) * 256 + 24.0 * 256 * 5120);
  const double linear = 48.0 * (5120.0 * (2 * 16 + 2 * 48) * 128 + 5120.0 * 2 * 48 + 48.0 * 128 * 5120);
  const double expected = (8.0 * (full + linear) + 4.5 * feed_forward) / (full + linear + feed_forward);
  EXPECT_NEAR(model.quantisation.weight_bits, expected, 1e-9);
  EXPECT_THAT(model.remarks,
              testing::Contains("attention is stored in 8 bits and the feed-forward parts in 4.5: 5.54 on average"));
}

TEST(ConfigQuantisation, APartlyQuantisedAttentionIsRemarked) {
  const Model model = load_with("hf/nvidia--DeepSeek-V3.1-NVFP4.json", "nvidia--DeepSeek-V3.1-NVFP4.json");
  EXPECT_THAT(model.remarks,
              testing::Contains("some projections of attention are not quantised; all are counted as if they were"));
}

TEST(ConfigQuantisation, AwqGptqAndBitsAndBytesAreUnderstood) {
  const auto quantised = [](const std::string& table) {
    const Result<Model> model = parse(
        R"({"architectures": ["LlamaForCausalLM"], "hidden_size": 512, "num_hidden_layers": 2, "num_attention_heads": 8,
            "intermediate_size": 1024, "vocab_size": 1000, "torch_dtype": "float16", "quantization_config": )" +
        table + "}");
    if (!model) ADD_FAILURE() << one_line(model.error());
    return model ? model->quantisation : Quantisation{};
  };
  // 4 bits, a scale of 16 and a zero point of 4 bits for each 128 numbers.
  const Quantisation awq = quantised(R"({"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": true})");
  EXPECT_EQ(awq.weights, int4);
  EXPECT_DOUBLE_EQ(awq.weight_bits, 4.0 + 20.0 / 128.0);
  EXPECT_FALSE(awq.activations_too);
  EXPECT_DOUBLE_EQ(quantised(R"({"quant_method": "gptq", "bits": 8, "group_size": 32})").weight_bits,
                   8.0 + 24.0 / 32.0);
  EXPECT_DOUBLE_EQ(quantised(R"({"quant_method": "gptq", "bits": 4, "group_size": -1})").weight_bits, 4.0);
  EXPECT_EQ(quantised(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})").weights, int8);
  EXPECT_DOUBLE_EQ(quantised(R"({"quant_method": "bitsandbytes", "load_in_4bit": true})").weight_bits, 4.5);
}

// Sizes of the files that hold the weights, as published. A checkpoint holds the layers of multi-token prediction too.
TEST(ConfigQuantisation, CheckpointsAreAsLargeAsPublished) {
  struct Size {
    const char* file;
    double published_1e9;
    double tolerance;
    const char* source;
  };
  constexpr double gibi = 1073741824.0 / 1e9;
  const Size sizes[] = {
      {"hf/openai--gpt-oss-120b.json", 60.8 * gibi, 0.005, "gpt-oss model card, table 1: 60.8 GiB"},
      {"hf/openai--gpt-oss-20b.json", 12.8 * gibi, 0.005, "gpt-oss model card, table 1: 12.8 GiB"},
      {"hf/deepseek-ai--DeepSeek-V4-Flash.json", 160, 0.01, "repository of DeepSeek-V4-Flash: 160 GB"},
      {"hf/deepseek-ai--DeepSeek-V4-Pro.json", 865, 0.01, "repository of DeepSeek-V4-Pro: 865 GB"},
      {"hf/moonshotai--Kimi-K2-Instruct.json", 958.52 * gibi, 0.005, "repository of Kimi-K2-Instruct: 958.52 GiB"},
      {"hf/meta-llama--Meta-Llama-3.1-405B.json", 811.7, 0.001, "405.85 billion numbers of 2 bytes"},
  };
  for (const Size& size : sizes) {
    const Model model = load(size.file);
    const double mtp = parameter_count(model).mtp * model.quantisation.expert_bits / 8.0;
    const double bytes = weight_bytes(model, {}, {}, 0).value() + mtp;
    EXPECT_NEAR(bytes / 1e9, size.published_1e9, size.tolerance * size.published_1e9)
        << size.file << ": " << size.source;
  }
}

}  // namespace
}  // namespace plumb::model::test
