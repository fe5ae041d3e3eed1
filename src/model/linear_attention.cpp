// Gated linear attention: Gated DeltaNet (arXiv 2412.06464; Qwen3-Next, Qwen 3.5) and Kimi Delta Attention (arXiv
// 2510.26692). The past is a state S of key_width x value_width for each head of the values:
//   S <- a S (I - b k k^T) + b v k^T,  o = S q.

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// Channels of the short convolution on a rank: q, k and v.
std::int64_t channels(const Mixer& mixer, const Parallelism& parallelism) {
  return 2 * share(mixer.kv_heads, parallelism) * mixer.key_width + share(mixer.heads, parallelism) * mixer.value_width;
}

}  // namespace

Weights linear_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism) {
  const std::int64_t heads = share(mixer.heads, parallelism);
  const std::int64_t values = heads * mixer.value_width;
  const std::int64_t mixed = channels(mixer, parallelism) + (mixer.output_gate ? values : 0);

  Weights weights;
  std::vector<Matrix>& matrices = weights.matrices;
  matrices.push_back(
      {.name = mixer.output_gate ? "q, k, v, z" : "q, k, v", .part = Part::attention, .k = model.hidden, .n = mixed});
  weights.vectors = channels(mixer, parallelism) * mixer.conv_width + heads;
  if (mixer.gate_rank == 0) {
    matrices.push_back({.name = "b, a", .part = Part::attention, .k = model.hidden, .n = 2 * heads});
    weights.vectors += heads;
  } else {
    matrices.push_back({.name = "b", .part = Part::attention, .k = model.hidden, .n = heads});
    matrices.push_back({.name = "decay down", .part = Part::attention, .k = model.hidden, .n = mixer.gate_rank});
    matrices.push_back(
        {.name = "decay up", .part = Part::attention, .k = mixer.gate_rank, .n = heads * mixer.key_width});
    weights.vectors += heads * mixer.key_width;
  }
  matrices.push_back({.name = "output",
                      .part = Part::attention,
                      .k = values,
                      .n = model.hidden,
                      .bias = mixer.output_bias ? model.hidden : 0,
                      .after = true});
  return weights;
}

void add_linear(const Setting& setting, const Mixer& mixer, Operators& to) {
  const Weights weights = linear_weights(setting.model, mixer, setting.parallelism);
  const std::int64_t heads = share(mixer.heads, setting.parallelism);
  // Per number of the state: decay (1), its answer to k (2), the outer product added (2), its answer to q (2).
  const double operations = 7.0 * static_cast<double>(heads * mixer.key_width * mixer.value_width);

  add_matrices(setting, weights, false, to);
  add_elementwise(setting, "short convolution", 2 * channels(mixer, setting.parallelism), to);
  to.push_back({.name = "delta rule",
                .family = Family::state,
                .count = 1.0,
                .compute = setting.activation,
                .activation_bits = format_bits(setting.activation),
                .spread = setting.parallelism.data,
                .shape = StateUpdate{state_bytes(setting, mixer), operations}});
  // Reads the output and its gate, writes the product.
  add_elementwise(setting, "gated norm", (mixer.output_gate ? 3 : 2) * heads * mixer.value_width, to);
  add_matrices(setting, weights, true, to);
  add_all_reduce(setting, to);
}

}  // namespace plumb::model
