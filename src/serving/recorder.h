#pragma once
// Keeps the records of a run up to date with what an engine tells.

#include <utility>

#include "serving/request_log.h"
#include "serving/token_rate.h"

namespace plumb::serving {

class Recorder : public EngineObserver {
 public:
  Recorder(const CompiledDeployment& deployment, const SimulationOptions& options, RequestLog& log, std::size_t replica)
      : options_(options), log_(log), replica_(replica), time_(deployment.cost) {}

  bool wants_runs() const override { return options_.run || options_.time_shares || options_.token_rate; }
  void ran(const StepRun& run) override;
  bool wants_gaps() const override { return options_.inter_token_latencies || options_.gaps; }
  void gaps(Time gap, std::int64_t count) override;
  void gaps(const Ramp& ramp, std::int64_t count) override;

  void transferred(const TierTransfer& transfer) override;
  void scheduled(const Sequence& sequence, Time time) override;
  void first_token(const Sequence& sequence, Time time) override;
  void finished(const Sequence& sequence, Time time) override;
  void cancelled(const Sequence& sequence, Time time) override;
  void preempted(const Sequence& sequence, Time time) override;
  void resumed(const Sequence& sequence, Time time) override;

  const GapTotals& gap_totals() const { return gaps_; }
  const accelerator::TimeCounter& time() const { return time_; }
  /// What was counted since it was last taken.
  TokenRate take_token_rate() { return std::exchange(token_rate_, {}); }
  std::int64_t finishes() const { return finishes_; }
  bool stop() const { return stop_; }

 protected:
  const SimulationOptions& options_;
  RequestLog& log_;

 private:
  std::size_t replica_;
  GapTotals gaps_;
  accelerator::TimeCounter time_;
  TokenRate token_rate_;
  std::int64_t finishes_ = 0;
  bool stop_ = false;
};

/// Counters, gaps, times and token rate of all replicas, added up in order of their number.
class OutcomeTotals {
 public:
  explicit OutcomeTotals(const CompiledDeployment& deployment) : time_(deployment.cost) {}
  /// Takes what would grow with the time that is simulated. To be called now and then, for replicas in any order.
  void collect(Recorder& recorder) { tokens_.add(recorder.take_token_rate()); }
  void add(const Engine& engine, Recorder& recorder);
  void write(const SimulationOptions& options, Outcome& outcome) const;

 private:
  EngineCounters counters_;
  GapTotals gaps_;
  accelerator::TimeCounter time_;
  TokenTotals tokens_;
};

}  // namespace plumb::serving
