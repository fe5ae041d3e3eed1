// Phi-3 and Phi-4: Llama's shape without biases, projections fused, a window in the 4k models.

#include "model/families.h"

namespace plumb::model {

void read_phi3(ConfigReader& config) {
  config.defaults_of("Phi3Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  const auto window = config.count_if("sliding_window", token_count);
  layer.mixer.span = window ? config.sliding_span(*window) : config.full_span();
  layer.feed_forward = config.dense();
  layer.norm_weights = 2 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
}

}  // namespace plumb::model
