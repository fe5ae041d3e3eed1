#pragma once
// The time of attention for m prefill chunks of N new tokens in all, over a context, with H query heads and K heads of
// keys of width h, which score Q pairs:
//
//   t = t_0 + max(
//         m H b + 2 H (d_k + d_v) (Q + N (l + l_w [window])) (1 + h_0 / h) / (e P),
//         (Q / N) h d,
//         B / W)
//       + N (s_t + K (d_k + d_v) s)
//
//   t_0 `launch`         the smallest
//   b `chunk`            each chunk and head begins a tile of its own
//   e `share`, h_0 `half_width`   share of the peak P that is reached with wide heads; a pair costs its exponential as
//                        well, whatever the width, as h_0 more numbers of width would
//   l `diagonal`, l_w `window`    pairs that each token scores in vain, in tiles that the mask cuts, and what a tile's
//                        beginning and end cost, as so many pairs: half of the share is reached where a token sees l
//   d `chain`            a tile of queries walks along its keys, however few tiles there are
//   s_t `token`, s `store`   to put a token's keys and values into the cache, and one number of them, which benchmarks
//                        of whole layers have in their times
//
// (d_k + d_v) is 2 h. As e <= 1, no time is below max(F / P, B / W) with F = 2 H (d_k + d_v) Q.

#include <span>

#include "accelerator/kernel_attention.h"
#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct PrefillAttentionParameters {
  double launch_s = 0.0, chunk_s = 0.0;
  double share = 1.0, half_width = 0.0;
  double diagonal = 0.0, window = 0.0;
  double chain_s = 0.0, token_s = 0.0, store_s = 0.0;
  double bandwidth = 1.0;  ///< share of W that reading gets; in no table is prefill bound by it
};
/// Of values of the family "attention_prefill" or "mla_prefill", in its order.
PrefillAttentionParameters prefill_attention_parameters(const catalog::KernelFamily& family,
                                                        std::span<const double> values);

/// What a step has of prefill chunks.
struct PrefillWork {
  double chunks = 0.0, tokens = 0.0;
  double pairs = 0.0, keys = 0.0;
};

/// Parts of the time; they add up to it.
struct PrefillTime {
  double compute_s = 0.0, memory_s = 0.0, overhead_s = 0.0;
  double seconds() const { return compute_s + memory_s + overhead_s; }
};

/// `work` has at least one token.
PrefillTime prefill_attention_time(const PrefillAttentionParameters& parameters, const AttentionShape& shape,
                                   const AttentionMachine& machine, const PrefillWork& work);

}  // namespace plumb::accelerator
