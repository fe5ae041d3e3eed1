#include "accelerator/roofline.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "accelerator/tiling.h"

namespace plumb::accelerator {
namespace {

double sustained_share(const catalog::EfficiencyClass& efficiency, model::Family family) {
  switch (family) {
    case model::Family::attention: return efficiency.attention.value;
    case model::Family::expert: return efficiency.expert.value;
    default: return efficiency.gemm.value;
  }
}

double launch_of(const catalog::EfficiencyClass& efficiency, model::Family family) {
  const auto& own = efficiency.elementwise_launch;
  return family == model::Family::elementwise && own ? own->value.value() : efficiency.launch.value.value();
}

/// 1 / (u W).
double seconds_per_byte(const Machine& machine, const memory::Demand& demand) {
  return 1.0 / (machine.bandwidth_share(demand) * machine.memory_bytes_per_s);
}

/// The whole number at or above a value that is not negative; std::ceil is a call on plain x86-64.
double whole(double value) {
  const auto truncated = static_cast<double>(static_cast<std::int64_t>(value));
  return truncated < value ? truncated + 1.0 : truncated;
}

}  // namespace

double OperatorTime::seconds() const {
  double sum = 0.0;
  for (const double part : seconds_by_bound) sum += part;
  return sum;
}

double physical_bound_s(const Machine& machine, double peak_flops_per_s, const model::Work& work) {
  return std::max(work.operations / peak_flops_per_s, work.bytes() / machine.memory_bytes_per_s);
}

OperatorRoofline::OperatorRoofline(const Machine& machine, double peak_flops_per_s, const model::Operator& op,
                                   const OperatorDemands& demands)
    : seconds_per_flop_(1.0 / (sustained_share(machine.efficiency, op.family) * peak_flops_per_s)),
      seconds_per_weight_byte_(seconds_per_byte(machine, demands.weights)),
      seconds_per_cache_byte_(seconds_per_byte(machine, demands.cache)),
      seconds_per_activation_byte_(seconds_per_byte(machine, demands.activations)),
      same_share_(seconds_per_weight_byte_ == seconds_per_cache_byte_ &&
                  seconds_per_weight_byte_ == seconds_per_activation_byte_),
      launch_s_(launch_of(machine.efficiency, op.family)),
      physical_seconds_per_flop_(1.0 / peak_flops_per_s),
      physical_seconds_per_byte_(1.0 / machine.memory_bytes_per_s) {
  if (!machine.efficiency.tile_edges.empty()) {
    tile_edges_ = machine.efficiency.tile_edges;
    units_ = machine.efficiency.concurrent_tiles.value;
    if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) product_ = *gemm;
    if (const auto* attention = std::get_if<model::Attention>(&op.shape))
      tiles_of_row_ = static_cast<double>(attention->kv_heads);
    return;
  }
  // Grouped products pad each expert's few rows too; where rows are few they are bound by memory, and where they are
  // many the class's share was taken from grouped products that include it.
  if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) {
    tile_rows_ = machine.efficiency.tile_rows.value;
    column_waves_ = whole(static_cast<double>(gemm->n * gemm->batch) / machine.efficiency.tile_columns.value) /
                    machine.efficiency.concurrent_tiles.value;
  }
}

double OperatorRoofline::fill(double rows) const {
  if (tile_edges_.empty() || rows <= 0.0) return 1.0;
  if (tiles_of_row_ > 0.0) return fill_of(tiles_of_row_ * rows, units_);
  if (product_.k == 0) return 1.0;
  return product_fill(rows, static_cast<double>(product_.k), static_cast<double>(product_.n),
                      static_cast<double>(product_.batch), tile_edges_, units_);
}

double OperatorRoofline::compute_s(const model::Work& work) const {
  const double ideal_s = work.operations * seconds_per_flop_;
  if (tile_rows_ == 0.0 || work.rows <= 0.0) return ideal_s;
  const double row_tiles = whole(work.rows / tile_rows_);
  const double padding = row_tiles * tile_rows_ / work.rows;
  const double waves = row_tiles * column_waves_;
  return ideal_s * padding * (waves > 1.0 ? whole(waves) / waves : 1.0);
}

double OperatorRoofline::seconds(const model::Work& work) const {
  const double bound_s = std::max(compute_s(work), memory_s(work)) / fill(work.rows);
  assert(bound_s >= (1.0 - 1e-12) * std::max(work.operations * physical_seconds_per_flop_,
                                             work.bytes() * physical_seconds_per_byte_));
  return bound_s + work.launches * launch_s_;
}

OperatorTime OperatorRoofline::time(const model::Work& work) const {
  OperatorTime time;
  const double on_compute_s = compute_s(work), on_memory_s = memory_s(work), stretch = 1.0 / fill(work.rows);
  if (on_compute_s >= on_memory_s) {
    time.at(Bound::compute) = on_compute_s * stretch;
  } else {
    time.at(Bound::weights) = work.weight_bytes * seconds_per_weight_byte_ * stretch;
    time.at(Bound::cache) = work.cache_bytes * seconds_per_cache_byte_ * stretch;
    time.at(Bound::activations) = work.activation_bytes * seconds_per_activation_byte_ * stretch;
  }
  time.at(Bound::overhead) = work.launches * launch_s_;
  return time;
}

}  // namespace plumb::accelerator
