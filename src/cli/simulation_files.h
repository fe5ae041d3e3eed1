#pragma once
// The files that a simulation writes while it runs (docs/outputs.md): requests, steps, timeline and metrics, each only
// where it was asked for. A failure shows in status(), so that the simulation can end early. Without finish() nothing
// is left behind. Thread rule: one thread, that of the simulation's callbacks.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/interruption.h"
#include "cli/metrics_feed.h"
#include "cli/request_csv.h"
#include "cli/run_steps.h"
#include "cli/step_log.h"
#include "cli/timeline_feed.h"
#include "serving/simulation.h"

namespace plumb::cli {

struct SimulationPaths {
  std::optional<std::string> requests, steps, timeline, metrics;
  std::int64_t steps_every = 1;  ///< of the step log
  bool each_step = false;        ///< in the timeline
};

class SimulationFiles : serving::RequestObserver {
 public:
  [[nodiscard]] static Result<SimulationFiles> create(const SimulationPaths& paths,
                                                      const serving::CompiledDeployment& deployment, int replicas);

  /// Asks a simulation for what the files need, and interrupts it where one of them cannot be written. This must stay
  /// where it is until the simulation has ended.
  void listen(serving::SimulationOptions& options, Interruption& interruption);
  /// The next request by arrival, when it has ended.
  void add(const serving::RequestRecord& record);
  /// The first failure.
  Status status() const;
  /// Gives the files their names. `model_name` is the label of the metrics.
  [[nodiscard]] Status finish(const std::string& model_name);

 private:
  SimulationFiles(const serving::CompiledDeployment& deployment, int replicas)
      : deployment_(deployment), arrivals_(replicas) {}
  void ran(const serving::StepRun& run, std::size_t replica);
  void log_steps(const RunSteps& run);
  void check();
  template <class Tell>
  void tell(Tell event);

  void arrived(const serving::RequestRecord& record) override;
  void scheduled(const serving::RequestRecord& record, double time_s) override;
  void first_token(const serving::RequestRecord& record) override;
  void preempted(const serving::RequestRecord& record, double time_s) override;
  void resumed(const serving::RequestRecord& record, double time_s) override;
  void ended(const serving::RequestRecord& record, double time_s) override;

  const serving::CompiledDeployment& deployment_;
  Interruption* interruption_ = nullptr;
  RunArrivals arrivals_;
  std::optional<RequestCsv> requests_;
  std::optional<StepLog> steps_;
  std::optional<TimelineFeed> timeline_;
  std::optional<MetricsFeed> metrics_;
  std::optional<StreamFile> metrics_file_;
};

}  // namespace plumb::cli
