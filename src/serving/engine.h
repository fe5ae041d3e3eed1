#pragma once
// One replica, stepped one batch at a time: the plain reference. It forms a batch, asks what it costs, waits, hands out
// the tokens, and forms the next. With pipeline stages as many batches are under way as there are stages, a batch
// enters a stage when the one before it has left, and a sequence is in one batch at a time.
//
// Laws that hold after every event (asserted): cache bytes held add up and fit; a token comes no earlier than the batch
// it was computed in began; sequences received = finished + waiting + running.
//
// Thread rule: an Engine belongs to one thread. It refers to its CompiledDeployment, which must outlive it.

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "serving/cache_pool.h"
#include "serving/deployment.h"
#include "serving/scheduler.h"
#include "serving/sequence.h"

namespace plumb::serving {

inline constexpr double never_s = std::numeric_limits<double>::infinity();

/// Told what happens to sequences, as it happens.
class EngineObserver {
 public:
  virtual ~EngineObserver() = default;
  virtual void batch(const model::Step& step) = 0;
  /// The first time that a sequence is part of a batch, or again after a preemption.
  virtual void scheduled(const Sequence& sequence, double time_s) = 0;
  /// A token came out; `sequence.generated` counts it, `previous_s` is when the one before it came.
  virtual void token(const Sequence& sequence, double time_s, double previous_s) = 0;
  virtual void finished(const Sequence& sequence, double time_s) = 0;
};

struct EngineCounters {
  std::int64_t steps = 0, preemptions = 0;
  std::int64_t prompt_tokens_computed = 0;  ///< recomputation included
  std::int64_t tokens_generated = 0;
  double busy_s = 0.0;  ///< sum over batches of their first stage's and host's time
  double cache_bytes_peak = 0.0;
  double sequence_seconds = 0.0;  ///< sum over batches of sequences x time, for the mean batch
};

class Engine {
 public:
  /// `timer` is of the deployment's cost; engines of one simulation share it.
  Engine(const CompiledDeployment& deployment, accelerator::StepTimer& timer, EngineObserver& observer);

  /// Takes a request that arrived at `time_s`, no earlier than any time seen so far.
  void receive(const Sequence& sequence, double time_s);
  /// When the engine next has something to do; never_s if it waits for requests.
  double next_event_s() const { return next_event_s_; }
  /// Does what is due at next_event_s().
  void advance();

  std::int64_t outstanding() const { return static_cast<std::int64_t>(waiting_.size() + running_.size()); }
  std::int64_t waiting() const { return static_cast<std::int64_t>(waiting_.size()); }
  const EngineCounters& counters() const { return counters_; }

 private:
  struct Batch {
    std::vector<Scheduled> parts;
    double start_s = 0.0, finish_s = 0.0;
  };

  void start_batches(double now_s);
  model::Step sums_of(const std::vector<Scheduled>& parts) const;
  void launch(Batch batch, double now_s);
  void complete(Batch& batch);
  void hand_out_token(Sequence& sequence, double time_s);
  void finish(Sequence& sequence, double time_s);
  void plan_next_event();

  const CompiledDeployment& deployment_;
  accelerator::StepTimer& timer_;
  EngineObserver& observer_;
  CachePool cache_;
  std::unique_ptr<Scheduler> scheduler_;
  std::deque<Sequence*> waiting_;
  std::vector<Sequence*> running_;
  std::vector<std::unique_ptr<Sequence>> sequences_;  ///< owned, slots reused
  std::vector<std::size_t> free_slots_;
  std::deque<Batch> in_flight_;
  std::vector<std::vector<Scheduled>> spare_parts_;
  std::vector<double> stage_free_s_;
  bool nothing_to_schedule_ = true;
  double next_event_s_ = never_s;
  double now_s_ = 0.0;
  EngineCounters counters_;
};

}  // namespace plumb::serving
