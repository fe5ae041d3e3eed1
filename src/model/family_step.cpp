// Step 3.7 Flash: three layers of four look back over a window; experts with a shared one after a few dense layers.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {

void read_step(ConfigReader& config) {
  config.defaults_of("Step3p7Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer layer;
  layer.mixer = config.grouped_query();
  layer.mixer.query_key_norm = true;
  layer.norm_weights = 2 * model.hidden + 2 * layer.mixer.key_width;
  FeedForward experts = config.experts("num_experts", "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count("share_expert_dim", {0, inner_width.high});
  experts.router_bias = config.flag_or("use_moe_router_bias", false);
  const std::int64_t first = config.count_or("first_k_dense_replace", {0, layer_count.high}, 0);
  const std::int64_t window = config.count("sliding_window", token_count);
  // The windowed layers of the published model have more heads; files that were shortened do not say so.
  Mixer local = layer.mixer;
  if (auto other = config.text().table_if("attention_other_setting")) {
    local.heads = other->integer("num_attention_heads", head_count);
    local.kv_heads = other->integer("num_attention_groups", head_count);
    if (config.text().ok() && local.heads % local.kv_heads != 0) {
      other->reject("num_attention_groups", "\"num_attention_groups\" does not divide the heads");
    }
  } else {
    config.remark("attention_other_setting is absent: layers with a window have as many heads as the others");
  }
  const Mixer whole = layer.mixer;
  const std::vector<std::string> types = config.words("layer_types", layers);
  for (std::int64_t i = 0; i < layers; ++i) {
    const bool windowed = types[static_cast<std::size_t>(i)] == "sliding_attention";
    layer.mixer = windowed ? local : whole;
    layer.mixer.span = windowed ? config.sliding_span(window) : config.full_span();
    layer.feed_forward = i < first ? config.dense() : experts;
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
  layer.feed_forward = config.has("intermediate_size") ? config.dense() : experts;
  config.add_mtp(layer, config.count_if("num_nextn_predict_layers", mtp_count).value_or(0));
  config.remark("layers of multi-token prediction are taken as dense ones with a window");
}

}  // namespace plumb::model
