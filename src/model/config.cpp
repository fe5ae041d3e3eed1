// Finds a model's files and its family.

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/families.h"
#include "model/quantisation.h"

namespace plumb::model {
namespace {

/// Fields that say how a model computes or what it costs, and that some family reads. They are named when an
/// architecture is not known, so that a reader sees how far the file is from one that is.
constexpr std::string_view standard_fields =
    "hidden_size num_hidden_layers num_attention_heads num_key_value_heads head_dim intermediate_size vocab_size "
    "max_position_embeddings tie_word_embeddings attention_bias mlp_bias sliding_window use_sliding_window "
    "max_window_layers "
    "layer_types dtype torch_dtype quantization_config text_config llm_config thinker_config num_layers n_embd n_layer "
    "n_head "
    "n_inner n_positions num_experts num_local_experts n_routed_experts num_experts_per_tok moe_intermediate_size "
    "n_shared_experts shared_expert_intermediate_size first_k_dense_replace moe_layer_freq decoder_sparse_step "
    "mlp_only_layers "
    "topk_method q_lora_rank kv_lora_rank qk_nope_head_dim qk_rope_head_dim v_head_dim num_nextn_predict_layers "
    "index_n_heads index_head_dim index_topk full_attention_interval linear_num_key_heads linear_num_value_heads "
    "linear_key_head_dim linear_value_head_dim linear_conv_kernel_dim ssm_state_size conv_kernel mamba_num_heads "
    "mamba_head_dim n_groups hybrid_override_pattern";

/// Fields that change neither weights nor work.
constexpr std::string_view indifferent_fields =
    "architectures model_type _name_or_path auto_map transformers_version bos_token_id eos_token_id pad_token_id "
    "initializer_range use_cache attention_dropout hidden_dropout hidden_act activation_function rms_norm_eps "
    "layer_norm_epsilon layer_norm_eps norm_eps rope_theta rope_scaling rope_parameters partial_rotary_factor "
    "torchscript "
    "return_dict pretraining_tp";

bool lists(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = split_words(list);
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// At most a line's worth of names, and how many there are beyond.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 16;
  if (names.empty()) return "none";
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size())));
  std::string text = fmt::format("{}", fmt::join(first, ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

Error unknown_architecture(const Reader& file, const Reader& text, const std::string& architecture) {
  std::vector<std::string> understood, others, known;
  for (const std::string& key : text.keys()) {
    if (lists(standard_fields, key))
      understood.push_back(key);
    else if (!lists(indifferent_fields, key))
      others.push_back(key);
  }
  for (const FamilyRow& row : family_table()) {
    for (const std::string_view name : split_words(row.architectures)) known.emplace_back(name);
  }
  // Names of architectures end alike, so only a slip of a letter or two says what was meant.
  const std::string near = nearest_word(architecture, known);
  const bool meant = !near.empty() && edit_distance(architecture, near) <= 2;
  return file.error(
      "architectures",
      fmt::format("the architecture \"{}\" is not known; of its fields, understood: {}; not understood: {}",
                  architecture, some_of(understood), some_of(others)),
      meant ? fmt::format("perhaps \"{}\"", near) : "an architecture of docs/model.md, \"Families understood\"");
}

/// The table of the language model: the file's own, or the one inside a multimodal wrapper.
Reader language_table(Reader file) {
  Reader table = file;
  for (int depth = 0; depth < 3; ++depth) {
    const Reader before = table;
    for (const char* key : {"thinker_config", "text_config", "llm_config"}) {
      if (table.kind(key) == NodeKind::table && !table.has("hidden_size")) {
        table = table.table(key);
        break;
      }
    }
  }
  return table;
}

std::string first_architecture(Reader& table) {
  const std::vector<std::string> names = table.texts("architectures");
  return names.empty() ? std::string() : names.front();
}

/// "Llama-3.1-8B" of ".../Llama-3.1-8B/config.json" or ".../Llama-3.1-8B.json"; what the file calls itself where the
/// path does not say.
std::string model_name(const std::string& path, Reader& file) {
  const std::filesystem::path as_path(path);
  const std::string stem = as_path.stem().string();
  if (stem != "config" && !stem.empty()) return stem;
  const std::string folder = as_path.parent_path().filename().string();
  if (!folder.empty() && folder != "." && folder != "..") return folder;
  return file.text_if("_name_or_path").value_or("");
}

/// The wrapper's family, else that of the language model inside it.
const FamilyRow* family_of(ConfigReader& config, const std::string& architecture) {
  const std::string inner = first_architecture(config.text());
  const std::string type = config.text().text_if("model_type").value_or("");
  if (!architecture.empty()) {
    if (const FamilyRow* row = find_family(architecture, "")) return row;
  }
  if (!inner.empty() && inner != architecture) {
    if (const FamilyRow* row = find_family(inner, "")) {
      config.remark(fmt::format("{} wraps a language model of {}", architecture, inner));
      return row;
    }
  }
  // A type speaks for itself where no architecture is given, or where a wrapper's says nothing of the model inside.
  const bool wrapped = config.file().kind("hidden_size") == NodeKind::null && config.text().has("hidden_size");
  if (type.empty() || (!architecture.empty() && !wrapped)) return nullptr;
  const FamilyRow* row = find_family("", type);
  if (row != nullptr) config.remark(fmt::format("the family is that of model_type \"{}\"", type));
  return row;
}

void remark_towers(ConfigReader& config) {
  for (const char* key : {"vision_config", "audio_config"}) {
    if (config.file().kind(key) == NodeKind::table)
      config.remark(fmt::format("{}: that part of the model is left out", key));
  }
}

}  // namespace

Result<Model> parse_model(const Document& document, const Document* quant_config) {
  Reader file(document);
  PLUMB_TRY(file.first_error());
  Model model;
  ConfigReader config(file, language_table(file), model);
  model.name = model_name(document.name(), file);
  model.architecture = first_architecture(file);
  PLUMB_TRY(file.first_error());
  const FamilyRow* family = family_of(config, model.architecture);
  PLUMB_TRY(file.first_error());
  if (family == nullptr) {
    if (model.architecture.empty())
      return fail(file.error("architectures", "\"architectures\" is missing", "a list with one name"));
    return fail(unknown_architecture(file, config.text(), model.architecture));
  }
  if (model.architecture.empty()) model.architecture = std::string(split_words(family->architectures).front());
  family->read(config);
  PLUMB_TRY(file.first_error());
  PLUMB_TRY(read_quantisation(config, quant_config));
  remark_towers(config);
  PLUMB_TRY(file.finish_edits());
  return model;
}

Result<Model> read_model(const std::string& path, std::span<const Edit> edits) {
  std::error_code ignored;
  const std::filesystem::path given(path);
  const bool folder = std::filesystem::is_directory(given, ignored);
  const std::filesystem::path config_path = folder ? given / "config.json" : given;
  if (folder && !std::filesystem::exists(config_path, ignored)) {
    return fail(input_error({path, 0, 0}, "the folder has no config.json", "a Hugging Face config.json"));
  }
  PLUMB_ASSIGN(Document config, Document::read_json(config_path.string()));
  if (!edits.empty()) {
    PLUMB_ASSIGN(config, config.with(edits));
  }
  const std::filesystem::path side = config_path.parent_path() / "hf_quant_config.json";
  if (config_path.filename() != "config.json" || !std::filesystem::exists(side, ignored)) return parse_model(config);
  PLUMB_ASSIGN(const Document quant_config, Document::read_json(side.string()));
  return parse_model(config, &quant_config);
}

}  // namespace plumb::model
