// MiniMax M2: grouped-query attention with one norm over all queries and one over all keys, experts in every layer;
// intermediate_size is one expert's.

#include "model/families.h"

namespace plumb::model {

void read_minimax(ConfigReader& config) {
  config.defaults_of("MiniMaxM2Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.query_key_norm = config.flag_or("use_qk_norm", false);
  layer.mixer.span = config.full_span();
  layer.feed_forward = config.experts("num_local_experts", "num_experts_per_tok", "intermediate_size");
  layer.feed_forward.shared_width = config.count_if("shared_intermediate_size", {0, inner_width.high}).value_or(0);
  layer.feed_forward.router_bias = config.flag_or("use_routing_bias", false);
  layer.norm_weights = 2 * model.hidden;
  if (layer.mixer.query_key_norm) {
    layer.norm_weights += (layer.mixer.heads + layer.mixer.kv_heads) * layer.mixer.key_width;
  }
  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
  // The published size, 229 billion, is that of the main model: the checkpoint holds no multi-token prediction.
  if (config.has("num_mtp_modules")) config.remark("num_mtp_modules: multi-token prediction is not in the checkpoint");
}

}  // namespace plumb::model
