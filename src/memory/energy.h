#pragma once
// What the commands of a run cost in energy, by part. With n the commands issued over all channels, b the bits of an
// access, and e the specification's Energy:
//
//   activation    n(ACT) e.activation                                an activation with its precharge
//   cell          b (n(RD) e.read.cell + n(WR) e.write.cell)         and likewise
//   column path, TSV, I/O
//   refresh       banks refreshed * e.refresh
//   standby       t_open e.standby_active + (t_all - t_open) e.standby_precharged
//
// t_open is summed over pseudo-channels with a row open, t_all is the run's length times the pseudo-channels of the
// system. Reads that were answered from a waiting write cost nothing: no command was issued for them.

#include "memory/channel_counters.h"
#include "memory/specification.h"

namespace plumb::memory {

/// In joules.
struct EnergyParts {
  double activation = 0, cell = 0, column_path = 0, tsv = 0, io = 0, refresh = 0, standby = 0;
  double total() const { return activation + cell + column_path + tsv + io + refresh + standby; }
};

/// `counters` are those of all channels, merged. The specification must have an Energy.
EnergyParts energy_of(const Specification& specification, const ChannelCounters& counters);

}  // namespace plumb::memory
