#pragma once
// One replica. It asks its scheduler for a step, asks what the step costs, waits, hands out the tokens, and asks again.
// With pipeline stages as many batches are under way as there are stages, a batch enters a stage when the one before it
// has left, and a sequence is in one batch at a time.
//
// Between two events that change a batch (an arrival, a load from a cache tier that ends, a sequence that ends, a
// window that fills, a cache that fills) a batch that only decodes is the same, and its steps get longer by the same
// time each. Such a run of steps is one event of the engine: it knows when the run ends, and where among its steps an
// arrival falls. Stepping::plain makes every step an event; the two give the same bits. Runs are of deployments with
// one stage; others are stepped.
//
// Laws that hold after every event (asserted): cache bytes held add up and fit; a token comes no earlier than the batch
// it was computed in began; sequences received = finished + waiting + loading + running.
//
// Thread rule: an Engine belongs to one thread. It refers to its CompiledDeployment, which must outlive it.

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "accelerator/step_timer.h"
#include "base/fixed_time.h"
#include "serving/batch_queue.h"
#include "serving/cancellations.h"
#include "serving/decode_set.h"
#include "serving/deployment.h"
#include "serving/engine_counters.h"
#include "serving/engine_state.h"
#include "serving/scheduler.h"
#include "serving/sequence.h"

namespace plumb::serving {

/// Equal decode steps that followed each other, or one step of any kind.
struct StepRun {
  Time start;
  Ramp ramp;         ///< times of the steps; they end at start + ramp.length(ramp.steps)
  model::Step sums;  ///< of the step in the middle: means over the run; padding included
  std::int64_t running = 0, waiting = 0;
  std::int64_t cache_bytes = 0;  ///< held in the last of the steps
  std::int64_t preemptions = 0;  ///< that made room for the first
  /// The set as it is before the run, of steps that decode; to be asked while the run is told, not later.
  const DecodeSet* decoders = nullptr;
  std::int64_t padding_sequences = 0;      ///< of those that decode, who have ended (Scheduler::pads_batches)
  std::int64_t padding_prompt_tokens = 0;  ///< of those that prefill

  /// Output tokens that come out of each step.
  std::int64_t tokens_out() const { return sums.sampled_sequences - padding_sequences; }
  /// Cache bytes held in step i of the run, from 0.
  std::int64_t cache_bytes_in(std::int64_t step) const {
    if (ramp.steps == 1) return cache_bytes;
    return cache_bytes - decoders->cache_growth(ramp.steps) + decoders->cache_growth(step + 1);
  }
};

/// Told what happens to sequences, as it happens.
class EngineObserver : public GapObserver, public TransferObserver {
 public:
  void transferred(const TierTransfer& transfer) override { static_cast<void>(transfer); }
  virtual void ran(const StepRun& run) = 0;
  /// Whether it is to be told of runs.
  virtual bool wants_runs() const { return false; }
  /// The first time that a sequence is part of a batch, or again after a preemption.
  virtual void scheduled(const Sequence& sequence, Time time) = 0;
  virtual void first_token(const Sequence& sequence, Time time) = 0;
  virtual void finished(const Sequence& sequence, Time time) = 0;
  /// Its client went away before it was finished.
  virtual void cancelled(const Sequence& sequence, Time time) = 0;
  /// It lost its cache and waits again, and after that its first token: of those that had one, in place of
  /// first_token().
  virtual void preempted(const Sequence& sequence, Time time) {
    static_cast<void>(sequence);
    static_cast<void>(time);
  }
  virtual void resumed(const Sequence& sequence, Time time) {
    static_cast<void>(sequence);
    static_cast<void>(time);
  }
  /// Whether the gaps between tokens are wanted.
  virtual bool wants_gaps() const { return false; }
};

enum class Stepping {
  runs,  ///< equal steps at once, where the deployment allows it
  plain
};

class Engine {
 public:
  /// `timer` is of the deployment; engines of one thread may share it.
  Engine(const CompiledDeployment& deployment, accelerator::StepTimer& timer, EngineObserver& observer,
         Stepping stepping = Stepping::runs);

  /// Takes a request that arrived at `time`, no earlier than any time seen so far.
  void receive(const Sequence& sequence, Time time);
  /// When the engine next has something to do; never if it waits for requests.
  Time next_event() const { return next_event_; }
  /// Does what is due at next_event().
  void advance();

  /// Whether sequences push each other out of the cache without any of them getting on, so that it would never end.
  bool stuck() const;
  std::int64_t outstanding() const { return waiting() + state_.running(); }
  /// Those that are being loaded from cache tiers included.
  std::int64_t waiting() const { return static_cast<std::int64_t>(state_.waiting().size()) + state_.loading(); }
  EngineCounters counters() const;
  /// Requests whose clients are known to go away later; of those outstanding.
  std::int64_t cancellations() const { return cancellations_.size(); }

 private:
  bool idle() const { return state_.running() == 0 && state_.waiting().empty(); }
  bool one_at_a_time() const { return stage_free_.size() == 1; }
  bool may_start() const;
  void start_batches();
  void start_batch();
  void sum_up(Batch& batch);
  void launch(Batch& batch);
  Ramp run_of(const Batch& batch);
  void set_in_flight(Batch& batch);
  void complete(Batch& batch);
  void complete_prefill(const Prefill& prefill, Time time);
  void finish(Sequence& sequence, Time time);
  void end_run_at(Time time);
  void drop_cancelled();
  void finish_loads();
  void schedule();
  void retire(Sequence& sequence);
  void free_slot(Sequence& sequence);
  void observe(const Batch& batch, const DecodeSet* decoders);
  void plan_next_event();

  const CompiledDeployment& deployment_;
  accelerator::StepTimer& timer_;
  EngineObserver& observer_;
  std::unique_ptr<Scheduler> scheduler_;
  EngineState state_;
  Stepping stepping_;
  bool forms_batches_ahead_, pads_batches_;
  std::deque<Sequence> sequences_;  ///< owned, slots reused
  std::vector<std::size_t> free_slots_;
  BatchQueue in_flight_;
  std::vector<Time> stage_free_;
  std::vector<Sequence*> finished_;
  Cancellations cancellations_;
  std::vector<accelerator::Chunk> chunks_;
  std::int64_t preemptions_seen_ = 0, preemptions_at_token_ = 0;
  bool nothing_to_schedule_ = true;
  Time next_event_ = Time::never();
  Time now_;
  EngineCounters counters_;
};

}  // namespace plumb::serving
