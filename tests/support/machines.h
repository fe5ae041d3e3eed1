#pragma once
// Machines with round figures, so that expected times can be worked out by hand.

#include "accelerator/machine.h"

namespace plumb::test {

template <class T>
catalog::Figure<T> figure(T value, Evidence evidence = Evidence::datasheet) {
  return {value, evidence, "test", "", {}};
}

/// A class that loses nothing: no overhead, no padding, every share 1.
inline catalog::EfficiencyClass ideal_class() {
  catalog::EfficiencyClass efficiency;
  efficiency.name = "ideal";
  efficiency.gemm = efficiency.attention = efficiency.expert = efficiency.bandwidth = figure(1.0);
  efficiency.tile_rows = figure(1.0);
  efficiency.launch = efficiency.step_overhead = efficiency.sequence_overhead = figure(Seconds{});
  efficiency.memory_reserve = figure(0.0);
  return efficiency;
}

/// Losses of the size that real accelerators have.
inline catalog::EfficiencyClass lossy_class() {
  catalog::EfficiencyClass efficiency = ideal_class();
  efficiency.name = "lossy";
  efficiency.gemm = figure(0.7);
  efficiency.attention = figure(0.5);
  efficiency.expert = figure(0.5);
  efficiency.bandwidth = figure(0.85);
  efficiency.tile_rows = figure(64.0);
  efficiency.launch = figure(2.0 * microsecond);
  efficiency.step_overhead = figure(500.0 * microsecond);
  efficiency.sequence_overhead = figure(2.0 * microsecond);
  efficiency.memory_reserve = figure(0.02);
  return efficiency;
}

/// 1 PFLOP/s in bf16, 2 in fp8, 80 GB at 3 TB/s, 400 GB/s links in domains of 8.
inline accelerator::Machine machine(catalog::EfficiencyClass efficiency) {
  accelerator::Machine machine;
  machine.name = "test";
  machine.peak_flops_per_s[static_cast<std::size_t>(NumberFormat::bf16)] = 1e15;
  machine.peak_flops_per_s[static_cast<std::size_t>(NumberFormat::fp8)] = 2e15;
  machine.memory_bytes = 80e9;
  machine.memory_bytes_per_s = 3e12;
  machine.link_bytes_per_s = 400e9;
  machine.link_latency_s = 2e-6;
  machine.link_efficiency = 0.8;
  machine.domain_ranks = 8;
  machine.power_w = 700.0;
  machine.efficiency = std::move(efficiency);
  return machine;
}

}  // namespace plumb::test
