// Mixtral: Llama with experts in place of every feed-forward part; intermediate_size is one expert's.

#include "model/families.h"

namespace plumb::model {

void read_mixtral(ConfigReader& config) {
  config.defaults_of("MixtralConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 8});
  const auto window = config.count_if("sliding_window", token_count);
  layer.mixer.span = window ? config.sliding_span(*window) : config.full_span();
  layer.feed_forward = config.experts("num_local_experts", "num_experts_per_tok", "intermediate_size");
  layer.norm_weights = 2 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
