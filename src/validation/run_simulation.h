#pragma once
// A planned run, simulated: the figures of one engine from which every metric follows.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "serving/deployment.h"
#include "validation/run_plan.h"
#include "workload/request.h"

namespace plumb::validation {

/// Of one engine. Latencies in seconds, ascending, of the requests that were completed.
struct SimulatedRun {
  std::vector<double> ttft_s, tpot_s, e2e_s;  ///< tpot of requests with more than one token
  double itl_mean_s = 0.0;                    ///< over all gaps, not over requests
  double duration_s = 0.0;                    ///< from the first arrival to the last token
  std::int64_t completed = 0, refused = 0;
  double prompt_tokens = 0.0, output_tokens = 0.0;  ///< of all completed requests together
  double window_s = 0.0;  ///< of an open loop: from the first arrival to the last, with some time to finish in
};

/// The requests of the load, from streams of their own: equal loads are the same requests, whatever serves them.
std::vector<workload::Request> requests_of(const LoadPlan& load);

/// Fault::unmet where the engine cannot serve the load.
[[nodiscard]] Result<SimulatedRun> simulate(const serving::CompiledDeployment& deployment, const LoadPlan& load);

}  // namespace plumb::validation
