#pragma once
// One step (iteration) of an engine, as the sums that its cost depends on.
//
// A step computes new tokens for some sequences: a decode sequence brings one token, and those that a drafter proposed
// for it (model/speculation.h); a prefill chunk several. Linear
// operators depend on the number of tokens only; attention on how many (query, key) pairs are scored and how many keys
// are read, which depends on how far back a layer looks: its span. A model has few distinct spans (full, sliding
// window, ...), and a Step holds the sums for each, so adding a sequence is a handful of additions.

#include <array>
#include <cstddef>
#include <cstdint>

namespace plumb::model {

/// How far back the attention of a layer looks. With c tokens of context, counting the token at hand, a query attends
/// to
///   full        c
///   sliding     min(c, window)
///   chunked     ((c - 1) mod window) + 1                      (Llama 4's local layers)
///   compressed  min(floor(c / ratio), limit) + min(c, window) (one entry per `ratio` tokens, the best `limit` of them,
///                                                              beside a window; DeepSeek V4 and sparse attention with
///                                                              ratio 1 and window 0, DeepSeek V3.2)
///   state       0: the past is a state of fixed size          (linear attention, state-space layers)
struct Span {
  enum class Kind { full, sliding, chunked, compressed, state };
  Kind kind = Kind::full;
  std::int64_t window = 0;  ///< tokens
  std::int64_t ratio = 1;   ///< tokens per entry
  std::int64_t limit = 0;   ///< entries; 0 is no limit
  bool operator==(const Span&) const = default;

  /// Keys that one query with `context` tokens (itself included) attends to.
  double keys(std::int64_t context) const;
  /// Keys that must stay in the cache for a sequence of `context` tokens, in entries: all of a full span, those within
  /// reach of the next token of the others. A limit bounds what is read, not what is kept.
  double cached(std::int64_t context) const;
  /// Sum of keys(i) for i = context + 1 ... context + tokens: the pairs scored by a chunk of `tokens` new tokens that
  /// follow `context` computed ones. Exact for all spans.
  double pairs(std::int64_t tokens, std::int64_t context) const;
  /// Distinct keys that such a chunk reads. Exact but for a limit: which entries the queries pick is not known, so all
  /// picks count as distinct until they are as many as the entries there are.
  double distinct(std::int64_t tokens, std::int64_t context) const;
};

/// No model of the corpus needs more distinct spans.
inline constexpr std::size_t spans_max = 6;

struct SpanSums {
  double decode_keys = 0.0;    ///< keys read by decode sequences; for one query each these are also the pairs scored
  double draft_pairs = 0.0;    ///< pairs that decode sequences score beyond one for each key read
  double prefill_keys = 0.0;   ///< keys read by prefill chunks, each chunk reading its keys once
  double prefill_pairs = 0.0;  ///< (query, key) pairs scored by prefill chunks
};

struct Step {
  std::int64_t decode_sequences = 0;   ///< each with one new token
  std::int64_t draft_tokens = 0;       ///< proposed tokens that decode sequences verify beside their own
  std::int64_t prefill_sequences = 0;  ///< chunks
  std::int64_t prefill_tokens = 0;     ///< new tokens of all chunks
  std::int64_t sampled_sequences = 0;  ///< sequences that get an output token from this step
  std::int64_t padding_tokens = 0;  ///< that fill the step up to a size it can run with: rows of what works by tokens
  std::int64_t context_tokens = 0;  ///< sum over sequences of the context, the new tokens included
  std::array<SpanSums, spans_max> spans{};

  std::int64_t decode_tokens() const { return decode_sequences + draft_tokens; }
  std::int64_t tokens() const { return decode_tokens() + prefill_tokens; }
  std::int64_t sampled_tokens() const { return sampled_sequences + draft_tokens; }  ///< rows of the LM head
  std::int64_t sequences() const { return decode_sequences + prefill_sequences; }
};

}  // namespace plumb::model
