#pragma once
// A fleet of equal replicas under a stream of requests: the discrete-event simulation.
//
// Events happen in order of time; at equal times a request that arrives is seen before a step that begins, and replicas
// act in order of their number. Nothing depends on chance: the requests bring it.
//
// Where no replica can know of another (requests of an open loop, a router that looks at none of them, nobody who asks
// for events in order) each is simulated by itself, on as many threads as there are jobs, with the same outcome.
// Memory without records is bounded by the requests under way and, where the token rate is asked for, the seconds of
// the clock (8 bytes each).
// Thread rule: simulate() may be called from any number of threads at once.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "accelerator/time_shares.h"
#include "base/result.h"
#include "serving/deployment.h"
#include "serving/engine.h"
#include "serving/gap_totals.h"
#include "serving/request_record.h"
#include "workload/request.h"

namespace plumb::serving {

/// Told what becomes of requests, in order of time over all replicas. Of equal times, the order is that of the events.
/// A record is as it is by then; times that it does not hold come beside it. Thread rule: that of simulate().
class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  /// Every request, the rejected ones too, which end at once.
  virtual void arrived(const RequestRecord& record) = 0;
  /// Part of a step, for the first time or again after a preemption.
  virtual void scheduled(const RequestRecord& record, double time_s) = 0;
  virtual void first_token(const RequestRecord& record) = 0;
  /// It lost its cache and waits again.
  virtual void preempted(const RequestRecord& record, double time_s) = 0;
  /// The first token after a preemption, of those that had tokens before it.
  virtual void resumed(const RequestRecord& record, double time_s) = 0;
  /// Once for every request, however it ended.
  virtual void ended(const RequestRecord& record, double time_s) = 0;
};

struct SimulationOptions {
  int replicas = 1;
  std::string router = "round-robin";
  Stepping stepping = Stepping::runs;
  int jobs = 1;                        ///< threads, where replicas are independent; 0 is all processors
  bool inter_token_latencies = false;  ///< collect every gap
  bool time_shares = false;            ///< collect where the time of the steps goes
  bool token_rate = false;             ///< collect the output tokens of every second
  bool keep_records = true;            ///< without them memory is bounded by the requests that are under way
  /// Told each request when it and all that arrived before it have ended; the rest, if any, at the end.
  std::function<void(const RequestRecord&)> record;
  /// Asked after each request's first token and finish; true ends the simulation there.
  std::function<bool(const RequestRecord&)> stop;
  /// Told every run of equal steps when it has ended, and by which replica: before the tokens that came with its end.
  std::function<void(const StepRun&, std::size_t replica)> run;
  /// Told the gaps between tokens: `count` for each step of the ramp, of its length.
  std::function<void(const Ramp&, std::int64_t count, std::size_t replica)> gaps;
  /// Told every transfer of a cache tier, and of which replica, when it is asked for; those of a link in order.
  std::function<void(const TierTransfer&, std::size_t replica)> transfer;
  RequestObserver* observer = nullptr;
  /// Told the number of requests finished so far, every thousand or so; true ends the simulation there.
  std::function<bool(std::int64_t)> progress;
  /// Where it turns true the simulation ends before its next event. Any thread, or a signal's handler, may do that.
  const std::atomic<bool>* interrupt = nullptr;

  bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed); }
};

struct Outcome {
  std::vector<RequestRecord> requests;  ///< by arrival; empty without keep_records
  std::int64_t arrived = 0;             ///< requests, rejected ones included
  EngineCounters counters;              ///< summed over replicas
  double duration_s = 0.0;              ///< from the first arrival to the last token
  std::int64_t rejected = 0;
  std::int64_t cancelled = 0;
  std::int64_t rejected_never_fits = 0;  ///< of these; the others are too long
  bool stopped = false;
  GapTotals gaps;
  accelerator::TimeShares time;
  std::int64_t tokens_per_s_max = 0;  ///< output tokens of the busiest second of the clock
};

/// Runs until every request that was admitted is finished. Errors are those of the source.
[[nodiscard]] Result<Outcome> simulate(const CompiledDeployment& deployment, workload::RequestSource& source,
                                       const SimulationOptions& options = {});

}  // namespace plumb::serving
