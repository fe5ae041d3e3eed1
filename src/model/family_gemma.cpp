// Gemma 2 and 3: four norms a layer, tied embeddings, local layers between global ones (every second, every sixth).

#include "model/families.h"

namespace plumb::model {
namespace {

bool is_gemma2(ConfigReader& config) {
  return config.model().architecture == "Gemma2ForCausalLM" ||
         config.text().text_if("model_type").value_or("") == "gemma2";
}

/// Where the file has no layer_types, every n-th layer is global, n by class: 2 in Gemma 2, 6 in Gemma 3.
std::vector<bool> global_layers(ConfigReader& config, std::int64_t layers, bool gemma2) {
  std::vector<bool> global;
  if (config.has("layer_types")) {
    for (const std::string& type : config.words("layer_types", layers)) global.push_back(type != "sliding_attention");
    return global;
  }
  const std::int64_t every = gemma2 ? 2 : config.count_or("sliding_window_pattern", layer_count, 6);
  if (gemma2) config.remark("layer_types is absent: every second layer is global, as in Gemma2Config");
  for (std::int64_t i = 0; i < layers; ++i) global.push_back((i + 1) % every == 0);
  return global;
}

}  // namespace

void read_gemma(ConfigReader& config) {
  const bool gemma2 = is_gemma2(config);
  config.defaults_of(gemma2 ? "Gemma2Config" : "Gemma3TextConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(true, "num_hidden_layers", gemma2 ? 256000 : 262208);

  Layer layer;
  layer.mixer = config.grouped_query({.heads = 8, .kv_heads = 4, .width = 256});
  layer.mixer.bias = layer.mixer.output_bias = config.flag_or("attention_bias", false);
  layer.mixer.query_key_norm = !gemma2;
  layer.feed_forward = config.dense();
  layer.norm_weights = 4 * model.hidden + (gemma2 ? 0 : 2 * layer.mixer.key_width);
  const std::int64_t window = config.count_or("sliding_window", token_count, 4096);
  for (const bool global : global_layers(config, layers, gemma2)) {
    layer.mixer.span = global ? config.full_span() : config.sliding_span(window);
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
