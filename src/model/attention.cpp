// Multi-head, grouped-query and multi-query attention: its matrices and operators.

#include "model/layer_parts.h"

namespace plumb::model {

Weights attention_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism) {
  const std::int64_t heads = share(mixer.heads, parallelism);
  const std::int64_t kv_heads = mixer.shares_cache ? 0 : repeated_share(mixer.kv_heads, parallelism);
  const std::int64_t q = heads * mixer.key_width * (mixer.output_gate ? 2 : 1);
  const std::int64_t kv = kv_heads * (mixer.key_width + (mixer.keys_are_values ? 0 : mixer.value_width));

  Weights weights;
  std::vector<Matrix>& matrices = weights.matrices;
  if (mixer.q_rank == 0) {
    matrices.push_back(
        {.name = "q, k, v", .part = Part::attention, .k = model.hidden, .n = q + kv, .bias = mixer.bias ? q + kv : 0});
  } else {
    matrices.push_back({.name = "q down, k, v",
                        .part = Part::attention,
                        .k = model.hidden,
                        .n = mixer.q_rank + kv,
                        .bias = mixer.bias ? mixer.q_rank + kv : 0});
    matrices.push_back({.name = "q up", .part = Part::attention, .k = mixer.q_rank, .n = q});
  }
  add_indexer_weights(model, mixer, matrices);
  add_output_weights(model, mixer, parallelism, matrices);
  return weights;
}

void add_output_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism,
                        std::vector<Matrix>& matrices) {
  const std::int64_t bias = mixer.output_bias ? model.hidden : 0;
  const std::int64_t width = share(mixer.heads, parallelism) * mixer.value_width;
  if (mixer.output_rank == 0) {
    matrices.push_back(
        {.name = "output", .part = Part::attention, .k = width, .n = model.hidden, .bias = bias, .after = true});
    return;
  }
  const std::int64_t groups = share(mixer.output_groups, parallelism);
  matrices.push_back({.name = "output down",
                      .part = Part::attention,
                      .k = width / groups,
                      .n = mixer.output_rank,
                      .batch = groups,
                      .after = true});
  matrices.push_back({.name = "output up",
                      .part = Part::attention,
                      .k = groups * mixer.output_rank,
                      .n = model.hidden,
                      .bias = bias,
                      .after = true});
}

void add_attention(const Setting& setting, const Mixer& mixer, Operators& to) {
  const Weights weights = attention_weights(setting.model, mixer, setting.parallelism);
  const std::int64_t heads = share(mixer.heads, setting.parallelism);
  const std::int64_t kv_heads = repeated_share(mixer.kv_heads, setting.parallelism);
  const std::int64_t own_kv_heads = mixer.shares_cache ? 0 : kv_heads;
  const double key_bytes = entry_bytes(setting, mixer);

  add_matrices(setting, weights, false, to);
  // Read and written: every query and key.
  const std::int64_t turned = 2 * (heads + own_kv_heads) * mixer.key_width;
  if (mixer.query_key_norm) add_elementwise(setting, "query and key norm", turned, to);
  add_elementwise(setting, "rotary embedding", turned, to);
  if (!mixer.shares_cache) {
    const std::int64_t stored = kv_heads * (mixer.key_width + (mixer.stored_once ? 0 : mixer.value_width));
    add_cache_write(setting, stored, key_bytes, to);
  }
  add_indexer(setting, mixer, to);
  add_attention_over(setting, "attention",
                     {.span = mixer.span,
                      .heads = heads,
                      .key_width = mixer.key_width,
                      .value_width = mixer.value_width,
                      .key_bytes = key_bytes,
                      .kv_heads = kv_heads,
                      .kept = mixer.stored_once ? Attention::Kept::together : Attention::Kept::apart},
                     to);
  if (mixer.output_gate) add_elementwise(setting, "output gate", 3 * heads * mixer.value_width, to);
  add_matrices(setting, weights, true, to);
  add_all_reduce(setting, to);
}

}  // namespace plumb::model
