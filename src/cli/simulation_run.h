#pragma once
// Runs a simulation for the command line: with progress on a terminal, an end at a signal or a full disk, and its
// figures taken as requests end, in bounded memory.

#include <atomic>
#include <span>

#include "cli/interruption.h"
#include "cli/simulation_files.h"
#include "cli/simulation_result.h"

namespace plumb::cli {

struct SimulationRun {
  const Subject& subject;
  Load& load;
  std::span<const double> percents;  ///< to report
  int jobs = 0;                      ///< threads; 0 is all processors
};

/// Ends early, with outcome.stopped, when `interruption` says so or a file cannot be written; then the figures are not
/// those of the load. Errors are those of the load's source.
[[nodiscard]] Result<SimulationResult> run_simulation(const SimulationRun& run, SimulationFiles& files,
                                                      Interruption& interruption);

/// The same without files and without progress: many of them may run at a time.
[[nodiscard]] Result<SimulationResult> run_simulation(const SimulationRun& run, const std::atomic<bool>& interrupt);

}  // namespace plumb::cli
