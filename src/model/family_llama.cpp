// Llama 1 to 3.3 and the many models that took its shape: Mistral, Yi, Code Llama, Granite, SOLAR 10.7B, Solar Pro.

#include "model/families.h"

namespace plumb::model {

void read_llama(ConfigReader& config) {
  config.defaults_of("LlamaConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  // MistralConfig has 8 heads of keys and values where none are stated; LlamaConfig as many as heads.
  const bool mistral = config.text().text_if("model_type").value_or("") == "mistral";
  layer.mixer = config.grouped_query({.kv_heads = mistral ? 8 : 0});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", false);
  const auto window = config.count_if("sliding_window", token_count);  // Mistral 7B v0.1; null in later ones
  layer.mixer.span = window ? config.sliding_span(*window) : config.full_span();
  layer.feed_forward = config.dense();
  layer.feed_forward.bias = config.flag_or("mlp_bias", false);
  layer.norm_weights = 2 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
  if (config.has("bskcn_1")) {
    config.remark("bskcn_*: block skip connections add a few additions and no matrices; they are left out");
  }
}

}  // namespace plumb::model
