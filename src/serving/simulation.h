#pragma once
// A fleet of equal replicas under a stream of requests: the discrete-event simulation.
//
// Events happen in order of time; at equal times a request that arrives is seen before a step that begins, and replicas
// act in order of their number. Nothing depends on chance: the requests bring it. Thread rule: one simulation runs on
// one thread; any number run side by side.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/statistics.h"
#include "serving/deployment.h"
#include "serving/engine.h"
#include "workload/request.h"

namespace plumb::serving {

/// What became of one request. Times are seconds since the start; never_s where it did not get so far.
struct RequestRecord {
  std::int64_t id = 0;
  double arrival_s = 0.0;
  double scheduled_s = never_s;  ///< first part of a step
  double first_token_s = never_s;
  double finish_s = never_s;
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  std::int32_t replica = -1;
  std::int32_t preemptions = 0;
  bool rejected = false;  ///< longer than the deployment admits

  bool completed() const { return finish_s < never_s; }
  double ttft_s() const { return first_token_s - arrival_s; }
  /// Mean gap after the first token; 0 for a single token.
  double tpot_s() const {
    return output_tokens > 1 ? (finish_s - first_token_s) / static_cast<double>(output_tokens - 1) : 0.0;
  }
  double e2e_s() const { return finish_s - arrival_s; }
};

struct SimulationOptions {
  int replicas = 1;
  std::string router = "round-robin";
  bool inter_token_latencies = false;  ///< collect every gap (a sketch; see Outcome)
  /// Asked after each request's first token and finish; true ends the simulation there.
  std::function<bool(const RequestRecord&)> stop;
  /// Told the sums of every step as it is launched.
  std::function<void(const model::Step&)> step;
  /// Told when each token comes out. Times do not decrease.
  std::function<void(double time_s)> token;
  /// Told the number of requests finished so far, every few thousand.
  std::function<void(std::int64_t)> progress;
};

struct Outcome {
  std::vector<RequestRecord> requests;  ///< by arrival
  EngineCounters counters;              ///< summed over replicas
  double duration_s = 0.0;              ///< from the first arrival to the last token
  std::int64_t rejected = 0;
  bool stopped = false;
  PercentileSketch itl_sketch;
  Moments itl;
};

/// Runs until every request that was admitted is finished. Errors are those of the source.
[[nodiscard]] Result<Outcome> simulate(const CompiledDeployment& deployment, workload::RequestSource& source,
                                       const SimulationOptions& options = {});

}  // namespace plumb::serving
