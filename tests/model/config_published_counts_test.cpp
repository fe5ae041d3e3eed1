// Does a config.json give as many parameters as its authors say the model has?
//
// Where a row's source gives a number of some digits, the tolerance is 1 % or what those digits leave open; where only
// the name has one ("122B-A10B"), it is that number's rounding.

#include <gmock/gmock.h>

#include <cmath>

#include "config_files.h"

namespace plumb::model::test {
namespace {

/// What authors count as active: parameter_count's rule (the LM head, not the embedding table), both, or neither.
enum class Counted { head, head_and_table, neither };

struct Published {
  const char* file;
  double total_1e9;
  double total_tolerance;  ///< relative
  double active_1e9;       ///< 0: not published, or all
  double active_tolerance;
  Counted counted;
  const char* source;
};

constexpr Counted head = Counted::head, both = Counted::head_and_table, neither = Counted::neither;

constexpr Published rows[] = {
    {"hf/Llama-3-8B.json", 8.03, 0.001, 0, 0, head, "safetensors of meta-llama/Meta-Llama-3-8B"},
    {"hf/Llama-3-70B.json", 70.6, 0.001, 0, 0, head, "safetensors of meta-llama/Meta-Llama-3-70B"},
    {"hf/Llama-3.1-405B_tpu-recipes.json", 405.85, 0.001, 0, 0, head, "safetensors of meta-llama/Llama-3.1-405B"},
    {"hf/Llama-3.2-1B-Instruct.json", 1.24, 0.005, 0, 0, head, "safetensors of meta-llama/Llama-3.2-1B"},
    {"hf/llama-2-7b-hf.json", 6.738, 0.001, 0, 0, head, "safetensors of meta-llama/Llama-2-7b-hf"},
    {"hf/Llama-2-70b-hf.json", 68.98, 0.001, 0, 0, head, "safetensors of meta-llama/Llama-2-70b-hf"},
    {"hf/codellama-34b-instruct-hf.json", 33.7, 0.002, 0, 0, head,
     "safetensors of codellama/CodeLlama-34b-Instruct-hf"},
    {"hf/yi-34b.json", 34.4, 0.002, 0, 0, head, "safetensors of 01-ai/Yi-34B"},
    {"hf/mistral-nemo-instruct-2407.json", 12.2, 0.005, 0, 0, head, "safetensors of mistralai/Mistral-Nemo"},
    {"hf/mistralai--Mixtral-8x7B-v0.1.json", 46.7, 0.002, 12.9, 0.005, both, "Mixtral of Experts, arXiv 2401.04088"},
    {"hf/mistralai--Mixtral-8x22B-v0.1.json", 140.6, 0.002, 39.1, 0.005, both, "model card of Mixtral-8x22B"},
    {"hf/qwen2.5-7b-instruct.json", 7.62, 0.002, 0, 0, head, "model card of Qwen2.5-7B: 7.61 billion"},
    {"quoted/Qwen--Qwen2.5-72B-Instruct.json", 72.7, 0.002, 0, 0, head, "model card of Qwen2.5-72B"},
    {"hf/Qwen--Qwen3-0.6B.json", 0.6, 0.01, 0, 0, head, "model card of Qwen3-0.6B"},
    {"hf/Qwen--Qwen3-1.7B.json", 1.7, 0.02, 0, 0, head, "model card of Qwen3-1.7B"},
    {"hf/Qwen--Qwen3-8B.json", 8.19, 0.002, 0, 0, head, "model card of Qwen3-8B: 8.2 billion; safetensors 8.19"},
    {"hf/qwen3-14b.json", 14.8, 0.003, 0, 0, head, "model card of Qwen3-14B"},
    {"hf/Qwen--Qwen3-32B.json", 32.8, 0.002, 0, 0, head, "model card of Qwen3-32B"},
    {"hf/Qwen--Qwen3-30B-A3B.json", 30.5, 0.002, 3.3, 0.02, both, "model card of Qwen3-30B-A3B"},
    {"hf/Qwen--Qwen3-235B-A22B.json", 235, 0.002, 22, 0.01, both, "model card of Qwen3-235B-A22B"},
    {"hf/Qwen--Qwen3-Coder-480B-A35B-Instruct.json", 480, 0.002, 35, 0.015, both,
     "model card of Qwen3-Coder-480B-A35B"},
    {"hf/Qwen--Qwen3-VL-4B-Instruct.json", 4.0, 0.01, 0, 0, head, "Qwen3-4B's model card: the language model alone"},
    {"hf/infersim_qwen3-next-80B-A3B_config.json", 80, 0.007, 3, 0.15, neither, "name: Qwen3-Next-80B-A3B"},
    {"hf/Qwen--Qwen3.5-27B.json", 27, 0.01, 0, 0, head, "name: Qwen3.5-27B"},
    {"hf/Qwen--Qwen3.5-35B-A3B.json", 35, 0.015, 3, 0.17, both, "name: Qwen3.5-35B-A3B"},
    {"hf/Qwen--Qwen3.5-122B-A10B.json", 122, 0.004, 10, 0.05, both, "name: Qwen3.5-122B-A10B"},
    {"hf/Qwen--Qwen3.5-397B-A17B.json", 397, 0.002, 17, 0.03, both, "name: Qwen3.5-397B-A17B"},
    {"hf/deepseek-v2-lite.json", 15.7, 0.002, 2.4, 0.025, head, "DeepSeek-V2, arXiv 2405.04434, appendix B"},
    {"hf/deepseek-ai--DeepSeek-V3.json", 671, 0.001, 36.7, 0.01, head, "DeepSeek-V3's README_WEIGHTS.md"},
    {"hf/moonshotai--Kimi-K2-Instruct.json", 1026.5, 0.001, 32.6, 0.01, both, "safetensors; Kimi K2, arXiv 2507.20534"},
    {"hf/moonshotai--Kimi-K3.json", 2800, 0.01, 0, 0, head, "Moonshot's announcement: 2.8 trillion"},
    {"hf/deepseek-ai--DeepSeek-V4-Flash.json", 284, 0.002, 13, 0.03, head, "DeepSeek-V4 report: 284B, 13B activated"},
    {"hf/deepseek-ai--DeepSeek-V4-Pro.json", 1600, 0.02, 49, 0.01, head, "DeepSeek-V4 report: 1.6T, 49B activated"},
    {"hf/zai-org--GLM-5.1.json", 744, 0.001, 40, 0.01, neither, "GLM-5, arXiv 2602.15763: 744B, 40B"},
    {"hf/zai-org--GLM-5.2.json", 744, 0.002, 40, 0.02, neither, "model card of GLM-5.2: 744B, 40B"},
    {"hf/openai--gpt-oss-120b.json", 116.83, 0.0005, 5.13, 0.002, head, "gpt-oss model card, table 1"},
    {"hf/openai--gpt-oss-20b.json", 20.91, 0.0005, 3.61, 0.002, head, "gpt-oss model card, table 1"},
    {"partial/google--gemma-2-27b.partial.json", 27.2, 0.002, 0, 0, head, "Gemma 2, arXiv 2408.00118"},
    {"partial/google--gemma-2-9b.partial.json", 9.24, 0.002, 0, 0, head, "Gemma 2, arXiv 2408.00118"},
    {"quoted/google--gemma-3-27b-text.json", 27.0, 0.005, 0, 0, head, "Gemma 3, arXiv 2503.19786: 25,600M + 1,416M"},
    {"hf/google--gemma-4-26B-A4B.json", 25.2, 0.002, 3.8, 0.01, head, "model card of Gemma 4 26B A4B"},
    {"hf/nvidia--Gemma-4-31B-IT-NVFP4.json", 30.7, 0.001, 0, 0, head, "model card of Gemma 4 31B"},
    {"quoted/microsoft--Phi-3-medium-4k-instruct.json", 13.96, 0.001, 0, 0, head, "safetensors of Phi-3-medium"},
    {"partial/microsoft--phi-4.partial.json", 14.66, 0.001, 0, 0, head, "safetensors of microsoft/phi-4: 14.7B"},
    {"hf/MiniMaxAI--MiniMax-M2.5.json", 230, 0.006, 10, 0.025, neither, "model card of MiniMax-M2: 230B, 10B"},
    {"hf/MiniMaxAI--MiniMax-M3.json", 428, 0.006, 23, 0.03, neither, "model card of MiniMax-M3, with a vision tower"},
    {"hf/meta-llama--Llama-4-Scout-17B-16E-Instruct.json", 109, 0.012, 17, 0.015, both,
     "model card, with a vision tower"},
    {"hf/meta-llama--Llama-4-Maverick-17B-128E-Instruct.json", 400, 0.004, 17, 0.015, both, "model card of Llama 4"},
    {"hf/nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.json", 31.6, 0.001, 3.2, 0.01, head, "Nemotron 3 Nano report"},
    {"hf/nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.json", 31.6, 0.001, 3.6, 0.01, both, "the same, with embeddings"},
    {"hf/nvidia--NVIDIA-Nemotron-3-Super-120B-A12B-FP8.json", 120, 0.006, 12, 0.03, head, "name: Super-120B-A12B"},
    {"hf/nvidia--NVIDIA-Nemotron-3-Ultra-550B-A55B-BF16.json", 550, 0.002, 55, 0.01, head, "name: Ultra-550B-A55B"},
    {"hf/nvidia--Nemotron-H-56B-Base-8K.json", 56, 0.01, 0, 0, head, "name: Nemotron-H-56B"},
    {"hf/nvidia--Llama-3_3-Nemotron-Super-49B-v1.json", 49.9, 0.001, 0, 0, head, "safetensors of Nemotron-Super-49B"},
    {"hf/stepfun-ai--Step-3.7-Flash.json", 196, 0.002, 11, 0.02, both, "Step-3.5-Flash, of the same shape"},
    {"hf/XiaomiMiMo--MiMo-7B-Base.json", 7.62, 0.005, 0, 0, head, "safetensors 7.83B, less 0.21B of MTP"},
    {"hf/XiaomiMiMo--MiMo-V2-Flash.json", 309, 0.002, 15, 0.015, head, "MiMo-V2-Flash's model card: 309B, 15B"},
    {"derived/EleutherAI--gpt-j-6b.json", 6.053381344, 0.001, 0, 0, head, "model card of GPT-J"},
    {"quoted/LGAI-EXAONE--EXAONE-3.0-7.8B-Instruct.json", 7.82, 0.001, 0, 0, head, "safetensors of EXAONE-3.0-7.8B"},
    {"partial/LGAI-EXAONE--EXAONE-3.5-7.8B-Instruct.partial.json", 7.8, 0.006, 0, 0, head,
     "EXAONE 3.5, arXiv 2412.04862"},
    {"derived/LGAI-EXAONE--EXAONE-3.5-2.4B-Instruct.json", 2.4, 0.01, 0, 0, head, "EXAONE 3.5, arXiv 2412.04862"},
    {"derived/LGAI-EXAONE--EXAONE-Deep-32B.json", 32.0, 0.005, 0, 0, head, "EXAONE Deep, arXiv 2503.12524"},
    {"partial/LGAI-EXAONE--EXAONE-4.0-32B.partial.json", 32.0, 0.005, 0, 0, head, "model card of EXAONE-4.0-32B"},
    {"quoted/NousResearch--Nous-Hermes-2-SOLAR-10.7B.json", 10.7, 0.005, 0, 0, head, "SOLAR 10.7B, arXiv 2312.15166"},
    {"quoted/upstage--Solar-Open-100B.json", 102.6, 0.002, 12, 0.02, both,
     "model card of Solar-Open-100B: 102.6B, 12B"},
    {"derived/KT-AI--midm-bitext-S-7B.json", 7, 0.01, 0, 0, head, "name: Mi:dm bitext-S 7B"},
};

double counted_active(const Model& model, const ParameterCount& count, Counted counted) {
  const double table = static_cast<double>(model.vocabulary) * static_cast<double>(model.hidden);
  if (counted == Counted::head_and_table && !model.tied_embeddings) return count.active + table;
  return counted == Counted::neither ? count.active - table : count.active;
}

TEST(PublishedCounts, TotalsAndActiveAreThoseOfTheAuthors) {
  for (const Published& row : rows) {
    const Model model = load(row.file);
    const ParameterCount count = parameter_count(model);
    EXPECT_NEAR(count.total / 1e9, row.total_1e9, row.total_tolerance * row.total_1e9)
        << row.file << ": " << row.source;
    if (row.active_1e9 == 0) continue;
    const double active = counted_active(model, count, row.counted) / 1e9;
    EXPECT_NEAR(active, row.active_1e9, row.active_tolerance * row.active_1e9) << row.file << ": " << row.source;
  }
}

TEST(PublishedCounts, SomeAreKnownToTheLastParameter) {
  // kakaobrain/kogpt's README; safetensors of HyperCLOVAX-SEED-Think-14B; GPT-2's 124M; GPT-NeoX-20B's model card.
  EXPECT_EQ(parameter_count(load("derived/kakaobrain--kogpt-6b.json")).total, 6166502400.0);
  EXPECT_EQ(parameter_count(load("partial/naver-hyperclovax--HyperCLOVAX-SEED-Think-14B.partial.json")).total,
            14748112896.0);
  EXPECT_EQ(parameter_count(load("derived/openai-community--gpt2.json")).total, 124439808.0);
  EXPECT_EQ(parameter_count(load("derived/EleutherAI--gpt-neox-20b.json")).total, 20554567680.0);
  EXPECT_EQ(parameter_count(load("hf/meta-llama--Meta-Llama-3.1-8B.json")).total, 8030261248.0);
  EXPECT_EQ(parameter_count(load("hf/meta-llama--Meta-Llama-3.1-70B.json")).total, 70553706496.0);
}

TEST(PublishedCounts, MultiTokenPredictionIsCountedApart) {
  // README_WEIGHTS.md of DeepSeek-V3: 11.5B beside the shared embedding and head. GLM-5.2's checkpoint: 753B with it.
  EXPECT_NEAR(parameter_count(load("hf/deepseek-ai--DeepSeek-V3.json")).mtp / 1e9, 11.5, 0.12);
  const ParameterCount glm = parameter_count(load("hf/zai-org--GLM-5.2.json"));
  EXPECT_NEAR((glm.total + glm.mtp) / 1e9, 753, 1.0);
}

/// Checkpoints of one model that differ in how weights are stored.
struct Twin {
  const char* file;
  const char* of;
};

constexpr Twin twins[] = {
    {"Llama-3.1-405B_tpu-recipes.json", "meta-llama--Meta-Llama-3.1-405B.json"},
    {"apex_llama3_70b_config.json", "Llama-3-70B.json"},
    {"llama-3.1-70b-instruct.json", "meta-llama--Meta-Llama-3.1-70B.json"},
    {"llama-3.1-8b-instruct.json", "meta-llama--Meta-Llama-3.1-8B.json"},
    {"llama3.3-70b.json", "meta-llama--Meta-Llama-3.1-70B.json"},
    {"nvidia--Llama-3.1-70B-Instruct-FP8.json", "meta-llama--Meta-Llama-3.1-70B.json"},
    {"llama-4-scout-17b-16e-instruct-fp8-dynamic.json", "meta-llama--Llama-4-Scout-17B-16E-Instruct.json"},
    {"Qwen--Qwen3-235B-A22B-FP8.json", "Qwen--Qwen3-235B-A22B.json"},
    {"Qwen--Qwen3-30B-A3B-FP8.json", "Qwen--Qwen3-30B-A3B.json"},
    {"Qwen--Qwen3-32B-FP8.json", "Qwen--Qwen3-32B.json"},
    {"Qwen--Qwen3-32B-FP8-Static-PerTensor.json", "Qwen--Qwen3-32B.json"},
    {"Qwen--Qwen3-VL-2B-Instruct.json", "Qwen--Qwen3-1.7B.json"},
    {"Qwen--Qwen3-VL-8B-Instruct.json", "Qwen--Qwen3-8B.json"},
    {"Qwen--Qwen3-VL-32B-Instruct.json", "Qwen--Qwen3-32B.json"},
    {"Qwen--Qwen3-VL-30B-A3B-Instruct.json", "Qwen--Qwen3-30B-A3B.json"},
    {"Qwen--Qwen3-VL-235B-A22B-Instruct.json", "Qwen--Qwen3-235B-A22B.json"},
    {"infersim_qwen3-235B-A22B_config.json", "Qwen--Qwen3-235B-A22B.json"},
    {"simai_qwen3-235B-A22B_FP8_config.json", "Qwen--Qwen3-235B-A22B.json"},
    {"nvidia--Qwen3-235B-A22B-NVFP4.json", "Qwen--Qwen3-235B-A22B.json"},
    {"infersim_qwen3.5-122B-A10B_config.json", "Qwen--Qwen3.5-122B-A10B.json"},
    {"nvidia--Qwen3.5-122B-A10B-NVFP4.json", "Qwen--Qwen3.5-122B-A10B.json"},
    {"nvidia--Qwen3.5-397B-A17B-NVFP4.json", "Qwen--Qwen3.5-397B-A17B.json"},
    {"nvidia--Qwen3.6-27B-NVFP4.json", "Qwen--Qwen3.5-27B.json"},
    {"nvidia--Qwen3.6-35B-A3B-NVFP4.json", "Qwen--Qwen3.5-35B-A3B.json"},
    {"deepseek-ai--DeepSeek-R1.json", "deepseek-ai--DeepSeek-V3.json"},
    {"infersim_deepseek_v3_config.json", "deepseek-ai--DeepSeek-V3.json"},
    {"nvidia--DeepSeek-V3.1-NVFP4.json", "deepseek-ai--DeepSeek-V3.json"},
    {"nvidia--DeepSeek-V3.2-NVFP4.json", "deepseek-ai--DeepSeek-V3.2.json"},
    {"nvidia--DeepSeek-V4-Flash-NVFP4.json", "deepseek-ai--DeepSeek-V4-Flash.json"},
    {"nvidia--DeepSeek-V4-Pro-NVFP4.json", "deepseek-ai--DeepSeek-V4-Pro.json"},
    {"sgl-project--DeepSeek-V4-Flash-FP8.json", "deepseek-ai--DeepSeek-V4-Flash.json"},
    {"sgl-project--DeepSeek-V4-Pro-FP8.json", "deepseek-ai--DeepSeek-V4-Pro.json"},
    {"moonshotai--Kimi-K2.5.json", "moonshotai--Kimi-K2-Instruct.json"},
    {"nvidia--Kimi-K2.5-NVFP4.json", "moonshotai--Kimi-K2.5.json"},
    {"nvidia--Kimi-K2.6-NVFP4.json", "moonshotai--Kimi-K2.5.json"},
    {"nvidia--Kimi-K2.7-Code-NVFP4.json", "moonshotai--Kimi-K2.5.json"},
    {"zai-org--GLM-5-FP8.json", "zai-org--GLM-5.1.json"},
    {"zai-org--GLM-5.1-FP8.json", "zai-org--GLM-5.1.json"},
    {"nvidia--GLM-5-NVFP4.json", "zai-org--GLM-5.1.json"},
    {"nvidia--GLM-5.1-NVFP4.json", "zai-org--GLM-5.1.json"},
    {"glm-5.2-fp8.json", "zai-org--GLM-5.1.json"},  // a shortened copy without indexer_types
    {"zai-org--GLM-5.2-FP8.json", "zai-org--GLM-5.2.json"},
    {"nvidia--GLM-5.2-NVFP4.json", "zai-org--GLM-5.2.json"},
    {"MiniMaxAI--MiniMax-M2.7.json", "MiniMaxAI--MiniMax-M2.5.json"},
    {"nvidia--MiniMax-M2.5-NVFP4.json", "MiniMaxAI--MiniMax-M2.5.json"},
    {"nvidia--MiniMax-M2.7-NVFP4.json", "MiniMaxAI--MiniMax-M2.5.json"},
    {"nvidia--Gemma-4-26B-A4B-NVFP4.json", "google--gemma-4-26B-A4B.json"},
    {"stepfun-ai--Step-3.7-Flash-FP8.json", "stepfun-ai--Step-3.7-Flash.json"},
    {"nvidia--NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4.json", "nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.json"},
};

TEST(PublishedCounts, CheckpointsOfOneModelHaveItsCount) {
  for (const Twin& twin : twins) {
    const ParameterCount one = parameter_count(load(std::string("hf/") + twin.file));
    const ParameterCount other = parameter_count(load(std::string("hf/") + twin.of));
    EXPECT_EQ(one.total, other.total) << twin.file;
    EXPECT_EQ(one.active, other.active) << twin.file;
  }
}

TEST(PublishedCounts, EveryFileOfTheCorpusIsInOneOfTheTables) {
  std::set<std::string> covered;
  for (const Published& row : rows) covered.insert(std::filesystem::path(row.file).filename().string());
  for (const Twin& twin : twins) {
    covered.insert(twin.file);
    covered.insert(twin.of);
  }
  // One head of keys and values where the models have eight, as the source carries them: no published count is theirs.
  covered.insert({"apex_mixtral8x7b_config.json", "apex_mixtral8x22b_config.json"});
  for (const std::string& file : files_of("hf")) EXPECT_TRUE(covered.contains(file)) << file;
}

}  // namespace
}  // namespace plumb::model::test
