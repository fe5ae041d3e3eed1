#include "model/operator.h"

#include <cmath>

namespace plumb::model {
namespace {

/// Bytes of `numbers` numbers of `bits` each.
double bytes(double numbers, double bits) { return numbers * bits / 8.0; }

/// Distinct experts of a rank that T tokens reach: E (1 - (1 - k / E_total)^T), every choice equally likely.
/// In logarithms, so that one token of many experts loses no digits.
double distinct_experts(const ExpertGemm& shape, double tokens) {
  const double chance = static_cast<double>(shape.per_token) / static_cast<double>(shape.experts_total);
  const auto held = static_cast<double>(shape.experts);
  return chance >= 1.0 ? held : -held * std::expm1(tokens * std::log1p(-chance));
}

/// Work of one run; work_of multiplies by the count.
struct OneRun {
  const Operator& op;
  const Step& step;

  Work operator()(const Gemm& shape) const {
    Work work;
    work.rows = rows_of(shape.rows, shape.span, step);
    const auto k = static_cast<double>(shape.k), n = static_cast<double>(shape.n);
    const auto batch = static_cast<double>(shape.batch);
    work.operations = 2.0 * work.rows * k * n * batch;
    work.weight_bytes = bytes(k * n * batch, op.weight_bits);
    work.activation_bytes = bytes(work.rows * (k + n) * batch, op.activation_bits);
    return work;
  }

  Work operator()(const ExpertGemm& shape) const {
    Work work;
    const auto tokens = static_cast<double>(step.tokens());
    work.rows = tokens * static_cast<double>(shape.per_token) * static_cast<double>(shape.experts) /
                static_cast<double>(shape.experts_total);
    const auto k = static_cast<double>(shape.k), n = static_cast<double>(shape.n);
    work.operations = 2.0 * work.rows * k * n;
    work.weight_bytes = bytes(distinct_experts(shape, tokens) * k * n, op.weight_bits);
    work.activation_bytes = bytes(work.rows * (k + n), op.activation_bits);
    return work;
  }

  Work operator()(const Attention& shape) const {
    const AttentionCounts counts = attention_counts(shape, step);
    const AttentionRates rates = attention_rates(shape, op.activation_bits);
    Work work;
    work.rows = counts.rows;
    work.operations = rates.operations_per_pair * counts.pairs;
    work.cache_bytes = rates.cache_bytes_per_key * counts.keys;
    work.activation_bytes = rates.activation_bytes_per_row * counts.rows;
    return work;
  }

  Work operator()(const StateUpdate& shape) const {
    Work work;
    work.rows = static_cast<double>(step.tokens());
    work.operations = shape.operations_per_token * work.rows;
    work.cache_bytes = 2.0 * shape.state_bytes * static_cast<double>(step.sequences());
    return work;
  }

  Work operator()(const Elementwise& shape) const {
    Work work;
    work.rows = static_cast<double>(step.tokens());
    work.activation_bytes = shape.bytes_per_token * shape.kernels * work.rows;
    work.launches = shape.kernels;
    return work;
  }

  Work operator()(const Collective& shape) const {
    Work work;
    work.rows = rows_of(shape.rows, 0, step);
    work.sent_bytes = shape.bytes_per_token * work.rows;
    return work;
  }
};

}  // namespace

double rows_of(Rows rows, std::size_t span, const Step& step) {
  switch (rows) {
    case Rows::tokens: return static_cast<double>(step.tokens());
    case Rows::sampled: return static_cast<double>(step.sampled_sequences);
    case Rows::decode: return static_cast<double>(step.decode_sequences);
    case Rows::prefill_context: return step.spans[span].prefill_keys;
  }
  return 0.0;
}

AttentionRates attention_rates(const Attention& shape, double activation_bits) {
  const double width = static_cast<double>(shape.heads) * static_cast<double>(shape.key_width + shape.value_width);
  return {2.0 * width, shape.key_bytes, bytes(width, activation_bits)};
}

AttentionCounts attention_counts(const Attention& shape, const Step& step) {
  const SpanSums& sums = step.spans[shape.span];
  AttentionCounts counts;
  if (shape.phase != Attention::Phase::prefill) {
    counts = {sums.decode_keys, sums.decode_keys, static_cast<double>(step.decode_sequences)};
  }
  if (shape.phase != Attention::Phase::decode) {
    counts.rows += static_cast<double>(step.prefill_tokens);
    counts.pairs += sums.prefill_pairs;
    counts.keys += sums.prefill_keys;
  }
  return counts;
}

Work work_of(const Operator& op, const Step& step) {
  Work work = std::visit(OneRun{op, step}, op.shape);
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
