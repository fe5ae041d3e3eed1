#pragma once
// The families of models whose config.json is understood. A family is one file, family_NAME.cpp, with a function that
// turns the fields into layers, and one line in the table of families.cpp.

#include <span>
#include <string_view>
#include <vector>

#include "model/config_reader.h"

namespace plumb::model {

/// Fills hidden size, vocabulary, layers, spans and weights of `config.model()`. Errors stay in the reader.
using ReadFamily = void (*)(ConfigReader& config);

struct FamilyRow {
  std::string_view architectures;  ///< values of "architectures", separated by spaces
  std::string_view model_types;    ///< values of "model_type", for files without "architectures"
  ReadFamily read;
};

std::span<const FamilyRow> family_table();
/// The row with that architecture or, where `architecture` is empty, with that model type; null if there is none.
const FamilyRow* find_family(std::string_view architecture, std::string_view model_type);
/// Words of a list separated by spaces.
std::vector<std::string_view> split_words(std::string_view list);

void read_deci(ConfigReader& config);
void read_deepseek(ConfigReader& config);
void read_deepseek_v4(ConfigReader& config);
void read_exaone(ConfigReader& config);
void read_exaone4(ConfigReader& config);
void read_gemma(ConfigReader& config);
void read_gemma4(ConfigReader& config);
void read_glm4_moe(ConfigReader& config);
void read_gpt2(ConfigReader& config);
void read_gpt_neox(ConfigReader& config);
void read_gpt_oss(ConfigReader& config);
void read_gptj(ConfigReader& config);
void read_hyperclovax(ConfigReader& config);
void read_kimi_linear(ConfigReader& config);
void read_llama(ConfigReader& config);
void read_llama4(ConfigReader& config);
void read_midm(ConfigReader& config);
void read_mimo(ConfigReader& config);
void read_mimo_v2(ConfigReader& config);
void read_minimax(ConfigReader& config);
void read_minimax_m3(ConfigReader& config);
void read_mixtral(ConfigReader& config);
void read_nemotron_h(ConfigReader& config);
void read_phi3(ConfigReader& config);
void read_qwen2(ConfigReader& config);
void read_qwen3(ConfigReader& config);
void read_qwen_next(ConfigReader& config);
void read_solar_open(ConfigReader& config);
void read_step(ConfigReader& config);

}  // namespace plumb::model
