// Llama 4: experts with one shared one in every interleave_moe_layer_step-th layer; three layers of four attend within
// chunks of the context.

#include "model/families.h"

namespace plumb::model {

void read_llama4(ConfigReader& config) {
  config.defaults_of("Llama4TextConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 8, .width = 128});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", false);
  layer.norm_weights = 2 * model.hidden;  // use_qk_norm normalises without parameters
  FeedForward experts = config.experts("num_local_experts", "num_experts_per_tok", "intermediate_size");
  experts.shared_width = experts.width;
  const std::int64_t every = config.count_or("interleave_moe_layer_step", layer_count, 1);
  const std::int64_t chunk = config.count_or("attention_chunk_size", token_count, 8192);
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.feed_forward = (i + 1) % every == 0 ? experts : config.dense("intermediate_size_mlp");
    const bool global = (i + 1) % 4 == 0;  // Llama4TextConfig: every fourth layer has no positions and no chunks
    layer.mixer.span = global ? config.full_span() : config.span({.kind = Span::Kind::chunked, .window = chunk});
    model.layers.push_back(layer);
  }
  config.remark("every fourth layer attends to the whole context, as Llama4TextConfig has it");
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
