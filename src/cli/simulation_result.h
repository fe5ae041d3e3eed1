#pragma once
// A simulation with all that is told of it at its end, on the terminal and as JSON.

#include <string>

#include "cli/benchmark.h"
#include "cli/load.h"
#include "cli/subject.h"
#include "planner/plan.h"
#include "report/table.h"
#include "serving/simulation.h"
#include "serving/targets.h"

namespace plumb::cli {

struct SimulationResult {
  serving::Outcome outcome;  ///< without records
  Benchmark benchmark;
  serving::TargetResults targets;
  std::optional<double>
      rate_per_s;            ///< asked for, infinite for all at once, or of the trace; nothing for a single request
  std::int64_t skipped = 0;  ///< requests of the trace without output, which were left out

  std::int64_t rejected_too_long() const { return outcome.rejected - outcome.rejected_never_fits; }
  double steps_per_replica(const Subject& subject) const;
  double sequences_mean() const;                          ///< in a step, weighted by its time
  double busy_share(const Subject& subject) const;        ///< of the duration that an engine has a step under way
  double cache_peak_share(const Subject& subject) const;  ///< of the pool of the fullest replica
  /// What stands in the way of more: the bound with most of the time, or the cache where sequences were preempted for
  /// it.
  std::string binding() const;
};

/// Fault::unmet, with the reason, where not one request was served.
[[nodiscard]] Status check_served(const Subject& subject, const SimulationResult& result);

/// The table of `vllm bench serve`, label by label, with Plumb's own figures below; 50 columns wide.
std::string benchmark_text(const Subject& subject, const SimulationResult& result);
/// What is simulated under which load, then benchmark_text().
std::string simulation_text(const Subject& subject, const Load& load, const SimulationResult& result,
                            const report::Style& style);
/// The result fields of `vllm bench serve`, and a "plumb" object with our own. docs/simulate.md names every field.
std::string simulation_json(const Subject& subject, const Load& load, const SimulationResult& result);

}  // namespace plumb::cli
