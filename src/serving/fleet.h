#pragma once
// The two ways to run a fleet: replicas that know of each other, event by event, and replicas by themselves.

#include "serving/simulation.h"

namespace plumb::serving {

/// In order of time over all replicas: routers that look at replicas, closed loops, observers of events.
[[nodiscard]] Result<Outcome> simulate_together(const CompiledDeployment& deployment, workload::RequestSource& source,
                                                const SimulationOptions& options);

/// Replica by replica, on options.jobs threads. For open loops and routers that look at no replica; without
/// options.stop and options.run.
[[nodiscard]] Result<Outcome> simulate_apart(const CompiledDeployment& deployment, workload::RequestSource& source,
                                             const SimulationOptions& options);

/// Says that an engine is stuck.
Error stuck_error(const CompiledDeployment& deployment);

}  // namespace plumb::serving
