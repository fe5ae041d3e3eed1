#pragma once
// The time of a program: its steps are issued in their order, each as early as the specification's constraints and
// buses allow (TimingState), by a controller that does not reorder. A refresh that has fallen due goes before the next
// step: rows are closed, refreshed and opened again. Refreshes fall due at (phase + k) * tREFI, k = 0, 1, ...
//
// One pseudo-channel is played; the others of a memory do the same at the same time. That leaves out that the
// pseudo-channels of a channel share its command buses, which a column command each tCCD_L does not fill.
// Thread rule: pure function.

#include <cstdint>
#include <vector>

#include "memory/issued_command.h"
#include "memory/pim_program.h"

namespace plumb::memory {

struct PimPlaySettings {
  bool refresh = true;  ///< false, or a specification whose controller does not refresh: none
  double phase = 0.6;   ///< of the first refresh, in intervals; 0 to 1. docs/pim.md: why 0.6
};

struct PimRun {
  Tick compute_end = 0;                ///< results are in the memory or in the units
  Tick end = 0;                        ///< they are with the host
  std::vector<std::int64_t> commands;  ///< issued, by index of Specification::commands
  std::int64_t refreshes = 0;          ///< commands
};

PimRun play(const Specification& of, const PimProgram& program, const PimPlaySettings& settings,
            const CommandSink& sink = {});

}  // namespace plumb::memory
