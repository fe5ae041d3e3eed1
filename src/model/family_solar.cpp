// Solar Open 100B: grouped-query attention, and experts with shared ones in every layer.

#include "model/families.h"

namespace plumb::model {

void read_solar_open(ConfigReader& config) {
  config.defaults_of("SolarOpenConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.span = config.full_span();
  layer.norm_weights = 2 * model.hidden;
  FeedForward experts = config.experts("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count_if("n_shared_experts", {0, 256}).value_or(0) * experts.width;
  experts.router_bias = true;
  const std::int64_t first = config.count_or("first_k_dense_replace", {0, layer_count.high}, 0);
  for (std::int64_t i = 0; i < layers; ++i) {
    layer.feed_forward = i < first ? config.dense() : experts;
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
