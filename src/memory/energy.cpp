#include "memory/energy.h"

#include <cassert>

namespace plumb::memory {
namespace {

double issued(const Specification& of, const ChannelCounters& counters, Does does, Does other) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < counters.commands.size(); ++i)
    if (of.commands[i].does == does || of.commands[i].does == other) count += counters.commands[i];
  return static_cast<double>(count);
}

}  // namespace

EnergyParts energy_of(const Specification& of, const ChannelCounters& counters) {
  assert(of.energy && counters.commands.size() <= of.commands.size());
  const Energy& energy = *of.energy;
  constexpr double bits_per_byte = 8.0;
  const double bits = bits_per_byte * of.organisation.access_bytes;
  const double read_bits = bits * issued(of, counters, Does::read, Does::read_and_precharge);
  const double write_bits = bits * issued(of, counters, Does::write, Does::write_and_precharge);
  EnergyParts parts;
  parts.activation = issued(of, counters, Does::activate, Does::activate) * energy.activation;
  parts.cell = read_bits * energy.read.cell + write_bits * energy.write.cell;
  parts.column_path = read_bits * energy.read.column_path + write_bits * energy.write.column_path;
  parts.tsv = read_bits * energy.read.tsv + write_bits * energy.write.tsv;
  parts.io = read_bits * energy.read.io + write_bits * energy.write.io;
  parts.refresh = static_cast<double>(counters.banks_refreshed) * energy.refresh;
  const double all = static_cast<double>(counters.end) * of.organisation.pseudo_channels * of.organisation.channels;
  const auto open = static_cast<double>(counters.active_ticks);
  parts.standby = of.tick_s() * (open * energy.standby_active + (all - open) * energy.standby_precharged);
  return parts;
}

}  // namespace plumb::memory
