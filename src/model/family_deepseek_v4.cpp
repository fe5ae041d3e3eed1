// DeepSeek V4: one shared key-value head of head_dim per token that is key and value at once; a sliding window beside
// compressed entries (one for `ratio` tokens; at ratio 4 an indexer picks the best); grouped low-rank output
// projections; hyper-connections instead of one residual stream. After the reference code that came with the weights
// (inference/model.py).

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

constexpr std::int64_t indexed_ratio =
    4;  // the reference gives an indexer, and overlapping entries, to this ratio only

/// Norm and learned positions of a compressor whose entries are `width` wide; its two projections are compressor_width.
std::int64_t compressor_extras(std::int64_t ratio, std::int64_t width) {
  const std::int64_t overlap = ratio == indexed_ratio ? 2 : 1;
  return ratio * overlap * width + width;
}

void set_span(ConfigReader& config, Layer& layer, std::int64_t ratio, std::int64_t window) {
  Mixer& mixer = layer.mixer;
  if (ratio == 0) {
    mixer.span = config.sliding_span(window);
    return;
  }
  Span span{.kind = Span::Kind::compressed, .window = window, .ratio = ratio};
  mixer.compressor_width = (ratio == indexed_ratio ? 4 : 2) * mixer.key_width;
  layer.other_weights += compressor_extras(ratio, mixer.key_width);
  if (ratio == indexed_ratio) {
    mixer.index_heads = config.count("index_n_heads", head_count);
    mixer.index_width = config.count("index_head_dim", head_width);
    mixer.index_span = config.span({.kind = Span::Kind::compressed, .ratio = ratio});
    layer.other_weights += compressor_extras(ratio, mixer.index_width);
    span.limit = config.count("index_topk", token_count);
  }
  mixer.span = config.span(span);
}

Layer common_layer(ConfigReader& config) {
  const Model& model = config.model();
  Layer layer;
  Mixer& mixer = layer.mixer;
  mixer.heads = config.count("num_attention_heads", head_count);
  mixer.kv_heads = config.count("num_key_value_heads", {1, 1});
  mixer.key_width = mixer.value_width = config.count("head_dim", head_width);
  mixer.rope_width = config.count("qk_rope_head_dim", head_width);
  mixer.q_rank = config.count("q_lora_rank", rank_width);
  mixer.output_rank = config.count("o_lora_rank", rank_width);
  mixer.output_groups = config.count("o_groups", head_count);
  mixer.keys_are_values = mixer.stored_once = true;
  if (config.text().ok() && mixer.heads % mixer.output_groups != 0) {
    config.reject("o_groups", fmt::format("\"o_groups\" is {}", mixer.output_groups),
                  fmt::format("a divisor of {}, the heads", mixer.heads));
  }
  layer.feed_forward = config.experts("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size");
  layer.feed_forward.shared_width = config.count("n_shared_experts", {0, 256}) * layer.feed_forward.width;
  layer.feed_forward.router_bias = true;
  layer.norm_weights = 2 * model.hidden + mixer.q_rank + mixer.key_width;
  const std::int64_t streams = config.count("hc_mult", {1, 64});
  const std::int64_t mixes = (2 + streams) * streams;
  layer.other_weights = mixer.heads + 2 * (mixes * streams * model.hidden + mixes + 3);  // attention sinks, connections
  return layer;
}

}  // namespace

void read_deepseek_v4(ConfigReader& config) {
  config.defaults_of("DeepseekV4Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);
  const Layer common = common_layer(config);
  const std::int64_t window = config.count("sliding_window", token_count);
  const std::int64_t mtp = config.count_if("num_nextn_predict_layers", mtp_count).value_or(0);
  std::vector<std::int64_t> ratios = config.text().integers("compress_ratios", {0, token_count.high});
  if (config.text().ok() && static_cast<std::int64_t>(ratios.size()) != layers &&
      static_cast<std::int64_t>(ratios.size()) != layers + mtp) {
    config.reject("compress_ratios", fmt::format("\"compress_ratios\" has {} entries", ratios.size()),
                  fmt::format("one for each of {} layers and {} of multi-token prediction", layers, mtp));
  }
  ratios.resize(static_cast<std::size_t>(layers + mtp));
  const std::int64_t hashed = config.count_or("num_hash_layers", {0, layer_count.high}, 0);
  for (std::int64_t i = 0; i < layers; ++i) {
    Layer layer = common;
    layer.feed_forward.router_bias = i >= hashed;
    set_span(config, layer, ratios[static_cast<std::size_t>(i)], window);
    model.layers.push_back(layer);
  }
  if (hashed > 0)
    config.remark("num_hash_layers: the tables from token to expert (integers, not weights) are left out");

  const std::int64_t streams = config.count("hc_mult", {1, 64});
  const std::int64_t head_mix = streams * streams * model.hidden + streams + 1;
  model.other_weights = model.hidden + head_mix;
  for (std::int64_t i = 0; i < mtp; ++i) {
    Layer layer = common;
    set_span(config, layer, ratios[static_cast<std::size_t>(layers + i)], window);
    layer.other_weights += head_mix;
    config.add_mtp(layer, 1);
  }
}

}  // namespace plumb::model
