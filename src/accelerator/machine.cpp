#include "accelerator/machine.h"

#include <span>
#include <vector>

#include <fmt/format.h>

#include "accelerator/pim_memory.h"
#include "memory/fingerprint.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::accelerator {
namespace {

/// Formats that a product may run in instead, in order of preference. A narrow integer or float weight is expanded to a
/// wider format; bf16 and fp16 stand in for each other.
std::span<const NumberFormat> substitutes(NumberFormat wanted) {
  using enum NumberFormat;
  static constexpr std::array fp4_order{fp4, fp8, bf16, fp16};
  static constexpr std::array int4_order{int4, int8, bf16, fp16};
  static constexpr std::array fp8_order{fp8, bf16, fp16};
  static constexpr std::array int8_order{int8, bf16, fp16};
  static constexpr std::array bf16_order{bf16, fp16, tf32, fp32};
  static constexpr std::array fp16_order{fp16, bf16, tf32, fp32};
  static constexpr std::array tf32_order{tf32, fp32};
  static constexpr std::array fp32_order{fp32};
  switch (wanted) {
    case fp4: return fp4_order;
    case int4: return int4_order;
    case fp8: return fp8_order;
    case int8: return int8_order;
    case bf16: return bf16_order;
    case fp16: return fp16_order;
    case tf32: return tf32_order;
    case fp32: return fp32_order;
  }
  return fp32_order;
}

/// One of catalog::kernel_formats.
std::string_view format_of_fits(NumberFormat format, double weight_bits) {
  switch (format) {
    case NumberFormat::fp8: return weight_bits > format_bits(format) ? "fp8-block" : "fp8";
    case NumberFormat::int8: return "fp8";
    case NumberFormat::fp4:
    case NumberFormat::int4: return "fp4";
    default: return "bf16";
  }
}

/// Collects values and the evidence they rest on, and the names of those that are missing.
class Requirements {
 public:
  template <class T>
  T need(const catalog::Known<T>& figure, std::string_view name) {
    if (!figure) {
      missing_.emplace_back(name);
      return T{};
    }
    evidence_ = worse(evidence_, figure->evidence);
    return figure->value;
  }

  Evidence evidence() const { return evidence_; }
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  Evidence evidence_ = Evidence::measured;
  std::vector<std::string> missing_;
};

/// A memory as the accelerator runs it. An error that has no place is of the accelerator's file, which names the
/// memory.
Result<memory::Specification> run_by(const catalog::EfficiencyClass& efficiency, const catalog::Accelerator& of,
                                     Result<memory::Specification> found) {
  if (found) return memory::as_run_by(efficiency, *std::move(found));
  if (!found.error().place.file.empty()) return found;
  Error error = std::move(found).error();
  error.place = of.memory_place;
  return fail(std::move(error));
}

Result<MemorySustains> sustains_of(const catalog::Catalog& catalog, const catalog::Accelerator& accelerator,
                                   const catalog::EfficiencyClass& efficiency) {
  MemorySustains sustains;
  const std::string& own = accelerator.specification();
  const std::string& sold_with = accelerator.sold_with.empty() ? own : accelerator.sold_with;
  if (!memory::is_described(own, catalog)) return sustains;
  PLUMB_ASSIGN(memory::Specification found, run_by(efficiency, accelerator, memory::find_specification(own, catalog)));
  sustains.specification = std::make_shared<const memory::Specification>(std::move(found));
  sustains.own = std::make_shared<const memory::SustainedBandwidth>(
      memory::sustained_of(*sustains.specification, catalog.cache_folder()));
  if (!memory::is_described(sold_with, catalog)) return sustains;
  PLUMB_ASSIGN(const memory::Specification reference,
               run_by(efficiency, accelerator, memory::find_unedited_specification(sold_with, catalog)));
  const bool same = memory::fingerprint(reference) == memory::fingerprint(*sustains.specification);
  sustains.reference_share =
      same ? sustains.own->streamed() : memory::sustained_of(reference, catalog.cache_folder()).streamed();
  return sustains;
}

}  // namespace

std::optional<Machine::Rate> Machine::rate(NumberFormat wanted) const {
  for (const NumberFormat format : substitutes(wanted)) {
    if (const auto& peak = peak_flops_per_s[static_cast<std::size_t>(format)]) return Rate{format, *peak};
  }
  return std::nullopt;
}

const catalog::KernelFit* Machine::fit(std::string_view family, NumberFormat format, double weight_bits) const {
  return kernels.find(family, format_of_fits(format, weight_bits));
}

const catalog::KernelGrid* Machine::grid(const catalog::KernelFit& fit) const {
  // A class's grid would be that of no accelerator.
  return grids && fit.evidence == Evidence::measured ? grids->find(fit.family->name, fit.format) : nullptr;
}

Result<Machine> resolve(const catalog::Catalog& catalog, const catalog::Accelerator& accelerator) {
  Machine machine;
  machine.name = accelerator.name;
  Requirements requirements;
  machine.memory_bytes = requirements.need(accelerator.memory_capacity, "memory.capacity").value();
  machine.memory_bytes_per_s = requirements.need(accelerator.memory_bandwidth, "memory.bandwidth").value();
  machine.memory_specification = accelerator.specification();
  PLUMB_ASSIGN(machine.pim, pim_of(catalog, accelerator));
  machine.power_w = requirements.need(accelerator.power, "power.design").value();

  Evidence evidence = requirements.evidence();
  for (const auto& [format, figure] : accelerator.compute) {
    machine.peak_flops_per_s[static_cast<std::size_t>(format)] = figure.value.value();
    evidence = worse(evidence, figure.evidence);
  }
  if (machine.pim) evidence = worse(evidence, machine.pim->specification().pim->evidence);
  std::vector<std::string> missing = requirements.missing();
  // Attention, and whatever a checkpoint keeps unquantised, multiplies in bf16 or wider.
  if (!machine.rate(NumberFormat::bf16)) missing.emplace_back("compute.bf16");
  if (!missing.empty()) {
    return fail(unmet_error(fmt::format("{}: not known: {}", accelerator.name, fmt::join(missing, ", ")),
                            fmt::format("these figures in [assume.{}] of the service file", accelerator.name)));
  }

  const catalog::EfficiencyClass* efficiency = catalog.efficiency_class(accelerator.efficiency_class);
  const catalog::Link* link = catalog.link(accelerator.link);
  if (efficiency == nullptr || link == nullptr) {
    return fail(input_error(accelerator.place,
                            fmt::format("{} names a class or link that is not in the catalog", accelerator.name)));
  }
  machine.efficiency = *efficiency;
  PLUMB_ASSIGN(machine.memory_sustains, sustains_of(catalog, accelerator, *efficiency));
  if (const catalog::Calibration* of_class = catalog.calibration(accelerator.efficiency_class))
    machine.kernels = of_class->kernels;
  if (const catalog::Calibration* own = catalog.calibration(accelerator.name)) {
    machine.kernels.override_with(own->kernels);
    PLUMB_ASSIGN(catalog::KernelGrids grids, own->grids());
    if (!grids.empty()) machine.grids = std::make_shared<const catalog::KernelGrids>(std::move(grids));
    if (evidence == Evidence::datasheet) evidence = Evidence::measured;
  }
  machine.domain_ranks = accelerator.scale_up_ranks;
  if (accelerator.link_bandwidth) machine.link_bytes_per_s = accelerator.link_bandwidth->value.value();
  if (link->latency) machine.link_latency_s = link->latency->value.value();
  if (link->exchange_latency) machine.exchange_latency_s = link->exchange_latency->value.value();
  machine.link_ring_only = link->ring_only;
  if (link->efficiency) machine.link_efficiency = link->efficiency->value;
  machine.evidence = evidence;
  return machine;
}

}  // namespace plumb::accelerator
