#pragma once
// The time of a layer's recurrent state in a step (gated delta rule and the like):
//
//   t = t_0 + max(F / (e P), B / (u W))
//
//   t_0 `launch`; F operations of the recurrence as if done token by token, e the `share` of the peak P of the
//   activations' format: prompts go through in chunks, with more operations than F and smaller matrices than tensor
//   cores like, so e is small; B each sequence's state, read once and written once, u the share of the bandwidth W
//   (`bandwidth`, as of streamed weights: memory_share.h).
//
// As e, u <= 1, no time is below max(F / P, B / W). Only the delta rule was measured; Mamba-2's tables hold its
// convolution alone.

#include <span>

#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct StateParameters {
  double launch_s = 0.0, share = 1.0, bandwidth = 1.0;
};
/// Of values of the family "state", in its order.
inline StateParameters state_parameters(const catalog::KernelFamily& family, std::span<const double> values) {
  return {family.value(values, "launch"), family.value(values, "share"), family.value(values, "bandwidth")};
}

}  // namespace plumb::accelerator
