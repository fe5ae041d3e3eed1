#pragma once
// The time of a product of matrices, Y[m, n] = X[m, k] W[k, n].
//
//   t   = t_0 + k tau + (T_c^p + T_m^p)^(1/p) + m k c_q
//   T_c = 2 m' n k / (e P) (1 + k_half / k)
//   T_m = sum of B_i / (u_i W)
//
//   t_0     `launch`: the smallest product
//   tau     `depth_latency`: each tile of Y walks along k, however few tiles there are
//   e       `share` of the peak P of the format that deep products sustain
//   k_half  `half_depth`: the prologue and epilogue of a tile cost as much as k_half more of depth, so that e / 2 is
//           reached at k = k_half (Hockney's n_1/2)
//   m'      rows padded to whole tiles of `tile_rows` where there are more than one
//   p       `overlap` of computing and reading; 64 is max(T_c, T_m)
//   B_i     bytes of weights and activations, u_i the share of peak bandwidth W that they get (`bandwidth`)
//   c_q     `quantise`: activations are brought into a narrow format before the product; 0 if they need not be
//
// m' rests on Vidur's tables (docs/calibration.md): times jump at multiples of 128 rows. Rounding the tiles of Y up to
// whole waves makes the fits worse, so it is not done: libraries choose tiles and split k so that waves come out full.
// As e, u_i <= 1 and p >= 1, no time is below max(2 m n k / P, B / W).

#include <span>

#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct GemmParameters {
  double share = 1.0, bandwidth = 1.0, half_depth = 0.0, overlap = 64.0;
  double launch_s = 0.0, depth_latency_s = 0.0, quantise_s = 0.0;
  double tile_rows = 128.0;
};
/// Of values of the family "gemm", in its order.
GemmParameters gemm_parameters(const catalog::KernelFamily& family, std::span<const double> values);

/// What a kernel's time is made of; it is the sum.
struct KernelTime {
  double compute_s = 0.0, memory_s = 0.0;  ///< all of joined(T_c, T_m) is put down to the larger one
  double overhead_s = 0.0;
  double seconds() const { return compute_s + memory_s + overhead_s; }
};

/// `runs` products of one size. Operations, bytes and times are those of all runs together.
struct GemmWork {
  double runs = 1.0;
  double rows = 0.0;        ///< of one run
  double depth = 0.0;       ///< k
  double operations = 0.0;  ///< 2 m n k
  double memory_s = 0.0;    ///< T_m
  double quantised = 0.0;   ///< activations that are brought into a narrow format; 0: they need not be
};
KernelTime gemm_time(const GemmParameters& parameters, double peak_flops_per_s, const GemmWork& work);

/// Rows padded to whole tiles, if there are more than one tile has.
double padded_rows(double rows, double tile_rows);

}  // namespace plumb::accelerator
