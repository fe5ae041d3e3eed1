#include "serving/simulation.h"

#include <fmt/format.h>

#include "serving/fleet.h"
#include "serving/router.h"

namespace plumb::serving {

Error stuck_error(const CompiledDeployment& deployment) {
  return unmet_error(fmt::format(
      "the cache of {:.1f} GB is too small for the load: with {} requests wait or preempt each other without end",
      static_cast<double>(deployment.cache.pool_bytes) / 1e9, deployment.deployment.engine.scheduler));
}

Result<Outcome> simulate(const CompiledDeployment& deployment, workload::RequestSource& source,
                         const SimulationOptions& options) {
  const bool in_order = options.stop || options.run || options.gaps || options.transfer ||
                        options.observer != nullptr || source.closed_loop();
  const bool apart = !in_order && (options.replicas == 1 || !make_router(options.router)->looks());
  return apart ? simulate_apart(deployment, source, options) : simulate_together(deployment, source, options);
}

}  // namespace plumb::serving
