#pragma once
// The parts of compare() that have a file of their own. See comparison.h.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/comparison.h"

namespace plumb::cli {

/// Over `pairs`; where there are none, the file's summary beside all requests that the simulation completed.
std::vector<ComparedFigure> compared_figures(const workload::MeasuredRun& run, const ComparedSimulation& simulation,
                                             std::span<const RequestPair> pairs);

/// Rate and variation of the gaps between starts against what is stated; nothing where either is not known. The bounds
/// are four standard deviations of what a process of so many independent gaps shows, and a twentieth of the rate.
std::optional<ArrivalCheck> check_arrivals(const workload::MeasuredRun& run);

/// Of a comparison whose other members are set.
std::vector<std::string> comparison_notes(const workload::MeasuredRun& run, const workload::MeasuredLoad& load,
                                          const Comparison& comparison);

}  // namespace plumb::cli
