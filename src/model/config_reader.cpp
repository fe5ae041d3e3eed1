#include "model/config_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::model {

std::int64_t ConfigReader::count_or(std::string_view key, Range range, std::int64_t fallback) {
  if (const auto value = text_.integer_if(key, range)) return *value;
  if (text_.ok()) remark(fmt::format("{} is absent: {}, the default of {}", key, fallback, class_));
  return fallback;
}

bool ConfigReader::flag_or(std::string_view key, bool fallback) {
  if (const auto value = text_.boolean_if(key)) return *value;
  if (text_.ok()) remark(fmt::format("{} is absent: {}, the default of {}", key, fallback, class_));
  return fallback;
}

void ConfigReader::reject(std::string_view key, std::string message, std::string expected) {
  text_.reject(key, std::move(message), std::move(expected));
}

std::vector<std::string> ConfigReader::words(std::string_view key, std::int64_t layers) {
  std::vector<std::string> words = text_.texts(key);
  if (text_.ok() && static_cast<std::int64_t>(words.size()) != layers) {
    reject(key, fmt::format("\"{}\" has {} entries", key, words.size()),
           fmt::format("one for each of {} layers", layers));
  }
  words.resize(static_cast<std::size_t>(layers));
  return words;
}

std::vector<std::int64_t> ConfigReader::numbers(std::string_view key, std::int64_t layers) {
  std::vector<std::int64_t> numbers = text_.integers(key);
  if (text_.ok() && static_cast<std::int64_t>(numbers.size()) != layers) {
    reject(key, fmt::format("\"{}\" has {} entries", key, numbers.size()),
           fmt::format("one for each of {} layers", layers));
  }
  numbers.resize(static_cast<std::size_t>(layers));
  return numbers;
}

std::int64_t ConfigReader::outline(bool tied, std::string_view layers_key, std::int64_t vocabulary) {
  model_.hidden = count("hidden_size", hidden_width);
  model_.vocabulary =
      vocabulary == 0 ? count("vocab_size", vocabulary_size) : count_or("vocab_size", vocabulary_size, vocabulary);
  model_.positions_max = count_if("max_position_embeddings", token_count).value_or(0);
  // A multimodal wrapper may state it instead of the language model it wraps.
  if (!has("tie_word_embeddings") && file_.has("tie_word_embeddings")) {
    model_.tied_embeddings = file_.boolean("tie_word_embeddings");
  } else {
    model_.tied_embeddings = flag_or("tie_word_embeddings", tied);
  }
  return count(layers_key, layer_count);
}

std::size_t ConfigReader::span(Span span) {
  const auto found = std::find(model_.spans.begin(), model_.spans.end(), span);
  if (found != model_.spans.end()) return static_cast<std::size_t>(found - model_.spans.begin());
  if (model_.spans.size() == spans_max) {
    reject("layer_types", fmt::format("the layers look back in more than {} different ways", spans_max));
    return 0;
  }
  model_.spans.push_back(span);
  return model_.spans.size() - 1;
}

Mixer ConfigReader::grouped_query(const GroupedQuery& fields) {
  Mixer mixer;
  mixer.heads =
      fields.heads == 0 ? count(fields.heads_key, head_count) : count_or(fields.heads_key, head_count, fields.heads);
  mixer.kv_heads = count_or(fields.kv_key, head_count, fields.kv_heads == 0 ? mixer.heads : fields.kv_heads);
  if (text_.ok() && mixer.heads % mixer.kv_heads != 0) {
    reject(fields.kv_key, fmt::format("\"{}\" is {}", fields.kv_key, mixer.kv_heads),
           fmt::format("a divisor of {}, the heads", mixer.heads));
  }
  if (fields.width > 0 || has(fields.width_key)) {
    mixer.key_width = count_or(fields.width_key, head_width, fields.width);
  } else if (text_.ok()) {
    mixer.key_width = width_of_heads(mixer.heads, fields);
  }
  mixer.value_width = mixer.key_width;
  return mixer;
}

std::int64_t ConfigReader::width_of_heads(std::int64_t heads, const GroupedQuery& fields) {
  const std::int64_t width = model_.hidden / heads;
  if (model_.hidden % heads != 0 || width > static_cast<std::int64_t>(head_width.high)) {
    reject(fields.heads_key, fmt::format("\"{}\" is {}, and {} is absent", fields.heads_key, heads, fields.width_key),
           fmt::format("a divisor of {}, the hidden size", model_.hidden));
    return 0;
  }
  remark(fmt::format("{} is absent: {}, hidden size / heads", fields.width_key, width));
  return width;
}

Mixer ConfigReader::latent(std::int64_t& norms) {
  Mixer mixer;
  mixer.kind = Mixer::Kind::latent;
  mixer.heads = count("num_attention_heads", head_count);
  mixer.kv_heads = mixer.heads;
  mixer.key_width = count("qk_nope_head_dim", head_width);
  mixer.rope_width = count("qk_rope_head_dim", head_width);
  mixer.value_width = count("v_head_dim", head_width);
  mixer.q_rank = count_if("q_lora_rank", rank_width).value_or(0);  // null: queries are not compressed (V2-Lite)
  mixer.kv_rank = count("kv_lora_rank", rank_width);
  mixer.span = full_span();
  norms += mixer.q_rank + mixer.kv_rank;
  return mixer;
}

void ConfigReader::add_indexer(Mixer& mixer, std::int64_t& norms) {
  mixer.index_heads = count("index_n_heads", head_count);
  mixer.index_width = count("index_head_dim", head_width);
  mixer.index_span = full_span();
  mixer.span = span({.kind = Span::Kind::compressed, .ratio = 1, .limit = count("index_topk", token_count)});
  norms += 2 * mixer.index_width;  // a layer norm of the index key
}

FeedForward ConfigReader::dense(std::string_view width_key) {
  FeedForward dense;
  dense.width = count(width_key, inner_width);
  return dense;
}

FeedForward ConfigReader::experts(std::string_view experts_key, std::string_view per_token_key,
                                  std::string_view width_key) {
  FeedForward experts;
  experts.kind = FeedForward::Kind::experts;
  experts.experts = count(experts_key, expert_count);
  experts.experts_per_token = count(per_token_key, expert_count);
  experts.width = count(width_key, inner_width);
  if (text_.ok() && experts.experts_per_token > experts.experts) {
    reject(per_token_key, fmt::format("\"{}\" is {}", per_token_key, experts.experts_per_token),
           fmt::format("at most {}, the experts", experts.experts));
  }
  return experts;
}

void ConfigReader::add_mtp(const Layer& layer, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) model_.mtp_layers.push_back(layer);
  model_.mtp_modules += count;
  model_.mtp_extra_weights += count * (2 * model_.hidden * model_.hidden + 3 * model_.hidden);
}

}  // namespace plumb::model
