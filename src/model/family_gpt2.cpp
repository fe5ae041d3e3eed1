// GPT-2, with learned positions and biases everywhere, and KT's Mi:dm bitext-S, which keeps GPT-2's field names but has
// rotary positions, no biases and a gated feed-forward part.

#include <fmt/format.h>

#include "model/families.h"

namespace plumb::model {
namespace {

/// GPT-2's names for the outline; returns the number of layers.
std::int64_t outline(ConfigReader& config, bool tied) {
  Model& model = config.model();
  model.hidden = config.count("n_embd", hidden_width);
  model.vocabulary = config.count("vocab_size", vocabulary_size);
  model.positions_max = config.count_if("n_positions", token_count).value_or(0);
  model.tied_embeddings = config.flag_or("tie_word_embeddings", tied);
  return config.count("n_layer", layer_count);
}

}  // namespace

void read_gpt2(ConfigReader& config) {
  config.defaults_of("GPT2Config");
  Model& model = config.model();
  const std::int64_t layers = outline(config, true);
  const std::int64_t positions = config.count("n_positions", {1, 1 << 24});

  Layer layer;
  layer.mixer = config.grouped_query({.heads_key = "n_head", .kv_key = "n_head"});
  layer.mixer.bias = layer.mixer.output_bias = true;
  layer.mixer.span = config.full_span();
  layer.feed_forward.width = config.count_or("n_inner", inner_width, 4 * model.hidden);
  layer.feed_forward.gated = false;
  layer.feed_forward.bias = true;
  layer.norm_weights = 4 * model.hidden;  // two layer norms, each with a bias

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.position_weights = positions * model.hidden;
  model.other_weights = 2 * model.hidden;
}

void read_midm(ConfigReader& config) {
  config.defaults_of("MidmBitextConfig");
  Model& model = config.model();
  const std::int64_t layers = outline(config, false);

  Layer layer;
  layer.mixer = config.grouped_query({.heads_key = "n_head", .kv_key = "n_head"});
  layer.mixer.span = config.full_span();
  layer.feed_forward.width = config.count("n_inner", inner_width);
  const std::string activation = config.text().text("activation_function");
  layer.feed_forward.gated = activation == "silu" || activation == "swiglu";
  layer.norm_weights = 4 * model.hidden;
  config.remark(
      fmt::format("activation_function is {}: the feed-forward part is taken as {}; with three matrices the published "
                  "7B follows from 32 layers of 4,096 x 10,880",
                  activation, layer.feed_forward.gated ? "gated" : "not gated"));
  if (config.text().boolean_if("use_absolute_position_embedding").value_or(false)) {
    model.position_weights = config.count("n_positions", {1, 1 << 24}) * model.hidden;
  }
  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = 2 * model.hidden;
}

}  // namespace plumb::model
