// The operators of a step: those of each layer of the stage, with what stands before the first and after the last.

#include <cassert>
#include <utility>

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

bool same_but_for_count(const Operator& a, const Operator& b) {
  return a.shape == b.shape && a.name == b.name && a.family == b.family && a.compute == b.compute &&
         a.weight_bits == b.weight_bits && a.activation_bits == b.activation_bits && a.spread == b.spread &&
         a.again == b.again && a.of_mixer == b.of_mixer;
}

/// Adds `times` runs of each of `some` to `all`, whose order is that of first appearance.
void merge(const Operators& some, double times, Operators& all) {
  for (const Operator& op : some) {
    bool known = false;
    for (Operator& other : all) {
      if (!same_but_for_count(op, other)) continue;
      other.count += times * op.count;
      known = true;
      break;
    }
    if (known) continue;
    all.push_back(op);
    all.back().count *= times;
  }
}

/// Adds the residual and normalises: reads the part's output and the residual, writes the sum and its norm.
void add_norm(const Setting& setting, Operators& to) {
  add_elementwise(setting, "residual and norm", 4 * setting.model.hidden, to);
}

Operator operator_of(const Setting& setting, const Matrix& matrix) {
  Operator op;
  op.name = matrix.name;
  op.count = 1.0;
  op.compute = setting.quantisation.activations_too && matrix.part != Part::rest && !matrix.dequantised
                   ? setting.format(matrix.part)
                   : setting.activation;
  op.weight_bits = setting.bits(matrix.part);
  op.activation_bits = format_bits(setting.activation);
  op.of_mixer = matrix.part == Part::attention;
  op.spread = setting.parallelism.data;
  if (matrix.per_token > 0) {
    op.family = Family::expert;
    op.shape = ExpertGemm{matrix.batch,     matrix.experts_total,
                          matrix.per_token, matrix.k,
                          matrix.n,         setting.loads_of(matrix.experts_total, matrix.per_token)};
  } else {
    op.shape = Gemm{matrix.rows, matrix.span, matrix.k, matrix.n, matrix.batch};
  }
  return op;
}

}  // namespace

void add_mixer(const Setting& setting, const Mixer& mixer, Operators& to) {
  switch (mixer.kind) {
    case Mixer::Kind::attention: return add_attention(setting, mixer, to);
    case Mixer::Kind::latent: return add_latent(setting, mixer, to);
    case Mixer::Kind::linear: return add_linear(setting, mixer, to);
    case Mixer::Kind::mamba: return add_mamba(setting, mixer, to);
    case Mixer::Kind::none: return;
  }
}

void add_layer(const Setting& setting, const Layer& layer, Operators& to) {
  if (layer.mixer.kind != Mixer::Kind::none) {
    add_norm(setting, to);
    add_mixer(setting, layer.mixer, to);
  }
  if (layer.feed_forward.kind != FeedForward::Kind::none) {
    add_norm(setting, to);
    add_feed_forward(setting, layer.feed_forward, to);
  }
}

void add_embedding(const Setting& setting, Operators& to) {
  add_elementwise(setting, "embedding", 2 * setting.model.hidden, to);
  add_all_reduce(setting, to);
}

void add_head(const Setting& setting, Rows rows, Operators& to) {
  const Model& model = setting.model;
  const int tensor = setting.parallelism.tensor;
  add_norm(setting, to);
  Weights head;
  head.matrices.push_back({.name = "LM head",
                           .part = Part::rest,
                           .k = model.hidden,
                           .n = (model.vocabulary + tensor - 1) / tensor,
                           .rows = rows});
  add_matrices(setting, head, false, to);
  add_collective(setting, "gather logits", Collective::Kind::all_gather, rows, tensor,
                 static_cast<double>(model.vocabulary), to);
}

void add_matrices(const Setting& setting, const Weights& weights, bool after, Operators& to) {
  for (const Matrix& matrix : weights.matrices) {
    if (matrix.after == after) to.push_back(operator_of(setting, matrix));
  }
}

void add_attention_over(const Setting& setting, std::string name, Attention shape, Operators& to) {
  const Span::Kind span = setting.model.spans[shape.span].kind;
  shape.windowed = span == Span::Kind::sliding || span == Span::Kind::chunked;
  // What MLA expands has just been written in the activations' format.
  const bool expanded = shape.latent && shape.phase == Attention::Phase::prefill;
  shape.cache_bits = format_bits(expanded ? setting.activation : setting.cache);
  // Kernels read a narrower cache as it is and multiply in the activations' format.
  to.push_back({.name = std::move(name),
                .family = Family::attention,
                .count = 1.0,
                .compute = setting.activation,
                .activation_bits = format_bits(setting.activation),
                .spread = setting.parallelism.data,
                .shape = shape});
}

void add_cache_write(const Setting& setting, std::int64_t numbers_per_token, double key_bytes, Operators& to) {
  add_elementwise(setting, "cache write", numbers_per_token, to, key_bytes);
  std::get<Elementwise>(to.back().shape).with_attention = true;
}

void add_elementwise(const Setting& setting, std::string name, std::int64_t numbers_per_token, Operators& to,
                     double bytes_per_token) {
  const double bytes = static_cast<double>(numbers_per_token) * setting.activation_bytes() + bytes_per_token;
  to.push_back({.name = std::move(name),
                .family = Family::elementwise,
                .count = 1.0,
                .compute = setting.activation,
                .activation_bits = format_bits(setting.activation),
                .spread = setting.parallelism.data,
                .shape = Elementwise{bytes, 1.0}});
}

void add_collective(const Setting& setting, std::string name, Collective::Kind kind, Rows rows, int ranks,
                    double numbers_per_token, Operators& to) {
  add_collective_over(setting, std::move(name), {kind, rows, ranks, numbers_per_token * setting.activation_bytes()},
                      setting.parallelism.data, to);
}

void add_collective_over(const Setting& setting, std::string name, Collective shape, int spread, Operators& to) {
  if (shape.ranks <= 1) return;
  to.push_back({.name = std::move(name),
                .family = Family::collective,
                .count = 1.0,
                .compute = setting.activation,
                .activation_bits = format_bits(setting.activation),
                .spread = spread,
                .shape = shape});
}

void add_all_reduce(const Setting& setting, Operators& to) {
  add_collective(setting, "all-reduce", Collective::Kind::all_reduce, Rows::tokens, setting.parallelism.tensor,
                 static_cast<double>(setting.model.hidden), to);
}

std::vector<Operator> operators(const Model& model, const Precision& precision, const Parallelism& parallelism,
                                int stage) {
  const Setting setting(model, precision, parallelism);
  const LayerRange range = layers_of(model, parallelism, stage);
  Operators all;
  const auto add = [&](double times, const auto& add_part) {
    Operators part;
    add_part(part);
    merge(part, times, all);
  };
  if (stage == 0) add(1.0, [&](Operators& to) { add_embedding(setting, to); });
  for (std::size_t i = range.first; i < range.last;) {
    // Runs of equal layers are common, so their operators are made once.
    std::size_t end = i + 1;
    while (end < range.last && model.layers[end] == model.layers[i]) ++end;
    add(static_cast<double>(end - i), [&](Operators& to) { add_layer(setting, model.layers[i], to); });
    i = end;
  }
  if (stage == parallelism.pipeline - 1) {
    add(1.0, [&](Operators& to) { add_head(setting, Rows::sampled, to); });
    add(1.0, [&](Operators& to) { add_drafter(setting, to); });
  } else {
    add(1.0, [&](Operators& to) {
      add_collective(setting, "send to next stage", Collective::Kind::send, Rows::tokens, 2,
                     static_cast<double>(model.hidden), to);
    });
  }
  return all;
}

}  // namespace plumb::model
