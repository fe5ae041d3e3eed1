#pragma once
// What the kernels of attention over a cache have in common: the shape of one layer's attention on one rank, and what
// the machine gives it. A step runs two of them, one after the other: kernel_attention_decode.h for its decode
// sequences, kernel_attention_prefill.h for its chunks. Both have the same equation for keys and values of heads
// (families "attention_decode", "attention_prefill") and for latents (MLA: "mla_decode", "mla_prefill"), with
// parameters of their own.

#include "model/operator.h"

namespace plumb::accelerator {

/// Numbers of a key in which parameters that go with its width count.
inline constexpr double width_unit = 128.0;

struct AttentionShape {
  double heads = 0.0;
  double kv_heads = 1.0;
  double width = 0.0;                ///< h: the mean of key and value, in numbers
  double operations_per_pair = 0.0;  ///< of all heads
  double key_bytes = 0.0;            ///< of one cached key and its value, all heads
  double row_bytes = 0.0;            ///< of a query and its output, all heads
  bool windowed = false;
};
AttentionShape attention_shape(const model::Attention& attention, double activation_bits);

/// Peaks, and the seconds of a byte at the full bandwidth. Fitted shares of the bandwidth are of streamed weights, as
/// memory_share.h has them: what is asked of the memory instead gets `cache_factor` and `activation_factor` times that.
struct AttentionMachine {
  double peak_flops_per_s = 1.0;
  double memory_bytes_per_s = 1.0;
  double cache_factor = 1.0, activation_factor = 1.0;
  /// Seconds of a byte where `share` of the bandwidth is sustained; never below the peak's.
  double cache_byte_s(double share) const { return byte_s(share * cache_factor); }
  double activation_byte_s(double share) const { return byte_s(share * activation_factor); }

 private:
  double byte_s(double share) const { return 1.0 / ((share < 1.0 ? share : 1.0) * memory_bytes_per_s); }
};

}  // namespace plumb::accelerator
