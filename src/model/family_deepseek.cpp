// DeepSeek V2 to V3.2 and R1, Kimi K2, GLM 5 and A.X K1: multi-head latent attention, experts with shared ones after a
// few dense layers, and from V3.2 on an indexer that picks the tokens to attend to.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

/// Some copies of these files spell "n_" out.
FeedForward routed(ConfigReader& config) {
  const char* routed_key = config.has("num_routed_experts") ? "num_routed_experts" : "n_routed_experts";
  const char* shared_key = config.has("num_shared_experts") ? "num_shared_experts" : "n_shared_experts";
  FeedForward experts = config.experts(routed_key, "num_experts_per_tok", "moe_intermediate_size");
  experts.shared_width = config.count_if(shared_key, {0, 256}).value_or(0) * experts.width;
  experts.router_bias = config.text().text_if("topk_method").value_or("") == "noaux_tc";
  return experts;
}

/// GLM 5.2 shares one layer's picks with the layers that follow ("shared"), which have no indexer of their own.
std::vector<bool> has_indexer(ConfigReader& config, std::int64_t layers) {
  if (!config.has("indexer_types")) return std::vector<bool>(static_cast<std::size_t>(layers), true);
  std::vector<bool> own;
  for (const std::string& type : config.words("indexer_types", layers)) {
    if (config.text().ok() && type != "full" && type != "shared") {
      config.reject("indexer_types", fmt::format("\"indexer_types\" has \"{}\"", type), "full or shared");
    }
    own.push_back(type == "full");
  }
  return own;
}

}  // namespace

void read_deepseek(ConfigReader& config) {
  config.defaults_of("DeepseekV3Config");
  Model& model = config.model();
  const std::int64_t layers = config.outline(false);

  Layer plain;
  plain.norm_weights = 2 * model.hidden;
  plain.mixer = config.latent(plain.norm_weights);
  plain.mixer.bias = config.flag_or("attention_bias", false);
  Layer indexed = plain;
  const bool sparse = config.has("index_topk");
  if (sparse) config.add_indexer(indexed.mixer, indexed.norm_weights);
  plain.mixer.span = indexed.mixer.span;

  const FeedForward experts = routed(config);
  const std::int64_t first = config.count_or("first_k_dense_replace", {0, layer_count.high}, 0);
  const std::int64_t every = config.count_or("moe_layer_freq", layer_count, 1);
  const std::vector<bool> own = has_indexer(config, layers);
  for (std::int64_t i = 0; i < layers; ++i) {
    Layer layer = own[static_cast<std::size_t>(i)] ? indexed : plain;
    layer.feed_forward = i >= first && i % every == 0 ? experts : config.dense();
    model.layers.push_back(layer);
  }
  model.other_weights = model.hidden;
  indexed.feed_forward = experts;
  config.add_mtp(indexed, config.count_if("num_nextn_predict_layers", mtp_count).value_or(0));
}

}  // namespace plumb::model
