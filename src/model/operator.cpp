#include "model/operator.h"

#include <cmath>

#include "model/expert_loads.h"

namespace plumb::model {
namespace {

/// Bytes of `numbers` numbers of `bits` each.
double bytes(double numbers, double bits) { return numbers * bits / 8.0; }

/// Distinct experts of a rank that T tokens reach: E (1 - (1 - k / E_total)^T), every choice equally likely.
/// In logarithms, so that one token of many experts loses no digits.
double distinct_experts(const ExpertGemm& shape, double tokens) {
  if (shape.loads) return shape.loads->reached(tokens);
  const double chance = static_cast<double>(shape.per_token) / static_cast<double>(shape.experts_total);
  const auto held = static_cast<double>(shape.experts);
  return chance >= 1.0 ? held : -held * std::expm1(tokens * std::log1p(-chance));
}

/// What the fullest of `ranks` has of `count` things that are shared as evenly as can be.
double fullest(double count, int ranks) { return ranks == 1 ? count : std::ceil(count / ranks); }

/// The share of the whole that this is.
double fullest_share(double count, int ranks) {
  if (ranks == 1) return 1.0;
  return count > 0.0 ? fullest(count, ranks) / count : 0.0;
}

/// Work of one run; work_of multiplies by the count.
struct OneRun {
  const Operator& op;
  const Step& step;

  Work operator()(const Gemm& shape) const {
    Work work;
    work.rows = rows_of(shape.rows, shape.span, step, op.spread);
    const auto k = static_cast<double>(shape.k), n = static_cast<double>(shape.n);
    const auto batch = static_cast<double>(shape.batch);
    work.operations = 2.0 * work.rows * k * n * batch;
    work.weight_bytes = bytes(k * n * batch, op.weight_bits);
    work.activation_bytes = bytes(work.rows * (k + n) * batch, op.activation_bits);
    return work;
  }

  Work operator()(const ExpertGemm& shape) const {
    Work work;
    // What fills a step up is one token over and over, which reaches few experts: none are counted for it.
    const auto tokens = static_cast<double>(step.tokens());
    work.rows = shape.loads ? shape.loads->rows(tokens)
                            : tokens * static_cast<double>(shape.per_token) * static_cast<double>(shape.experts) /
                                  static_cast<double>(shape.experts_total);
    const auto k = static_cast<double>(shape.k), n = static_cast<double>(shape.n);
    work.operations = 2.0 * work.rows * k * n;
    work.weight_bytes = bytes(distinct_experts(shape, tokens) * k * n, op.weight_bits);
    work.activation_bytes = bytes(work.rows * (k + n), op.activation_bits);
    return work;
  }

  Work operator()(const Attention& shape) const {
    const AttentionCounts counts = attention_counts(shape, op.spread, step);
    const AttentionRates rates = attention_rates(shape, op.activation_bits);
    Work work;
    work.rows = counts.rows;
    work.operations = rates.operations_per_pair *
                      (counts.decode_share * counts.decode_pairs + counts.prefill_share * counts.prefill_pairs);
    work.cache_bytes = rates.cache_bytes_per_key *
                       (counts.decode_share * counts.decode_keys + counts.prefill_share * counts.prefill_keys);
    work.activation_bytes = rates.activation_bytes_per_row * counts.rows;
    return work;
  }

  Work operator()(const StateUpdate& shape) const {
    Work work;
    work.rows = fullest(static_cast<double>(step.tokens()), op.spread);
    work.operations = shape.operations_per_token * work.rows;
    const double sequences = fullest(static_cast<double>(step.sequences()), op.spread);
    const double drafts = fullest(static_cast<double>(step.draft_tokens), op.spread);
    work.cache_bytes = (2.0 * sequences + drafts) * shape.state_bytes;
    return work;
  }

  Work operator()(const Elementwise& shape) const {
    Work work;
    work.rows = rows_of(Rows::tokens, 0, step, op.spread);
    work.activation_bytes = shape.bytes_per_token * shape.kernels * work.rows;
    work.launches = shape.kernels;
    return work;
  }

  Work operator()(const Collective& shape) const {
    Work work;
    work.rows = rows_of(shape.rows, 0, step, op.spread);
    work.sent_bytes = shape.bytes_per_token * work.rows;
    return work;
  }
};

}  // namespace

Step step_again(const Step& step) {
  Step seen;
  seen.decode_sequences = seen.sampled_sequences = step.sampled_sequences;
  seen.context_tokens = step.context_tokens;
  for (std::size_t i = 0; i < spans_max; ++i) seen.spans[i].decode_keys = step.spans[i].decode_keys;
  return seen;
}

double rows_of(Rows rows, std::size_t span, const Step& step, int spread) {
  switch (rows) {
    case Rows::tokens: return fullest(static_cast<double>(step.tokens() + step.padding_tokens), spread);
    case Rows::sampled: return fullest(static_cast<double>(step.sampled_tokens()), spread);
    case Rows::drafting: return fullest(static_cast<double>(step.sampled_sequences), spread);
    case Rows::decode: return fullest(static_cast<double>(step.decode_tokens()), spread);
    case Rows::prefill_context:
      return fullest_share(static_cast<double>(step.prefill_tokens), spread) * step.spans[span].prefill_keys;
  }
  return 0.0;
}

AttentionRates attention_rates(const Attention& shape, double activation_bits) {
  const double width = static_cast<double>(shape.heads) * static_cast<double>(shape.key_width + shape.value_width);
  return {2.0 * width, shape.key_bytes, bytes(width, activation_bits)};
}

AttentionCounts attention_counts(const Attention& shape, int spread, const Step& step) {
  const SpanSums& sums = step.spans[shape.span];
  AttentionCounts counts;
  if (shape.phase != Attention::Phase::prefill) {
    counts.decode_share = fullest_share(static_cast<double>(step.decode_sequences), spread);
    counts.decode_pairs = sums.decode_keys + sums.draft_pairs;
    counts.decode_keys = sums.decode_keys;
    counts.decode_sequences = fullest(static_cast<double>(step.decode_sequences), spread);
    counts.decode_rows = fullest(static_cast<double>(step.decode_tokens()), spread);
    counts.rows += counts.decode_rows;
  }
  if (shape.phase != Attention::Phase::decode) {
    const auto tokens = static_cast<double>(step.prefill_tokens);
    counts.prefill_share = fullest_share(tokens, spread);
    counts.prefill_pairs = sums.prefill_pairs;
    counts.prefill_keys = sums.prefill_keys;
    counts.chunks = fullest(static_cast<double>(step.prefill_sequences), spread);
    counts.prefill_rows = fullest(tokens, spread);
    counts.rows += counts.prefill_rows;
  }
  return counts;
}

Work work_of(const Operator& op, const Step& step) {
  Work work = op.again ? std::visit(OneRun{op, step_again(step)}, op.shape) : std::visit(OneRun{op, step}, op.shape);
  if (work.rows == 0.0) return {};
  if (work.launches == 0.0) work.launches = 1.0;
  work.operations *= op.count;
  work.weight_bytes *= op.count;
  work.cache_bytes *= op.count;
  work.activation_bytes *= op.count;
  work.sent_bytes *= op.count;
  work.launches *= op.count;
  return work;
}

}  // namespace plumb::model
