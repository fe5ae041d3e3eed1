#include "accelerator/kernel_collective.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string_view>

namespace plumb::accelerator {
namespace {

using Kind = model::Collective::Kind;

/// Families of libraries' kernels for a kind.
std::span<const std::string_view> families_of(Kind kind) {
  static constexpr std::array<std::string_view, 2> all_reduce{"all_reduce", "custom_all_reduce"};
  static constexpr std::array<std::string_view, 1> all_gather{"all_gather"}, reduce_scatter{"reduce_scatter"};
  static constexpr std::array<std::string_view, 2> all_to_all{"exchange", "exchange_low_latency"};
  switch (kind) {
    case Kind::all_reduce: return all_reduce;
    case Kind::all_gather: return all_gather;
    case Kind::reduce_scatter: return reduce_scatter;
    case Kind::all_to_all: return all_to_all;
    case Kind::send: break;
  }
  return {};
}

}  // namespace

CollectiveParameters collective_parameters(const catalog::KernelFamily& family, std::span<const double> values) {
  CollectiveParameters parameters;
  parameters.launch_s = family.value(values, "launch");
  parameters.hop_s = family.value(values, "hop");
  parameters.share = family.value(values, "share");
  parameters.crowding = family.value(values, "crowding");
  parameters.fill_s = family.value(values, "fill");
  parameters.filling_s = family.value(values, "filling");
  return parameters;
}

double measured_collective_s(const CollectiveParameters& parameters, int ranks, double bound_s) {
  constexpr double doublings_most = 2.0;
  if (bound_s <= 0.0 || ranks <= 1) return 0.0;
  const double doublings = std::min(doublings_most, std::log2(static_cast<double>(ranks) / 2.0));
  const double slower = std::max(1.0, std::pow(parameters.crowding, doublings) / parameters.share);
  return parameters.launch_s + static_cast<double>(ranks - 2) * parameters.hop_s + bound_s * slower +
         parameters.fill_s * bound_s / (bound_s + parameters.filling_s);
}

double distinct_ranks(int ranks, double copies) {
  return static_cast<double>(ranks) * (1.0 - std::pow(1.0 - 1.0 / ranks, copies));
}

CollectiveKernels::CollectiveKernels(const Machine& machine, const model::Collective& shape, const Wire& inside)
    : shape_(shape), wire_(inside) {
  if (shape.ranks > machine.domain_ranks) return;
  for (const std::string_view family : families_of(shape.kind)) {
    const catalog::KernelFit* fit = machine.fit(family, NumberFormat::bf16, format_bits(NumberFormat::bf16));
    if (fit == nullptr || fit->evidence != Evidence::measured) continue;
    const auto copies = static_cast<double>(shape.copies);
    const double sent = family == "exchange" && copies > 1.0 ? distinct_ranks(shape.ranks, copies) / copies : 1.0;
    kernels_.push_back({collective_parameters(*fit->family, fit->values), sent});
  }
}

double CollectiveKernels::bound_s(double message_bytes) const {
  double least_s = std::numeric_limits<double>::infinity();
  for (const Kernel& kernel : kernels_)
    least_s = std::min(least_s, wire_bound_s(shape_.kind, shape_.ranks, kernel.sent_share * message_bytes, wire_));
  return least_s;
}

double CollectiveKernels::seconds(double message_bytes) const {
  double fastest_s = std::numeric_limits<double>::infinity();
  for (const Kernel& kernel : kernels_) {
    const double least_s = wire_bound_s(shape_.kind, shape_.ranks, kernel.sent_share * message_bytes, wire_);
    const double seconds = measured_collective_s(kernel.parameters, shape_.ranks, least_s);
    assert(seconds >= least_s);
    fastest_s = std::min(fastest_s, seconds);
  }
  return fastest_s;
}

}  // namespace plumb::accelerator
