#include "model/families.h"

#include <algorithm>

namespace plumb::model {
namespace {

constexpr FamilyRow rows[] = {
    {"LlamaForCausalLM Llama3ForCausalLM MistralForCausalLM GraniteForCausalLM SolarForCausalLM",
     "llama mistral granite solar", read_llama},
    {"MixtralForCausalLM", "mixtral", read_mixtral},
    {"Llama4ForConditionalGeneration Llama4ForCausalLM", "llama4 llama4_text", read_llama4},
    {"Qwen2ForCausalLM Qwen2MoeForCausalLM", "qwen2 qwen2_moe", read_qwen2},
    {"Qwen3ForCausalLM Qwen3MoeForCausalLM Qwen3VLForConditionalGeneration Qwen3VLMoeForConditionalGeneration",
     "qwen3 qwen3_moe qwen3_vl_text qwen3_vl_moe_text", read_qwen3},
    {"Qwen3NextForCausalLM Qwen3_5ForConditionalGeneration Qwen3_5MoeForConditionalGeneration "
     "Qwen3_5ForCausalLM Qwen3_5MoeForCausalLM",
     "qwen3_next qwen3_5_text qwen3_5_moe_text", read_qwen_next},
    {"DeepseekV2ForCausalLM DeepseekV3ForCausalLM DeepseekV32ForCausalLM GlmMoeDsaForCausalLM AXK1ForCausalLM",
     "deepseek_v2 deepseek_v3 deepseek_v32 glm_moe_dsa kimi_k2", read_deepseek},
    {"DeepseekV4ForCausalLM", "deepseek_v4", read_deepseek_v4},
    {"KimiK3ForConditionalGeneration KimiLinearForCausalLM", "kimi_linear", read_kimi_linear},
    {"GptOssForCausalLM", "gpt_oss", read_gpt_oss},
    {"Gemma2ForCausalLM Gemma3ForCausalLM Gemma3ForConditionalGeneration", "gemma2 gemma3_text", read_gemma},
    {"Gemma4ForConditionalGeneration Gemma4ForCausalLM", "gemma4_text", read_gemma4},
    {"Glm4MoeForCausalLM", "glm4_moe", read_glm4_moe},
    {"GPT2LMHeadModel", "gpt2", read_gpt2},
    {"GPTJForCausalLM", "gptj", read_gptj},
    {"GPTNeoXForCausalLM", "gpt_neox", read_gpt_neox},
    {"Phi3ForCausalLM", "phi3", read_phi3},
    {"ExaoneForCausalLM", "exaone", read_exaone},
    {"Exaone4ForCausalLM", "exaone4", read_exaone4},
    {"HyperCLOVAXForCausalLM", "hyperclovax", read_hyperclovax},
    {"MidmLMHeadModel", "midm-bitext-S", read_midm},
    {"SolarOpenForCausalLM", "solar_open", read_solar_open},
    {"MiniMaxM2ForCausalLM", "minimax_m2", read_minimax},
    {"MiniMaxM3ForCausalLM MiniMaxM3SparseForConditionalGeneration", "minimax_m3", read_minimax_m3},
    {"MiMoForCausalLM", "mimo", read_mimo},
    {"MiMoV2FlashForCausalLM", "mimo_v2_flash", read_mimo_v2},
    {"NemotronHForCausalLM", "nemotron_h", read_nemotron_h},
    {"DeciLMForCausalLM", "nemotron-nas", read_deci},
    {"Step3p7FlashForCausalLM", "step3p7", read_step},
};

bool lists(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = split_words(list);
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::span<const FamilyRow> family_table() { return rows; }

const FamilyRow* find_family(std::string_view architecture, std::string_view model_type) {
  for (const FamilyRow& row : rows) {
    if (architecture.empty() ? lists(row.model_types, model_type) : lists(row.architectures, architecture)) return &row;
  }
  return nullptr;
}

std::vector<std::string_view> split_words(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

}  // namespace plumb::model
