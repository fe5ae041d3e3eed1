#include "accelerator/kernel_attention_prefill.h"

#include <algorithm>

namespace plumb::accelerator {

PrefillAttentionParameters prefill_attention_parameters(const catalog::KernelFamily& family,
                                                        std::span<const double> values) {
  PrefillAttentionParameters parameters;
  parameters.launch_s = family.value(values, "launch");
  parameters.chunk_s = family.value(values, "chunk");
  parameters.share = family.value(values, "share");
  parameters.half_width = family.value(values, "half_width");
  parameters.diagonal = family.value(values, "diagonal");
  parameters.window = family.value(values, "window");
  parameters.chain_s = family.value(values, "chain");
  parameters.token_s = family.value(values, "token");
  parameters.store_s = family.value(values, "store");
  return parameters;
}

PrefillTime prefill_attention_time(const PrefillAttentionParameters& parameters, const AttentionShape& shape,
                                   const AttentionMachine& machine, const PrefillWork& work) {
  const double in_vain = work.tokens * (parameters.diagonal + (shape.windowed ? parameters.window : 0.0));
  const double slower = 1.0 + parameters.half_width / shape.width;
  const double pair_s = shape.operations_per_pair * slower / (parameters.share * machine.peak_flops_per_s);
  const double tiles_s = work.chunks * shape.heads * parameters.chunk_s + (work.pairs + in_vain) * pair_s;
  const double chain_s = work.pairs / work.tokens * shape.width / width_unit * parameters.chain_s;
  const double memory_s = work.keys * shape.key_bytes * machine.cache_byte_s(parameters.bandwidth) +
                          work.tokens * shape.row_bytes * machine.activation_byte_s(parameters.bandwidth);
  PrefillTime time;
  const double stored = shape.kv_heads * 2.0 * shape.width;
  time.overhead_s = parameters.launch_s + work.tokens * (parameters.token_s + stored * parameters.store_s);
  const double longest_s = std::max({tiles_s, chain_s, memory_s});
  (memory_s >= longest_s ? time.memory_s : time.compute_s) = longest_s;
  return time;
}

}  // namespace plumb::accelerator
