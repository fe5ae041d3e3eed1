#pragma once
// One replica under the service's requests at a rate: the measurement that every figure of a plan comes from.
//
// Arrivals are Poisson: what one of many replicas sees when requests are spread at random, which is the hardest of the
// usual routings. Lengths and unit gaps come from the service's seed, the same for every candidate and every rate
// (common random numbers), so that differences between two results are differences of the deployments. The first fifth
// of the requests fills the empty replica and is not measured.

#include <cstdint>
#include <vector>

#include "planner/service.h"
#include "serving/deployment.h"
#include "serving/simulation.h"
#include "serving/targets.h"

namespace plumb::planner {

/// Requests of a test: long enough for a queue to show, and eight turns of a full batch. It must not depend on the
/// targets: the law of goodput.h rests on all targets being measured on the same requests.
std::int64_t requests_for(const serving::EngineSettings& engine, std::int64_t asked);

struct LoadTest {
  double rate_per_s = 0.0;
  std::int64_t requests = 2000;
  bool stop_when_missed = false;  ///< end as soon as a target can no longer be met; the outcome is then cut short
  bool time_shares = false;       ///< asks for LoadResult::time
};

struct LoadResult {
  double rate_per_s = 0.0;
  bool met = false;      ///< every target
  bool complete = true;  ///< false where the test was cut short
  serving::TargetResults targets;
  std::int64_t requests = 0, rejected = 0, preemptions = 0;
  double duration_s = 0.0;
  double requests_per_s = 0.0;  ///< completed between the first measured arrival and the last
  double output_tokens_per_s = 0.0;
  double ttft_p50_s = 0.0, tpot_p50_s = 0.0, tpot_mean_s = 0.0, e2e_p50_s = 0.0;
  double prompt_tokens_mean = 0.0, output_tokens_mean = 0.0;
  double sequences_mean = 0.0;   ///< in a step
  accelerator::TimeShares time;  ///< if asked for
};

LoadResult run(const Service& service, const serving::CompiledDeployment& deployment, const LoadTest& test);

/// Requests a second that the replica completes while a queue is never empty: no rate above it is sustained.
/// Independent of the targets.
double saturation_rate(const Service& service, const serving::CompiledDeployment& deployment, std::int64_t requests);

}  // namespace plumb::planner
