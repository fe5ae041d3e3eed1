// HyperCLOVA X SEED: Llama with Granite's multipliers and, where use_post_norm is set, a norm after each part as well
// (Peri-LN), so four a layer.

#include "model/families.h"

namespace plumb::model {

void read_hyperclovax(ConfigReader& config) {
  config.defaults_of("HyperCLOVAXConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", false);
  layer.mixer.span = config.full_span();
  layer.feed_forward = config.dense();
  layer.feed_forward.bias = config.flag_or("mlp_bias", false);
  layer.norm_weights = (config.flag_or("use_post_norm", false) ? 4 : 2) * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
