// Qwen3-Next, Qwen 3.5 and 3.6: three layers of gated delta net to one of gated attention; experts with a gated shared
// one, or dense.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

Mixer delta_net(ConfigReader& config) {
  Mixer mixer;
  mixer.kind = Mixer::Kind::linear;
  mixer.heads = config.count("linear_num_value_heads", head_count);
  mixer.kv_heads = config.count("linear_num_key_heads", head_count);
  mixer.key_width = config.count("linear_key_head_dim", head_width);
  mixer.value_width = config.count("linear_value_head_dim", head_width);
  mixer.conv_width = config.count("linear_conv_kernel_dim", {1, 64});
  mixer.output_gate = true;
  mixer.span = config.state_span();
  if (config.text().ok() && mixer.heads % mixer.kv_heads != 0) {
    config.reject("linear_num_key_heads", fmt::format("\"linear_num_key_heads\" is {}", mixer.kv_heads),
                  fmt::format("a divisor of {}, the value heads", mixer.heads));
  }
  return mixer;
}

/// True for the layers of full attention: layer_types, else every full_attention_interval-th.
std::vector<bool> full_layers(ConfigReader& config, std::int64_t layers) {
  std::vector<bool> full;
  if (config.has("layer_types")) {
    for (const std::string& type : config.words("layer_types", layers)) {
      if (config.text().ok() && type != "full_attention" && type != "linear_attention") {
        config.reject("layer_types", fmt::format("\"layer_types\" has \"{}\"", type),
                      "full_attention or linear_attention");
      }
      full.push_back(type == "full_attention");
    }
    return full;
  }
  const std::int64_t every = config.count_or("full_attention_interval", layer_count, 4);
  for (std::int64_t i = 0; i < layers; ++i) full.push_back((i + 1) % every == 0);
  return full;
}

FeedForward feed_forward(ConfigReader& config) {
  if (!config.has("num_experts")) return config.dense();
  FeedForward experts = config.experts("num_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count("shared_expert_intermediate_size", inner_width);
  experts.shared_gate = true;
  return experts;
}

}  // namespace

void read_qwen_next(ConfigReader& config) {
  config.defaults_of("Qwen3NextConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer full;
  full.mixer = config.grouped_query({.kv_heads = 2, .width = 256});
  full.mixer.output_gate = config.text().boolean_if("attn_output_gate").value_or(true);
  full.mixer.bias = full.mixer.output_bias = config.text().boolean_if("attention_bias").value_or(false);
  full.mixer.query_key_norm = true;
  full.mixer.span = config.full_span();
  full.feed_forward = feed_forward(config);
  full.norm_weights = 2 * model.hidden + 2 * full.mixer.key_width;

  Layer linear = full;
  linear.mixer = delta_net(config);
  linear.norm_weights = 2 * model.hidden + linear.mixer.value_width;

  for (const bool is_full : full_layers(config, layers)) model.layers.push_back(is_full ? full : linear);
  model.other_weights = model.hidden;
  config.add_mtp(full, config.count_if("mtp_num_hidden_layers", mtp_count).value_or(0));
  if (!config.has("mtp_num_hidden_layers")) {
    config.remark("mtp_num_hidden_layers is absent: no layers of multi-token prediction are counted");
  }
}

}  // namespace plumb::model
