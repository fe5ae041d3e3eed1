#pragma once
// How an engine hands the operators of a step to an accelerator.
//
//   captured  operators are launched together as a CUDA graph (or a compiled program of fixed shape), which exists for
//             some numbers of tokens only. A step of T tokens runs that of the least size P(T) >= T: what works by
//             tokens has P(T) rows, the filling included; attention, states and the LM head have those of the step, and
//             so have routed experts, since the filling is one token over and over, which reaches few of them. A step
//             with more tokens than the largest size runs as it is; its operators are longer than their launch
//   eager     operators are launched one by one by the host: none is faster than its launch (eager_launch of the class)
//
// With D data-parallel groups each fills its own ceil(T / D) tokens.
//
// vLLM captures sizes 1, 2, 4, then every 8 up to 256 and every 16 up to the largest, min(2 max_num_seqs (1 + k), 512)
// and at most max_num_batched_tokens, k being the tokens of speculative decoding, rounded up to multiples of 1 + k;
// 1024 instead of 512 on Blackwell data-centre parts is not followed (vllm/config/vllm.py _set_cudagraph_sizes,
// compilation.py adjust_cudagraph_sizes_for_spec_decode, 2026). Steps with prefill use the same sizes
// (vllm/v1/cudagraph_dispatcher.py: piecewise graphs, attention between them).

#include <cstdint>
#include <vector>

namespace plumb::accelerator {

struct Launching {
  bool eager = false;
  std::vector<std::int64_t> capture_sizes;  ///< ascending; none: steps are not filled up

  /// P(T): tokens that a step of `tokens` runs with.
  std::int64_t padded(std::int64_t tokens) const;
};

/// The sizes that vLLM captures by default. All arguments at least 1.
std::vector<std::int64_t> default_capture_sizes(std::int64_t max_num_seqs, std::int64_t max_num_batched_tokens,
                                                std::int64_t tokens_per_sequence);

}  // namespace plumb::accelerator
