// gpt-oss: experts with biases in every layer, attention that alternates between a window and the whole context, a
// learned attention sink per head.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {

void read_gpt_oss(ConfigReader& config) {
  config.defaults_of("GptOssConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 8, .width = 64});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", true);
  layer.feed_forward = config.experts("num_local_experts", "num_experts_per_tok", "intermediate_size");
  layer.feed_forward.bias = layer.feed_forward.router_bias = true;
  layer.norm_weights = 2 * model.hidden;
  layer.other_weights = layer.mixer.heads;
  const std::int64_t window = config.count("sliding_window", token_count);
  for (const std::string& type : config.words("layer_types", layers)) {
    if (config.text().ok() && type != "sliding_attention" && type != "full_attention") {
      config.reject("layer_types", fmt::format("\"layer_types\" has \"{}\"", type),
                    "sliding_attention or full_attention");
    }
    layer.mixer.span = type == "sliding_attention" ? config.sliding_span(window) : config.full_span();
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
