// MiMo 7B: Qwen 2's shape, with a layer of multi-token prediction.

#include "model/families.h"

namespace plumb::model {

void read_mimo(ConfigReader& config) {
  config.defaults_of("MiMoConfig");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.bias = config.flag_or("attention_bias", true);  // of queries, keys and values
  layer.mixer.span = config.full_span();
  layer.feed_forward = config.dense();
  layer.norm_weights = 2 * model.hidden;

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = model.hidden;
  config.add_mtp(layer, config.count_if("num_nextn_predict_layers", mtp_count).value_or(0));
}

}  // namespace plumb::model
