#include "accelerator/machine.h"

#include <span>
#include <vector>

#include <fmt/format.h>

#include "accelerator/memory_swap.h"
#include "accelerator/pim_memory.h"

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

}  // namespace

std::optional<Machine::Rate> Machine::rate(NumberFormat wanted) const {
  for (const NumberFormat format : substitutes(wanted)) {
    if (const auto& peak = peak_flops_per_s[static_cast<std::size_t>(format)]) return Rate{format, *peak};
  }
  return std::nullopt;
}

Result<Machine> resolve(const catalog::Catalog& catalog, const catalog::Accelerator& accelerator) {
  Machine machine;
  machine.name = accelerator.name;
  Requirements requirements;
  machine.memory_bytes = requirements.need(accelerator.memory_capacity, "memory.capacity").value();
  machine.memory_bytes_per_s = requirements.need(accelerator.memory_bandwidth, "memory.bandwidth").value();
  machine.memory_specification = specification_of(accelerator);
  machine.sustained_factors = accelerator.sustained_factors;
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
  machine.domain_ranks = accelerator.scale_up_ranks;
  if (accelerator.link_bandwidth) machine.link_bytes_per_s = accelerator.link_bandwidth->value.value();
  if (link->latency) machine.link_latency_s = link->latency->value.value();
  if (link->exchange_latency) machine.exchange_latency_s = link->exchange_latency->value.value();
  if (link->efficiency) machine.link_efficiency = link->efficiency->value;
  machine.evidence = evidence;
  return machine;
}

}  // namespace plumb::accelerator
