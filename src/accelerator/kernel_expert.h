#pragma once
// The time of a grouped product: one projection [k, n] of the routed experts of a layer that live on one rank, R rows
// over the E_d experts that they reach.
//
//   t   = t_0 + (T_c^p + T_m^p)^(1/p) + R (k + n) c_a
//   T_c = 2 R k n / (e P) (1 + k_half / k)
//   T_m = (weights of E_d experts + activations) / (u W)
//
//   t_0     `launch`: one projection of the smallest size, with its part of routing and gathering
//   c_a     `gather`: rows are gathered before and scattered after, one element of one row
//   others  as in kernel_gemm.h
//
// Padding each expert's rows to whole tiles does not make the fits better, so it is left to the share. Imbalance is in
// E_d and in the rows of the fullest rank, which model/operator.h counts. As e, u <= 1 and p >= 1, no
// time is below max(2 R k n / P, B / W).

#include <span>

#include "accelerator/kernel_gemm.h"
#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct ExpertParameters {
  double share = 1.0, bandwidth = 1.0, half_depth = 0.0, overlap = 64.0;
  double launch_s = 0.0, gather_s = 0.0;
};
/// Of values of the family "expert", in its order.
ExpertParameters expert_parameters(const catalog::KernelFamily& family, std::span<const double> values);

/// `runs` grouped products of one size; operations, gathered elements and times are those of all together.
struct ExpertWork {
  double runs = 1.0;
  double depth = 0.0;       ///< k
  double operations = 0.0;  ///< 2 R k n
  double memory_s = 0.0;    ///< T_m
  double gathered = 0.0;    ///< R (k + n)
};
KernelTime expert_time(const ExpertParameters& parameters, double peak_flops_per_s, const ExpertWork& work);

}  // namespace plumb::accelerator
