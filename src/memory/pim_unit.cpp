#include "memory/pim_unit.h"

#include <algorithm>
#include <limits>

#include "memory/specification.h"
#include "memory/timing_state.h"

namespace plumb::memory {

std::string_view pim_placement_name(PimPlacement placement) {
  switch (placement) {
    case PimPlacement::bank: return "bank";
    case PimPlacement::bank_pair: return "bank_pair";
    case PimPlacement::bank_group: return "bank_group";
    case PimPlacement::buffer: return "buffer";
    case PimPlacement::logic_die: return "logic_die";
  }
  return "";
}

std::string_view pim_format_name(PimFormat format) { return format == PimFormat::fp16 ? "fp16" : "bf16"; }

int pim_units(const Specification& of) {
  const Organisation& o = of.organisation;
  switch (of.pim ? of.pim->placement : PimPlacement::buffer) {
    case PimPlacement::bank: return o.banks_per_pseudo_channel();
    case PimPlacement::bank_pair: return o.banks_per_pseudo_channel() / 2;
    case PimPlacement::bank_group: return o.bank_groups * o.ranks;
    case PimPlacement::buffer:
    case PimPlacement::logic_die: return 1;
  }
  return 1;
}

PimInterval pim_interval(const Specification& of) {
  const int compute = of.command(Does::compute);
  TimingState timing(of);
  const TimingState& untouched = timing;
  timing.issue(compute, untouched.first_bank(compute, 0), 0);
  PimInterval interval{timing.earliest(compute, 0, 0), std::numeric_limits<std::int64_t>::max()};
  for (int bank = 0; bank < of.organisation.banks_per_pseudo_channel(); ++bank)
    interval.other = std::min(interval.other, timing.earliest(compute, bank, 0));
  return interval;
}

double pim_bandwidth_multiple(const Specification& of) {
  const TimingState timing(of);
  int banks = 0;
  timing.for_each_bank(of.command(Does::compute), 0, [&](int) { ++banks; });
  return static_cast<double>(banks) * static_cast<double>(of.burst) / static_cast<double>(pim_interval(of).other);
}

}  // namespace plumb::memory
