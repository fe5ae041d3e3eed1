// Nemotron-H and Nemotron 3: a layer is one part only, a Mamba-2 mixer (M), attention (*), a feed-forward part (-) or
// experts (E), each behind one norm. Feed-forward parts are not gated (squared ReLU).

#include <array>
#include <optional>

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

/// One letter a layer from a pattern such as "MEM*E-", or from a list of words; empty if the file has neither.
std::string letters(ConfigReader& config, std::string_view pattern_key, std::string_view list_key) {
  if (config.has(pattern_key)) {
    const std::string pattern = config.text().text(pattern_key);
    if (pattern.find_first_not_of("M*-E") != std::string::npos ||
        pattern.size() > static_cast<std::size_t>(layer_count.high)) {
      config.reject(pattern_key, fmt::format("\"{}\" is \"{}\"", pattern_key, pattern.substr(0, 40)),
                    fmt::format("at most {} of the letters M, *, - and E", layer_count.high));
      return {};
    }
    return pattern;
  }
  std::string letters;
  for (const std::string& type : config.text().texts(list_key)) {
    if (type == "mamba" || type == "linear_attention")
      letters += 'M';
    else if (type == "attention" || type == "full_attention")
      letters += '*';
    else if (type == "mlp")
      letters += '-';
    else if (type == "moe")
      letters += 'E';
    else
      config.reject(list_key, fmt::format("\"{}\" has \"{}\"", list_key, type), "mamba, attention, mlp or moe");
  }
  return letters;
}

Mixer mamba(ConfigReader& config, std::int64_t& norms) {
  Mixer mixer;
  mixer.kind = Mixer::Kind::mamba;
  mixer.heads = config.count("mamba_num_heads", head_count);
  mixer.value_width = config.count("mamba_head_dim", head_width);
  mixer.key_width = config.count("ssm_state_size", head_width);
  mixer.groups = config.count("n_groups", head_count);
  mixer.conv_width = config.count("conv_kernel", {1, 64});
  mixer.span = config.state_span();
  norms += mixer.heads * mixer.value_width;
  return mixer;
}

FeedForward routed(ConfigReader& config) {
  FeedForward experts = config.experts("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.gated = false;
  experts.shared_width =
      config.count("n_shared_experts", {0, 256}) * config.count("moe_shared_expert_intermediate_size", inner_width);
  experts.latent_width = config.count_if("moe_latent_size", hidden_width).value_or(0);
  experts.router_bias = true;
  return experts;
}

Layer layer_of(ConfigReader& config, char letter) {
  Layer layer;
  layer.mixer.kind = Mixer::Kind::none;
  layer.feed_forward.kind = FeedForward::Kind::none;
  layer.norm_weights = config.model().hidden;
  if (letter == 'M') layer.mixer = mamba(config, layer.norm_weights);
  if (letter == '*') {
    layer.mixer = config.grouped_query(
        {.width_key = config.has("head_dim") ? "head_dim" : "attention_head_dim", .kv_heads = 8, .width = 128});
    layer.mixer.bias = layer.mixer.output_bias = config.text().boolean_if("attention_bias").value_or(false);
    layer.mixer.span = config.full_span();
  }
  if (letter == '-') {
    layer.feed_forward = config.dense();
    layer.feed_forward.gated = false;
    layer.feed_forward.bias = config.text().boolean_if("mlp_bias").value_or(false);
  }
  if (letter == 'E') layer.feed_forward = routed(config);
  return layer;
}

}  // namespace

void read_nemotron_h(ConfigReader& config) {
  config.defaults_of("NemotronHConfig");
  Model& model = config.model();
  const std::string pattern = letters(config, "hybrid_override_pattern", "layers_block_type");
  // The class counts the layers from the pattern; num_hidden_layers is kept for older readers.
  const auto stated = config.count_if("num_hidden_layers", layer_count);
  const auto layers = static_cast<std::int64_t>(pattern.size());
  if (config.text().ok() && (layers == 0 || layers > static_cast<std::int64_t>(layer_count.high))) {
    config.reject("hybrid_override_pattern",
                  "neither \"hybrid_override_pattern\" nor \"layers_block_type\" names the layers",
                  fmt::format("1 to {} layers", layer_count.high));
  }
  if (config.text().ok() && stated && *stated != layers) {
    config.reject("num_hidden_layers", fmt::format("\"num_hidden_layers\" is {}", *stated),
                  fmt::format("{}, the layers that the pattern names", layers));
  }
  model.hidden = config.count("hidden_size", hidden_width);
  model.vocabulary = config.count("vocab_size", vocabulary_size);
  model.positions_max = config.count_if("max_position_embeddings", token_count).value_or(0);
  model.tied_embeddings = config.flag_or("tie_word_embeddings", false);
  model.other_weights = model.hidden;
  if (!config.text().ok()) return;

  std::array<std::optional<Layer>, 128> kinds;  // by letter, so that each is read once
  const auto add = [&](std::vector<Layer>& to, char letter) {
    std::optional<Layer>& kind = kinds[static_cast<std::size_t>(letter)];
    if (!kind) kind = layer_of(config, letter);
    to.push_back(*kind);
  };
  for (const char letter : pattern) add(model.layers, letter);
  const std::int64_t mtp = config.count_if("num_nextn_predict_layers", mtp_count).value_or(0);
  if (mtp == 0) return;
  const std::string mtp_pattern = letters(config, "mtp_hybrid_override_pattern", "mtp_layers_block_type");
  for (std::int64_t i = 0; i < mtp; ++i) {
    for (const char letter : mtp_pattern) add(model.mtp_layers, letter);
  }
  model.mtp_modules = mtp;
  model.mtp_extra_weights = mtp * (2 * model.hidden * model.hidden + 3 * model.hidden);
}

}  // namespace plumb::model
