// Kimi Linear and Kimi K3: Kimi delta attention (KDA), a gated delta rule with a decay per channel, in three layers of
// four; multi-head latent attention without positions in the others; experts that work in a narrower space.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

Mixer delta_attention(ConfigReader& config, Reader& linear, Layer& layer) {
  Mixer mixer;
  mixer.kind = Mixer::Kind::linear;
  mixer.heads = mixer.kv_heads = linear.integer("num_heads", head_count);
  mixer.key_width = mixer.value_width = linear.integer("head_dim", head_width);
  mixer.conv_width = linear.integer("short_conv_kernel_size", {1, 64});
  mixer.gate_rank = mixer.key_width;
  mixer.output_gate = linear.boolean_if("use_full_rank_gate").value_or(false);
  // A gate of low rank instead: d x head_dim x heads head_dim.
  if (!mixer.output_gate)
    layer.other_weights += mixer.key_width * (config.model().hidden + mixer.heads * mixer.key_width);
  mixer.span = config.state_span();
  layer.norm_weights += mixer.value_width;
  return mixer;
}

FeedForward routed(ConfigReader& config, Layer& layer) {
  FeedForward experts = config.experts("num_experts", "num_experts_per_token", "moe_intermediate_size");
  experts.shared_width = config.count("num_shared_experts", {0, 256}) * experts.width;
  experts.latent_width = config.count_if("routed_expert_hidden_size", hidden_width).value_or(0);
  experts.router_bias = true;
  if (config.text().boolean_if("latent_moe_use_norm").value_or(false)) layer.norm_weights += experts.latent_width;
  return experts;
}

/// The layers of delta attention. Both lists count from 1 and together name every layer once.
std::vector<bool> delta_layers(ConfigReader& config, Reader& linear, std::int64_t layers) {
  std::vector<bool> delta(static_cast<std::size_t>(layers), false), named = delta;
  for (const std::string_view key : {"kda_layers", "full_attn_layers"}) {
    for (const std::int64_t number : linear.integers(key, {1, static_cast<double>(layers)})) {
      named[static_cast<std::size_t>(number - 1)] = true;
      delta[static_cast<std::size_t>(number - 1)] = key == "kda_layers";
    }
  }
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (config.text().ok() && !named[i]) {
      linear.reject("kda_layers", fmt::format("layer {} is in neither \"kda_layers\" nor \"full_attn_layers\"", i + 1),
                    "every layer in one of them");
    }
  }
  return delta;
}

}  // namespace

void read_kimi_linear(ConfigReader& config) {
  config.defaults_of("KimiLinearConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer base;
  base.norm_weights = 2 * model.hidden;
  // Attention over the residual streams of earlier blocks: two norms and two vectors a layer.
  if (config.count_if("attn_res_block_size", layer_count)) {
    base.norm_weights += 2 * model.hidden;
    base.other_weights += 2 * model.hidden;
  }
  Layer full = base, delta = base;
  full.mixer = config.latent(full.norm_weights);
  full.mixer.output_gate = config.text().boolean_if("mla_use_output_gate").value_or(false);
  Reader linear = config.text().table("linear_attn_config");
  delta.mixer = delta_attention(config, linear, delta);

  Layer with_experts;
  const FeedForward experts = routed(config, with_experts);
  const std::int64_t first = config.count_or("first_k_dense_replace", {0, layer_count.high}, 0);
  const std::int64_t every = config.count_or("moe_layer_freq", layer_count, 1);
  const std::vector<bool> is_delta = delta_layers(config, linear, layers);
  for (std::int64_t i = 0; i < layers; ++i) {
    Layer layer = is_delta[static_cast<std::size_t>(i)] ? delta : full;
    const bool routed_here = i >= first && i % every == 0;
    layer.feed_forward = routed_here ? experts : config.dense();
    if (routed_here) layer.norm_weights += with_experts.norm_weights;
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
