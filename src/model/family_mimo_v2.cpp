// MiMo-V2-Flash: layers with a short window between layers that look back over everything, with key-value heads of
// their own; keys are wider than values; experts after a dense layer.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

Mixer attention(ConfigReader& config, std::string_view heads, std::string_view kv_heads, std::string_view keys,
                std::string_view values) {
  Mixer mixer = config.grouped_query({.heads_key = heads, .kv_key = kv_heads, .width_key = keys});
  mixer.value_width = config.count(values, head_width);
  mixer.bias = config.text().boolean_if("attention_bias").value_or(false);
  return mixer;
}

}  // namespace

void read_mimo_v2(ConfigReader& config) {
  config.defaults_of("MiMoV2FlashConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer full, windowed;
  full.norm_weights = windowed.norm_weights = 2 * model.hidden;
  full.mixer = attention(config, "num_attention_heads", "num_key_value_heads", "head_dim", "v_head_dim");
  windowed.mixer =
      attention(config, "swa_num_attention_heads", "swa_num_key_value_heads", "swa_head_dim", "swa_v_head_dim");
  full.mixer.span = config.full_span();
  windowed.mixer.span = config.sliding_span(config.count("sliding_window", token_count));
  if (config.flag_or("add_full_attention_sink_bias", false)) full.other_weights = full.mixer.heads;
  if (config.flag_or("add_swa_attention_sink_bias", false)) windowed.other_weights = windowed.mixer.heads;

  FeedForward experts = config.experts("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count_if("n_shared_experts", {0, 256}).value_or(0) * experts.width;
  experts.router_bias = config.text().text_if("topk_method").value_or("") == "noaux_tc";
  const std::vector<std::int64_t> pattern = config.numbers("hybrid_layer_pattern", layers);  // 1: with a window
  const std::vector<std::int64_t> routed = config.numbers("moe_layer_freq", layers);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    Layer layer = pattern[i] == 0 ? full : windowed;
    layer.feed_forward = routed[i] == 0 ? config.dense() : experts;
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
  if (!config.has("num_nextn_predict_layers")) {
    config.remark("num_nextn_predict_layers is absent: no layers of multi-token prediction are counted");
  }
}

}  // namespace plumb::model
