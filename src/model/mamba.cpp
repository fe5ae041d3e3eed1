// Mamba-2 (arXiv 2405.21060; Nemotron-H). The past is a state h of value_width x key_width for each head:
//   h <- exp(dt A) h + dt x B^T,  y = h C + D x,  with B and C shared by the heads of a group.

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// Numbers of x (and of its gate z) on a rank.
std::int64_t inner(const Mixer& mixer, const Parallelism& parallelism) {
  return share(mixer.heads, parallelism) * mixer.value_width;
}

/// Channels of the short convolution on a rank: x, B and C.
std::int64_t channels(const Mixer& mixer, const Parallelism& parallelism) {
  return inner(mixer, parallelism) + 2 * repeated_share(mixer.groups, parallelism) * mixer.key_width;
}

}  // namespace

Weights mamba_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism) {
  const std::int64_t heads = share(mixer.heads, parallelism);
  const std::int64_t values = inner(mixer, parallelism);
  const std::int64_t n = values + channels(mixer, parallelism) + heads;

  Weights weights;
  weights.matrices.push_back(
      {.name = "z, x, B, C, dt", .part = Part::attention, .k = model.hidden, .n = n, .bias = mixer.bias ? n : 0});
  weights.matrices.push_back({.name = "output",
                              .part = Part::attention,
                              .k = values,
                              .n = model.hidden,
                              .bias = mixer.output_bias ? model.hidden : 0,
                              .after = true});
  weights.vectors = channels(mixer, parallelism) * (mixer.conv_width + 1) + 3 * heads;
  return weights;
}

void add_mamba(const Setting& setting, const Mixer& mixer, Operators& to) {
  const Weights weights = mamba_weights(setting.model, mixer, setting.parallelism);
  const std::int64_t values = inner(mixer, setting.parallelism);
  // Per number of the state: decay (1), the outer product added (2), its answer to C (2).
  const double operations = 5.0 * static_cast<double>(values * mixer.key_width);

  add_matrices(setting, weights, false, to);
  add_elementwise(setting, "short convolution", 2 * channels(mixer, setting.parallelism), to);
  to.push_back({.name = "state update",
                .family = Family::state,
                .count = 1.0,
                .compute = setting.activation,
                .activation_bits = format_bits(setting.activation),
                .spread = setting.parallelism.data,
                .shape = StateUpdate{state_bytes(setting, mixer), operations}});
  // Reads the output and its gate, writes the product.
  add_elementwise(setting, "gated norm", 3 * values, to);
  add_matrices(setting, weights, true, to);
  add_all_reduce(setting, to);
}

}  // namespace plumb::model
