#pragma once
// What a family's reading function works with: the table of a config.json that holds the language model's fields, sizes
// bounded so that no file can ask for absurd memory, defaults that leave a remark, and the parts that families share.
//
// Errors are sticky, as in base/reader.h: after the first one, reads return zeros, and the caller of the family's
// function returns that error. So a reading function is a plain list of reads; it only must not divide by what it read.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reader.h"
#include "model/model.h"

namespace plumb::model {

// Bounds, each some ten times the largest published. The product of all of them that meet in one tensor, times the
// layers, stays within 63 bits.
inline constexpr Range layer_count{1, 1024};
inline constexpr Range hidden_width{1, 1 << 17};
inline constexpr Range head_count{1, 4096};
inline constexpr Range head_width{1, 4096};
inline constexpr Range inner_width{1, 1 << 21};
inline constexpr Range expert_count{1, 8192};
inline constexpr Range vocabulary_size{1, 1 << 24};
inline constexpr Range rank_width{1, 1 << 16};
inline constexpr Range token_count{1, 1LL << 40};
inline constexpr Range mtp_count{0, 64};

/// Fields of grouped-query attention, and what the class takes where they are absent.
struct GroupedQuery {
  std::string_view heads_key = "num_attention_heads";
  std::string_view kv_key = "num_key_value_heads";
  std::string_view width_key = "head_dim";
  std::int64_t heads = 0;     ///< 0: must be stated
  std::int64_t kv_heads = 0;  ///< 0: as many as heads
  std::int64_t width = 0;     ///< 0: hidden size / heads
};

class ConfigReader {
 public:
  /// `file` is the whole config.json, `text` the table of the language model: the same, or one nested in it.
  ConfigReader(Reader file, Reader text, Model& model)
      : file_(std::move(file)), text_(std::move(text)), model_(model) {}

  Reader& file() { return file_; }
  Reader& text() { return text_; }
  Model& model() { return model_; }

  /// Whose defaults the *_or functions below cite in their remarks, such as "LlamaConfig".
  void defaults_of(std::string_view config_class) { class_ = config_class; }
  void remark(std::string text) { model_.remarks.push_back(std::move(text)); }

  bool has(std::string_view key) const { return text_.has(key); }
  std::int64_t count(std::string_view key, Range range) { return text_.integer(key, range); }
  std::optional<std::int64_t> count_if(std::string_view key, Range range) { return text_.integer_if(key, range); }
  std::int64_t count_or(std::string_view key, Range range, std::int64_t fallback);
  bool flag_or(std::string_view key, bool fallback);
  /// One word a layer: refused where the number of words is not the number of layers.
  std::vector<std::string> words(std::string_view key, std::int64_t layers);
  std::vector<std::int64_t> numbers(std::string_view key, std::int64_t layers);
  void reject(std::string_view key, std::string message, std::string expected = {});

  /// Hidden size, vocabulary, positions, whether embeddings are tied (`tied` where the file does not say). Returns the
  /// number of layers. A vocabulary that is not stated is an error, unless the class has a default for it.
  std::int64_t outline(bool tied, std::string_view layers_key = "num_hidden_layers", std::int64_t vocabulary = 0);

  /// The index of that span in Model::spans, made if there is none yet.
  std::size_t span(Span span);
  std::size_t full_span() { return span({}); }
  std::size_t sliding_span(std::int64_t window) { return span({.kind = Span::Kind::sliding, .window = window}); }
  std::size_t state_span() { return span({.kind = Span::Kind::state}); }

  Mixer grouped_query(const GroupedQuery& fields = {});
  /// Multi-head latent attention as DeepSeek V2 brought it, with its norms' parameters in `norms`.
  Mixer latent(std::int64_t& norms);
  /// Sparse attention's indexer beside latent attention (DeepSeek V3.2), over all of the context.
  void add_indexer(Mixer& mixer, std::int64_t& norms);

  FeedForward dense(std::string_view width_key = "intermediate_size");
  FeedForward experts(std::string_view experts_key, std::string_view per_token_key, std::string_view width_key);

  /// Adds `count` layers of multi-token prediction like `layer`, each with a projection of hidden state and embedding
  /// (2 d x d) and three norms, as DeepSeek V3 has them (technical report, section 2.2).
  void add_mtp(const Layer& layer, std::int64_t count);

 private:
  std::int64_t width_of_heads(std::int64_t heads, const GroupedQuery& fields);

  Reader file_, text_;
  Model& model_;
  std::string class_ = "the model's class";
};

}  // namespace plumb::model
