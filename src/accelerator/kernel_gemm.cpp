#include "accelerator/kernel_gemm.h"

#include <cstdint>

#include "accelerator/kernel_norm.h"

namespace plumb::accelerator {

GemmParameters gemm_parameters(const catalog::KernelFamily& family, std::span<const double> values) {
  GemmParameters parameters;
  parameters.share = family.value(values, "share");
  parameters.bandwidth = family.value(values, "bandwidth");
  parameters.half_depth = family.value(values, "half_depth");
  parameters.overlap = family.value(values, "overlap");
  parameters.launch_s = family.value(values, "launch");
  parameters.depth_latency_s = family.value(values, "depth_latency");
  parameters.quantise_s = family.value(values, "quantise");
  return parameters;
}

double padded_rows(double rows, double tile_rows) {
  if (rows <= tile_rows) return rows;
  const double tiles = rows / tile_rows;
  const auto whole = static_cast<double>(static_cast<std::int64_t>(tiles));  // std::ceil is a call on plain x86-64
  return (whole < tiles ? whole + 1.0 : whole) * tile_rows;
}

KernelTime gemm_time(const GemmParameters& parameters, double peak_flops_per_s, const GemmWork& work) {
  KernelTime time;
  if (work.rows <= 0.0) return time;
  const double deeper = 1.0 + parameters.half_depth / work.depth;
  const double padding = padded_rows(work.rows, parameters.tile_rows) / work.rows;
  const double compute_s = work.operations * padding * deeper / (parameters.share * peak_flops_per_s);
  const double both_s = joined(compute_s, work.memory_s, parameters.overlap);
  (compute_s >= work.memory_s ? time.compute_s : time.memory_s) = both_s;
  time.overhead_s = work.runs * (parameters.launch_s + work.depth * parameters.depth_latency_s) +
                    work.quantised * parameters.quantise_s;
  return time;
}

}  // namespace plumb::accelerator
