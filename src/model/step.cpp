#include "model/step.h"

#include <algorithm>
#include <cassert>

#include "model/model.h"

namespace plumb::model {
namespace {

using Count = std::int64_t;

/// 1 + 2 + ... + n.
Count triangle(Count n) { return n * (n + 1) / 2; }

/// Sum of min(i, window) for i = 1 ... c.
Count sliding_sum(Count c, Count window) {
  return c <= window ? triangle(c) : triangle(window) + (c - window) * window;
}

/// Sum of ((i - 1) mod window) + 1 for i = 1 ... c: whole chunks, then the begun one.
Count chunked_sum(Count c, Count window) { return c / window * triangle(window) + triangle(c % window); }

/// Sum of floor(i / ratio) for i = 1 ... c: each value below q = floor(c / ratio) occurs `ratio` times.
Count entries_sum(Count c, Count ratio) {
  const Count q = c / ratio;
  return q == 0 ? 0 : ratio * triangle(q - 1) + q * (c % ratio + 1);
}

/// Sum of min(floor(i / ratio), limit) for i = 1 ... c; limit 0 is none.
Count chosen_sum(Count c, Count ratio, Count limit) {
  const Count full_from = limit * ratio;  // the first context at which the limit is reached
  if (limit == 0 || c < full_from) return entries_sum(c, ratio);
  return entries_sum(full_from - 1, ratio) + (c - full_from + 1) * limit;
}

Count chosen(Count c, Count ratio, Count limit) { return limit == 0 ? c / ratio : std::min(c / ratio, limit); }

/// Sum of keys(i) for i = 1 ... c.
Count keys_sum(const Span& span, Count c) {
  switch (span.kind) {
    case Span::Kind::full: return triangle(c);
    case Span::Kind::sliding: return sliding_sum(c, span.window);
    case Span::Kind::chunked: return chunked_sum(c, span.window);
    case Span::Kind::compressed: return chosen_sum(c, span.ratio, span.limit) + sliding_sum(c, span.window);
    case Span::Kind::state: return 0;
  }
  return 0;
}

}  // namespace

double Span::keys(std::int64_t context) const {
  if (context <= 0) return 0.0;
  switch (kind) {
    case Kind::full: return static_cast<double>(context);
    case Kind::sliding: return static_cast<double>(std::min(context, window));
    case Kind::chunked: return static_cast<double>((context - 1) % window + 1);
    case Kind::compressed: return static_cast<double>(chosen(context, ratio, limit) + std::min(context, window));
    case Kind::state: return 0.0;
  }
  return 0.0;
}

double Span::cached(std::int64_t context) const {
  if (context <= 0) return 0.0;
  switch (kind) {
    case Kind::full: return static_cast<double>(context);
    case Kind::sliding:
    // Engines page a chunk as they page a window of its size: blocks are freed only once no query can reach them.
    case Kind::chunked: return static_cast<double>(std::min(context, window));
    case Kind::compressed: return static_cast<double>(context / ratio + std::min(context, window));
    case Kind::state: return 0.0;
  }
  return 0.0;
}

double Span::pairs(std::int64_t tokens, std::int64_t context) const {
  if (tokens <= 0) return 0.0;
  return static_cast<double>(keys_sum(*this, context + tokens) - keys_sum(*this, context));
}

double Span::distinct(std::int64_t tokens, std::int64_t context) const {
  if (tokens <= 0) return 0.0;
  // The first query reaches back over window - 1 keys besides its own.
  const Count within_window = window == 0 ? 0 : std::min(context, window - 1) + tokens;
  switch (kind) {
    case Kind::full: return static_cast<double>(context + tokens);
    case Kind::sliding: return static_cast<double>(within_window);
    case Kind::chunked: return static_cast<double>(context % window + tokens);
    case Kind::compressed: {
      const Count picks = chosen_sum(context + tokens, ratio, limit) - chosen_sum(context, ratio, limit);
      return static_cast<double>(std::min((context + tokens) / ratio, picks) + within_window);
    }
    case Kind::state: return 0.0;
  }
  return 0.0;
}

void add_decode(const Model& model, Step& step, std::int64_t context) {
  assert(model.spans.size() <= spans_max && context >= 1);
  ++step.decode_sequences;
  ++step.sampled_sequences;
  step.context_tokens += context;
  const std::int64_t drafts = model.speculation ? model.speculation->tokens : 0;
  step.draft_tokens += drafts;
  step.context_tokens += drafts;
  for (std::size_t i = 0; i < model.spans.size(); ++i) {
    const Span& span = model.spans[i];
    const double keys = drafts == 0 ? span.keys(context) : span.distinct(1 + drafts, context - 1);
    step.spans[i].decode_keys += keys;
    if (drafts > 0) step.spans[i].draft_pairs += span.pairs(1 + drafts, context - 1) - keys;
  }
}

void add_prefill(const Model& model, Step& step, std::int64_t tokens, std::int64_t context, bool sampled) {
  assert(model.spans.size() <= spans_max && tokens >= 1 && context >= 0);
  ++step.prefill_sequences;
  if (sampled) ++step.sampled_sequences;
  step.prefill_tokens += tokens;
  step.context_tokens += context + tokens;
  for (std::size_t i = 0; i < model.spans.size(); ++i) {
    step.spans[i].prefill_keys += model.spans[i].distinct(tokens, context);
    step.spans[i].prefill_pairs += model.spans[i].pairs(tokens, context);
  }
}

}  // namespace plumb::model
