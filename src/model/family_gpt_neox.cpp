// GPT-NeoX and the Polyglot-Ko models: biases everywhere but on the LM head, two layer norms a layer.

#include "model/families.h"

namespace plumb::model {

void read_gpt_neox(ConfigReader& config) {
  config.defaults_of("GPTNeoXConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_key = "num_attention_heads"});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", true);
  layer.mixer.span = config.full_span();
  layer.feed_forward = config.dense();
  layer.feed_forward.gated = false;
  layer.feed_forward.bias = true;
  layer.norm_weights = 4 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = 2 * model.hidden;
}

}  // namespace plumb::model
