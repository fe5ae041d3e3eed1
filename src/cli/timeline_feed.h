#pragma once
// Fills a timeline with what a simulation tells. Thread rule: one thread.

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/run_steps.h"
#include "cli/timeline.h"
#include "serving/simulation.h"

namespace plumb::cli {

class TimelineFeed : public serving::RequestObserver {
 public:
  /// With `each_step` every step is a slice; otherwise equal steps that follow each other are one. The deployment must
  /// outlive it.
  TimelineFeed(Timeline timeline, const serving::CompiledDeployment& deployment, int replicas, bool each_step);

  void ran(const RunSteps& run);
  void transferred(const serving::TierTransfer& transfer, std::size_t replica);
  void arrived(const serving::RequestRecord& record) override;
  void scheduled(const serving::RequestRecord& record, double time_s) override;
  void first_token(const serving::RequestRecord& record) override;
  void preempted(const serving::RequestRecord& record, double time_s) override;
  void resumed(const serving::RequestRecord& record, double time_s) override;
  void ended(const serving::RequestRecord& record, double time_s) override;

  const Status& status() const { return timeline_.status(); }
  [[nodiscard]] Status finish();

 private:
  void idle(int replica);

  Timeline timeline_;
  const serving::CompiledDeployment& deployment_;
  bool each_step_;
  std::vector<std::optional<double>> busy_until_s_;  ///< of each replica; nothing before its first step
};

}  // namespace plumb::cli
