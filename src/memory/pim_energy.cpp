#include "memory/pim_energy.h"

#include "memory/timing_state.h"

namespace plumb::memory {

PimEnergy pim_energy(const Specification& of, const PimRun& run) {
  const Energy& e = *of.energy;
  constexpr double bits_per_byte = 8.0;
  const double bits = bits_per_byte * of.organisation.access_bytes;
  const TimingState timing(of);
  PimEnergy energy;
  EnergyParts& parts = energy.memory;
  const auto outside = [&](double count, const Energy::PerBit& per_bit) {
    parts.column_path += count * bits * per_bit.column_path;
    parts.tsv += count * bits * per_bit.tsv;
    parts.io += count * bits * per_bit.io;
  };
  for (std::size_t i = 0; i < run.commands.size(); ++i) {
    const auto count = static_cast<double>(run.commands[i]);
    if (count == 0) continue;
    double banks = 0;
    timing.for_each_bank(static_cast<int>(i), 0, [&](int) { ++banks; });
    switch (of.commands[i].does) {
      case Does::activate:
      case Does::activate_all: parts.activation += count * banks * e.activation; break;
      case Does::compute:
        parts.cell += count * banks * bits * e.read.cell;
        parts.column_path += count * banks * bits * of.pim->path_j;
        energy.units += count * banks * of.pim->lanes * of.pim->operation_j;
        break;
      case Does::store: parts.cell += count * banks * bits * e.write.cell; break;
      case Does::read:
        parts.cell += count * bits * e.read.cell;
        outside(count, e.read);
        break;
      case Does::read_register: outside(count, e.read); break;
      case Does::write_register: outside(count, e.write); break;
      case Does::refresh: parts.refresh += count * banks * e.refresh; break;
      default: break;
    }
  }
  parts.standby = static_cast<double>(run.end) * of.tick_s() * e.standby_active;
  return energy;
}

}  // namespace plumb::memory
