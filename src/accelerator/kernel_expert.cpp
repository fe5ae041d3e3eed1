#include "accelerator/kernel_expert.h"

#include "accelerator/kernel_norm.h"

namespace plumb::accelerator {

ExpertParameters expert_parameters(const catalog::KernelFamily& family, std::span<const double> values) {
  ExpertParameters parameters;
  parameters.share = family.value(values, "share");
  parameters.bandwidth = family.value(values, "bandwidth");
  parameters.half_depth = family.value(values, "half_depth");
  parameters.overlap = family.value(values, "overlap");
  parameters.launch_s = family.value(values, "launch");
  parameters.gather_s = family.value(values, "gather");
  return parameters;
}

KernelTime expert_time(const ExpertParameters& parameters, double peak_flops_per_s, const ExpertWork& work) {
  KernelTime time;
  if (work.operations <= 0.0) return time;
  const double deeper = 1.0 + parameters.half_depth / work.depth;
  const double compute_s = work.operations * deeper / (parameters.share * peak_flops_per_s);
  const double both_s = joined(compute_s, work.memory_s, parameters.overlap);
  (compute_s >= work.memory_s ? time.compute_s : time.memory_s) = both_s;
  time.overhead_s = work.runs * parameters.launch_s + work.gathered * parameters.gather_s;
  return time;
}

}  // namespace plumb::accelerator
