#pragma once
// What a program's commands cost in energy. With n the commands that a pseudo-channel issued, k the banks that one
// covers, b the bits of an access, L the lanes, e the specification's Energy and u its PimUnit:
//
//   activation   sum n k e.activation                            of ordinary and all-bank activations
//   cell         b (n(compute) k e.read.cell + n(store) k e.write.cell + n(read) e.read.cell)
//   column path  b (n(compute) k u.path + n(register writes, reads, ordinary reads) e.column_path)
//   TSV, I/O     b n(register writes, reads, ordinary reads) e's
//   units        n(compute) k L u.operation
//   refresh      n(refresh) k e.refresh
//   standby      T e.standby_active: rows are open nearly all the time
//
// Thread rule: pure functions.

#include "memory/energy.h"
#include "memory/pim_player.h"

namespace plumb::memory {

struct PimEnergy {
  EnergyParts memory;
  double units = 0;  ///< J
  double total() const { return memory.total() + units; }
};

/// Of one pseudo-channel. The specification must have an Energy and a PimUnit.
PimEnergy pim_energy(const Specification& of, const PimRun& run);

}  // namespace plumb::memory
