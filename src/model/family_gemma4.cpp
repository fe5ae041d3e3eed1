// Gemma 4: global layers with wider heads whose keys serve as values; optionally experts beside a dense part, layers
// that reuse an earlier layer's cache, and embeddings per layer.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

Mixer global_mixer(ConfigReader& config, const Mixer& local) {
  Mixer mixer = local;
  mixer.key_width = mixer.value_width = config.count_or("global_head_dim", head_width, 512);
  mixer.keys_are_values = config.flag_or("attention_k_eq_v", false);
  if (mixer.keys_are_values) {
    mixer.kv_heads = config.count_if("num_global_key_value_heads", head_count).value_or(local.kv_heads);
  }
  if (config.text().ok() && mixer.heads % mixer.kv_heads != 0) {
    config.reject("num_global_key_value_heads", fmt::format("\"num_global_key_value_heads\" is {}", mixer.kv_heads),
                  fmt::format("a divisor of {}, the heads", mixer.heads));
  }
  mixer.span = config.full_span();
  return mixer;
}

/// A table of vocabulary x layers x width, and in each layer a gate, a projection and a norm.
void add_layer_embeddings(ConfigReader& config, Layer& layer, std::int64_t layers) {
  Model& model = config.model();
  const std::int64_t width = config.count_or("hidden_size_per_layer_input", {0, hidden_width.high}, 256);
  if (width == 0) return;
  const std::int64_t vocabulary = config.count_or("vocab_size_per_layer_input", vocabulary_size, 262144);
  model.position_weights = layers * width * vocabulary;  // looked up like positions, not multiplied with
  model.other_weights += layers * width * model.hidden + width;
  layer.other_weights += 2 * width * model.hidden;
  layer.norm_weights += model.hidden;
}

}  // namespace

void read_gemma4(ConfigReader& config) {
  config.defaults_of("Gemma4TextConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(true);

  Layer base;
  base.mixer = config.grouped_query({.heads = 8, .kv_heads = 4, .width = 256});
  base.mixer.bias = base.mixer.output_bias = config.flag_or("attention_bias", false);
  base.mixer.query_key_norm = true;
  base.feed_forward = config.dense();
  base.norm_weights = 4 * model.hidden;
  if (config.flag_or("enable_moe_block", false)) {
    const std::int64_t dense_width = base.feed_forward.width;
    base.feed_forward = config.experts("num_experts", "top_k_experts", "moe_intermediate_size");
    base.feed_forward.dense_width = dense_width;
    base.norm_weights += 3 * model.hidden;
    base.other_weights += model.hidden + base.feed_forward.experts;  // the router's scales
  }
  model.other_weights = model.hidden;
  add_layer_embeddings(config, base, layers);
  const Mixer global = global_mixer(config, base.mixer);
  const std::int64_t window = config.count_or("sliding_window", token_count, 512);
  const std::int64_t shared = config.count_or("num_kv_shared_layers", {0, static_cast<double>(layers)}, 0);
  const bool double_wide = config.flag_or("use_double_wide_mlp", false);
  const std::vector<std::string> types = config.words("layer_types", layers);
  for (std::int64_t i = 0; i < layers; ++i) {
    Layer layer = base;
    const bool local = types[static_cast<std::size_t>(i)] == "sliding_attention";
    if (local) {
      layer.mixer.span = config.sliding_span(window);
    } else {
      layer.mixer = global;
    }
    layer.mixer.shares_cache = i >= layers - shared;
    if (layer.mixer.shares_cache && double_wide) layer.feed_forward.width *= 2;
    layer.norm_weights += (layer.mixer.shares_cache ? 1 : 2) * layer.mixer.key_width;
    model.layers.push_back(layer);
  }
}

}  // namespace plumb::model
