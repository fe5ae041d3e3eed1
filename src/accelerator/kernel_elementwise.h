#pragma once
// The time of norms, activations, residuals and embeddings: t = t_0 + B / (u W), B bytes read and written, u the share
// of peak bandwidth W that they get (`bandwidth`).
//
// `launch`, t_0 in tables, holds what it takes to time one kernel from the host; within a graph a launch is the
// class's, so the accelerator room takes only the bandwidth from a fit. As u <= 1 no time is below B / W.

#include <span>

#include "accelerator/kernel_gemm.h"
#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct ElementwiseParameters {
  double bandwidth = 1.0, launch_s = 0.0;
};
/// Of values of the family "elementwise", in its order.
ElementwiseParameters elementwise_parameters(const catalog::KernelFamily& family, std::span<const double> values);

/// `memory_s` is B / (u W).
inline KernelTime elementwise_time(const ElementwiseParameters& parameters, double runs, double memory_s) {
  return {.memory_s = memory_s, .overhead_s = runs * parameters.launch_s};
}

}  // namespace plumb::accelerator
