#include "accelerator/roofline.h"

#include <algorithm>
#include <cassert>
#include <cmath>

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
double seconds_per_byte(const Machine& machine, double share, const memory::Demand& demand) {
  return 1.0 / (machine.memory_sustains.used_share(share, demand) * machine.memory_bytes_per_s);
}

TimeSource source_of(const catalog::KernelFit* fit) {
  return fit != nullptr && fit->evidence == Evidence::measured ? TimeSource::fitted : TimeSource::transferred;
}

/// Activations are kept in 16 bits, so a product in a narrower format begins with bringing them into it.
bool quantises(const Machine::Rate& rate, const model::Operator& op) {
  return format_bits(rate.format) < op.activation_bits;
}

constexpr double rounding = 1e-12;

}  // namespace

double OperatorTime::seconds() const {
  double sum = 0.0;
  for (const double part : seconds_by_bound) sum += part;
  return sum;
}

double physical_bound_s(const Machine& machine, double peak_flops_per_s, const model::Work& work) {
  return std::max(work.operations / peak_flops_per_s, work.bytes() / machine.memory_bytes_per_s);
}

OperatorRoofline::OperatorRoofline(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                                   const OperatorDemands& demands)
    : peak_flops_per_s_(rate.flops_per_s),
      seconds_per_flop_(1.0 / (sustained_share(machine.efficiency, op.family) * rate.flops_per_s)),
      launch_s_(launch_of(machine.efficiency, op.family)),
      physical_seconds_per_flop_(1.0 / rate.flops_per_s),
      physical_seconds_per_byte_(1.0 / machine.memory_bytes_per_s) {
  take_bandwidth(machine, machine.efficiency.bandwidth.value, demands);
  if (!machine.efficiency.tile_edges.empty()) {
    tile_edges_ = machine.efficiency.tile_edges;
    units_ = machine.efficiency.concurrent_tiles->value;
    if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) product_ = *gemm;
    if (const auto* attention = std::get_if<model::Attention>(&op.shape))
      tiles_of_row_ = static_cast<double>(attention->kv_heads);
    return;
  }
  if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) take(machine, rate, op, demands, *gemm);
  if (const auto* gemm = std::get_if<model::ExpertGemm>(&op.shape)) take(machine, rate, op, demands, *gemm);
  const catalog::KernelFit* elementwise = machine.fit("elementwise", NumberFormat::bf16, 0.0);
  if (std::holds_alternative<model::Elementwise>(op.shape) && elementwise != nullptr) {
    take_bandwidth(machine, elementwise_parameters(*elementwise->family, elementwise->values).bandwidth, demands);
    source_ = source_of(elementwise);
  }
  if (std::holds_alternative<model::StateUpdate>(op.shape)) take_state(machine, demands);
}

void OperatorRoofline::take_state(const Machine& machine, const OperatorDemands& demands) {
  const catalog::KernelFit* fit = machine.fit("state", NumberFormat::bf16, format_bits(NumberFormat::bf16));
  if (fit == nullptr) return;
  const StateParameters parameters = state_parameters(*fit->family, fit->values);
  seconds_per_flop_ = 1.0 / (parameters.share * peak_flops_per_s_);
  launch_s_ = parameters.launch_s;
  take_bandwidth(machine, parameters.bandwidth, demands);
  source_ = source_of(fit);
}

void OperatorRoofline::take_bandwidth(const Machine& machine, double share, const OperatorDemands& demands) {
  seconds_per_weight_byte_ = seconds_per_byte(machine, share, demands.weights);
  seconds_per_cache_byte_ = seconds_per_byte(machine, share, demands.cache);
  seconds_per_activation_byte_ = seconds_per_byte(machine, share, demands.activations);
  same_share_ =
      seconds_per_weight_byte_ == seconds_per_cache_byte_ && seconds_per_weight_byte_ == seconds_per_activation_byte_;
}

void OperatorRoofline::take(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                            const OperatorDemands& demands, const model::Gemm& gemm) {
  const catalog::EfficiencyClass& efficiency = machine.efficiency;
  const auto k = static_cast<double>(gemm.k), columns = static_cast<double>(gemm.n * gemm.batch);
  Gemm equation{{.share = efficiency.gemm.value, .bandwidth = efficiency.bandwidth.value, .launch_s = launch_s_}, k};
  const catalog::KernelFit* fit = machine.fit("gemm", rate.format, op.weight_bits);
  if (fit != nullptr) {
    equation.parameters = gemm_parameters(*fit->family, fit->values);
    // Weights that are expanded on the way make kernels of their own.
    const bool as_measured = op.weight_bits >= format_bits(rate.format);
    if (const catalog::KernelGrid* grid = as_measured ? machine.grid(*fit) : nullptr)
      grid_ = grid->along_first(columns, k);
  }
  equation.parameters.tile_rows = efficiency.tile_rows.value;
  if (quantises(rate, op)) equation.quantised_per_row = op.count * k * static_cast<double>(gemm.batch);
  take_bandwidth(machine, equation.parameters.bandwidth, demands);
  source_ = source_of(fit);
  gemm_ = equation;
}

void OperatorRoofline::take(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                            const OperatorDemands& demands, const model::ExpertGemm& gemm) {
  const catalog::EfficiencyClass& efficiency = machine.efficiency;
  Expert equation{{.share = efficiency.expert.value, .bandwidth = efficiency.bandwidth.value, .launch_s = launch_s_},
                  static_cast<double>(gemm.k),
                  op.count * static_cast<double>(gemm.k + gemm.n)};
  const catalog::KernelFit* fit = machine.fit("expert", rate.format, op.weight_bits);
  if (fit != nullptr) equation.parameters = expert_parameters(*fit->family, fit->values);
  take_bandwidth(machine, equation.parameters.bandwidth, demands);
  source_ = source_of(fit);
  expert_ = equation;
}

KernelTime OperatorRoofline::kernel_time(const model::Work& work) const {
  if (expert_) {
    return expert_time(expert_->parameters, peak_flops_per_s_,
                       {.runs = work.launches,
                        .depth = expert_->depth,
                        .operations = work.operations,
                        .memory_s = memory_s(work),
                        .gathered = work.rows * expert_->gathered_per_row});
  }
  KernelTime time = gemm_time(gemm_->parameters, peak_flops_per_s_,
                              {.runs = work.launches,
                               .rows = work.rows,
                               .depth = gemm_->depth,
                               .operations = work.operations,
                               .memory_s = memory_s(work),
                               .quantised = work.rows * gemm_->quantised_per_row});
  if (const std::optional<double> beyond = grid_.value(work.rows)) {
    // Caches may have made a measurement faster than memory is; a step's weights are not in them.
    const double factor = std::max(std::exp(*beyond), physical_s(work) / time.seconds());
    time.compute_s *= factor;
    time.memory_s *= factor;
    time.overhead_s *= factor;
  }
  return time;
}

double OperatorRoofline::physical_s(const model::Work& work) const {
  return std::max(work.operations * physical_seconds_per_flop_, work.bytes() * physical_seconds_per_byte_);
}

double OperatorRoofline::fill(double rows) const {
  if (tile_edges_.empty() || rows <= 0.0) return 1.0;
  if (tiles_of_row_ > 0.0) return fill_of(tiles_of_row_ * rows, units_);
  if (product_.k == 0) return 1.0;
  return product_fill(rows, static_cast<double>(product_.k), static_cast<double>(product_.n),
                      static_cast<double>(product_.batch), tile_edges_, units_);
}

double OperatorRoofline::seconds(const model::Work& work) const {
  double seconds = 0.0;
  if (has_kernel()) {
    seconds = kernel_time(work).seconds();
  } else {
    seconds =
        std::max(work.operations * seconds_per_flop_, memory_s(work)) / fill(work.rows) + work.launches * launch_s_;
  }
  assert(seconds >= (1.0 - rounding) * physical_s(work));
  return seconds;
}

OperatorTime OperatorRoofline::time(const model::Work& work) const {
  OperatorTime time;
  const double on_memory_s = memory_s(work);
  KernelTime parts;
  if (has_kernel()) {
    parts = kernel_time(work);
  } else {
    const double on_compute_s = work.operations * seconds_per_flop_;
    (on_compute_s >= on_memory_s ? parts.compute_s : parts.memory_s) =
        std::max(on_compute_s, on_memory_s) / fill(work.rows);
    parts.overhead_s = work.launches * launch_s_;
  }
  time.at(Bound::compute) = parts.compute_s;
  time.at(Bound::overhead) = parts.overhead_s;
  if (parts.memory_s > 0.0) {
    const double scale = parts.memory_s / on_memory_s;
    time.at(Bound::weights) = scale * work.weight_bytes * seconds_per_weight_byte_;
    time.at(Bound::cache) = scale * work.cache_bytes * seconds_per_cache_byte_;
    time.at(Bound::activations) = scale * work.activation_bytes * seconds_per_activation_byte_;
  }
  return time;
}

TimeSource OperatorRoofline::source(const model::Work& work) const {
  return grid_.value(work.rows) ? TimeSource::interpolated : source_;
}

}  // namespace plumb::accelerator
