#pragma once
// Attention in memories beside the accelerator, while the accelerator computes the products of the same layer's heads
// (q, k and v of those to come, the output of those that are done). With h heads of keys and values on a rank, head by
// head, a seconds of units and p seconds of products:
//
//   T = max(a, p) + min(a, p) / h        instead of a + p
//
// the longer of the two runs through, and of the shorter only one head's part is not hidden. It is what AttAcc calls
// attention-level pipelining (ASPLOS 2024; scale-snu/attacc_simulator@c600051 src/system.py). Where a model has several
// kinds of attention, each is beside the share of the products that its layers have. Prefill chunks of the same step
// stay with the accelerator, after it; their products count in p.
//
// Thread rule: plain data.

#include <algorithm>

namespace plumb::accelerator {

struct Overlap {
  double attention_s = 0.0, products_s = 0.0;
  double heads = 1.0;

  bool hides_attention() const { return attention_s < products_s; }
  double hidden_s() const { return std::min(attention_s, products_s) * (1.0 - 1.0 / heads); }
};

}  // namespace plumb::accelerator
