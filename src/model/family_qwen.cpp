// Qwen 2 and 2.5 (a bias on queries, keys and values) and Qwen 3 (norms of queries and keys instead); dense, with
// experts, and the language models inside the VL ones.

#include <algorithm>

#include "model/families.h"

namespace plumb::model {
namespace {

/// Qwen's sliding window, which its files state and mostly leave unused, holds from layer max_window_layers on.
std::size_t span_of_layer(ConfigReader& config, std::int64_t layer) {
  if (!config.text().boolean_if("use_sliding_window").value_or(false)) return config.full_span();
  const auto window = config.count_if("sliding_window", token_count);
  const std::int64_t first = config.count_if("max_window_layers", not_negative).value_or(0);
  return window && layer >= first ? config.sliding_span(*window) : config.full_span();
}

FeedForward routed(ConfigReader& config) {
  FeedForward experts = config.experts("num_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count_if("shared_expert_intermediate_size", {0, inner_width.high}).value_or(0);
  experts.shared_gate = experts.shared_width > 0;
  return experts;
}

void read(ConfigReader& config, std::int64_t layers, Layer layer) {
  Model& model = config.model();
  const bool has_experts = config.has("num_experts");
  const FeedForward experts = has_experts ? routed(config) : FeedForward{};
  const std::vector<std::int64_t> dense_layers = config.text().integers("mlp_only_layers");
  const std::int64_t every = has_experts ? config.count_or("decoder_sparse_step", layer_count, 1) : 1;
  const auto is_dense = [&](std::int64_t i) {
    return !has_experts || (i + 1) % every != 0 ||
           std::find(dense_layers.begin(), dense_layers.end(), i) != dense_layers.end();
  };
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.feed_forward = is_dense(i) ? config.dense() : experts;
    layer.mixer.span = span_of_layer(config, i);
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace

void read_qwen2(ConfigReader& config) {
  config.defaults_of("Qwen2Config");
  const std::int64_t layers = config.outline(false);
  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 32});
  layer.mixer.bias = true;  // the class has it without a field
  layer.norm_weights = 2 * config.model().hidden;
  read(config, layers, layer);
}

void read_qwen3(ConfigReader& config) {
  config.defaults_of("Qwen3Config");
  const std::int64_t layers = config.outline(false);
  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 32, .width = 128});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", false);
  layer.mixer.query_key_norm = true;
  layer.norm_weights = 2 * config.model().hidden + 2 * layer.mixer.key_width;
  read(config, layers, layer);
}

}  // namespace plumb::model
