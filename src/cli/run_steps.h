#pragma once
// The steps of a run of equal steps (serving::StepRun), as logs and timelines tell them. Step i of a run begins at
// start + ramp.length(i); its queue and its cache are what the plain stepper would see. Thread rule: one thread.

#include <cstdint>
#include <deque>
#include <vector>

#include "cli/step_record.h"
#include "serving/simulation.h"

namespace plumb::cli {

/// A run while it is told.
class RunSteps {
 public:
  /// `arrivals` are those of the replica since the run began, in order.
  RunSteps(const serving::CompiledDeployment& deployment, const serving::StepRun& run, std::size_t replica,
           const std::deque<Time>& arrivals)
      : deployment_(deployment), run_(run), replica_(replica), arrivals_(arrivals) {}

  std::int64_t count() const { return run_.ramp.steps; }
  int replica() const { return static_cast<int>(replica_); }
  double begin_s() const { return run_.start.seconds(); }
  double end_s() const { return (run_.start + run_.ramp.length(count())).seconds(); }
  /// Step i, from 0.
  StepRecord at(std::int64_t i) const;
  /// All of them as one: with the duration of all, the queue of the first and the cache of the last.
  StepRecord whole() const;
  /// Requests that came during the run, and wait.
  const std::deque<Time>& arrivals() const { return arrivals_; }

 private:
  StepRecord record(Time begin, Time length, std::int64_t waiting, std::int64_t cache_bytes) const;

  const serving::CompiledDeployment& deployment_;
  const serving::StepRun& run_;
  std::size_t replica_;
  const std::deque<Time>& arrivals_;
};

/// Who came while a run went on, replica by replica: a run is told when it has ended, and goes on where an arrival
/// changes nothing but the queue.
class RunArrivals {
 public:
  explicit RunArrivals(int replicas) : of_(static_cast<std::size_t>(replicas)) {}
  void add(std::size_t replica, double arrival_s) { of_[replica].push_back(Time::of_seconds(arrival_s)); }
  /// Those after the beginning of the run. What came before it is forgotten: the run knows its queue.
  const std::deque<Time>& during(const serving::StepRun& run, std::size_t replica);

 private:
  std::vector<std::deque<Time>> of_;
};

}  // namespace plumb::cli
