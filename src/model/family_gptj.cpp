// GPT-J and Kakao's KoGPT 6B: attention without biases, a feed-forward part and an LM head with them, one layer norm a
// layer.

#include "model/families.h"

namespace plumb::model {

void read_gptj(ConfigReader& config) {
  config.defaults_of("GPTJConfig");
  Model& model = config.model();
  model.hidden = config.count("n_embd", hidden_width);
  model.vocabulary = config.count("vocab_size", vocabulary_size);
  model.positions_max = config.count_if("n_positions", token_count).value_or(0);
  model.tied_embeddings = config.flag_or("tie_word_embeddings", false);
  const std::int64_t layers = config.count("n_layer", layer_count);

  Layer layer;
  layer.mixer = config.grouped_query({.heads_key = "n_head", .kv_key = "n_head"});
  layer.mixer.span = config.full_span();
  layer.feed_forward.width = config.count_or("n_inner", inner_width, 4 * model.hidden);
  layer.feed_forward.gated = false;
  layer.feed_forward.bias = true;
  layer.norm_weights = 2 * model.hidden;  // attention and feed-forward run side by side behind one layer norm

  model.layers.assign(static_cast<std::size_t>(layers), layer);
  model.other_weights = 2 * model.hidden + model.vocabulary;  // the final norm and the LM head's bias
}

}  // namespace plumb::model
