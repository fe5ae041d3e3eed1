// GLM 4.5 and 4.6: grouped-query attention, and experts with shared ones after a few dense layers. (GLM 5 has
// DeepSeek's shape and is read in family_deepseek.cpp.)

#include "model/families.h"

namespace plumb::model {

void read_glm4_moe(ConfigReader& config) {
  config.defaults_of("Glm4MoeConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query({.kv_heads = 8, .width = 128});
  layer.mixer.bias = config.flag_or("attention_bias", false);
  layer.mixer.query_key_norm = config.flag_or("use_qk_norm", false);
  layer.mixer.span = config.full_span();
  layer.norm_weights = 2 * model.hidden + (layer.mixer.query_key_norm ? 2 * layer.mixer.key_width : 0);
  FeedForward experts = config.experts("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count("n_shared_experts", {0, 256}) * experts.width;
  experts.router_bias = true;
  const std::int64_t first = config.count_or("first_k_dense_replace", {0, layer_count.high}, 1);
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.feed_forward = i < first ? config.dense() : experts;
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
  layer.feed_forward = experts;
  config.add_mtp(layer, config.count_if("num_nextn_predict_layers", mtp_count).value_or(0));
}

}  // namespace plumb::model
