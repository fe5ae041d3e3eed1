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
  /// With `each_step` every step is a slice; otherwise equal steps that follow each other are one. Engines with
  /// `stages` of a pipeline have several steps under way.
  TimelineFeed(Timeline timeline, int replicas, int stages, bool each_step);

  void ran(const RunSteps& run);
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
  int stages_;
  bool each_step_;
  std::vector<std::optional<double>> busy_until_s_;  ///< of each replica; nothing before its first step
};

}  // namespace plumb::cli
