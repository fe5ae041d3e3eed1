// Requests are taken from the source some thousand at a time, given to their replicas, and every replica is brought
// to the time of the last of them. What a replica does depends on its own requests only, so the threads that run them
// do not matter.

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>

#include "base/parallel.h"
#include "serving/fleet.h"
#include "serving/recorder.h"
#include "serving/router.h"

namespace plumb::serving {
namespace {

class Apart {
 public:
  Apart(const CompiledDeployment& deployment, workload::RequestSource& source, const SimulationOptions& options)
      : deployment_(deployment),
        source_(source),
        options_(options),
        log_(deployment, options, outcome_),
        totals_(deployment),
        router_(make_router(options.router)) {
    assert(router_ != nullptr && options.replicas > 0 && !options.stop && !options.run && !options.gaps &&
           !options.transfer && options.observer == nullptr);
    const auto replicas = static_cast<std::size_t>(options.replicas);
    const auto jobs = static_cast<std::size_t>(options.jobs > 0 ? options.jobs : default_jobs());
    // Neighbours share a timer and a thread.
    const std::size_t groups = std::min(jobs, replicas);
    for (std::size_t i = 0; i < groups; ++i) {
      timers_.push_back(make_timer(deployment));
      group_ends_.push_back(replicas * (i + 1) / groups);
      for (std::size_t r = replicas_.size(); r < group_ends_.back(); ++r) {
        replicas_.push_back(std::make_unique<Replica>(deployment, *timers_[i], options, log_, r));
      }
    }
    outstanding_.assign(replicas, 0);
    log_.expect(source);
  }

  Result<Outcome> run() {
    for (bool more = true; more && !outcome_.stopped;) {
      PLUMB_ASSIGN(more, take_requests());
      const Time horizon = more ? last_arrival_ : Time::never();
      parallel_for(group_ends_.size(), static_cast<int>(group_ends_.size()), [&](std::size_t group) {
        for (std::size_t r = group == 0 ? 0 : group_ends_[group - 1]; r < group_ends_[group]; ++r) {
          replicas_[r]->run_to(horizon, options_);
        }
      });
      for (const auto& replica : replicas_) {
        if (replica->engine.stuck()) return fail(stuck_error(deployment_));
      }
      for (const auto& replica : replicas_) totals_.collect(replica->recorder);
      log_.flush();
      outcome_.stopped = options_.interrupted() || (options_.progress && options_.progress(finished()));
    }
    for (const auto& replica : replicas_) {
      if (!outcome_.stopped && replica->engine.outstanding() > 0) return fail(stuck_error(deployment_));
    }
    return finish();
  }

 private:
  struct Replica {
    Replica(const CompiledDeployment& deployment, accelerator::StepTimer& timer, const SimulationOptions& options,
            RequestLog& log, std::size_t number)
        : recorder(deployment, options, log, number), engine(deployment, timer, recorder, options.stepping) {}

    /// Serves what has come, and goes on to the horizon; what happens at the horizon waits for arrivals of that time.
    void run_to(Time horizon, const SimulationOptions& options) {
      for (const Sequence& sequence : inbox) {
        if (!advance_to(sequence.arrival, options)) return;
        engine.receive(sequence, sequence.arrival);
      }
      inbox.clear();
      advance_to(horizon, options);
    }
    /// False if it was interrupted on the way.
    bool advance_to(Time time, const SimulationOptions& options) {
      while (engine.next_event() < time) {
        if (options.interrupted() || engine.stuck()) return false;
        engine.advance();
      }
      return true;
    }

    std::vector<Sequence> inbox;
    Recorder recorder;
    Engine engine;
  };

  /// False at the end of the source.
  Result<bool> take_requests() {
    const std::int64_t requests_at_once = std::clamp<std::int64_t>(64 * options_.replicas, 1024, 16384);
    for (std::int64_t i = 0; i < requests_at_once; ++i) {
      PLUMB_ASSIGN(const std::optional<workload::Request> request, source_.next());
      if (!request) return false;
      last_arrival_ = Time::of_seconds(request->arrival_s);
      const Rejection rejection = log_.rejection(*request);
      const std::size_t replica = rejection == Rejection::none ? router_->route(*request, outstanding_) : 0;
      const std::int64_t number = log_.open(*request, rejection, replica);
      if (rejection != Rejection::none) continue;
      replicas_[replica]->inbox.push_back(log_.sequence_of(*request, number, last_arrival_));
    }
    return true;
  }

  std::int64_t finished() const {
    std::int64_t sum = 0;
    for (const auto& replica : replicas_) sum += replica->recorder.finishes();
    return sum;
  }

  Outcome finish() {
    log_.flush(true);
    for (const auto& replica : replicas_) totals_.add(replica->engine, replica->recorder);
    totals_.write(options_, outcome_);
    outcome_.duration_s = log_.duration_s();
    return std::move(outcome_);
  }

  const CompiledDeployment& deployment_;
  workload::RequestSource& source_;
  const SimulationOptions& options_;
  Outcome outcome_;
  RequestLog log_;
  OutcomeTotals totals_;
  std::unique_ptr<Router> router_;
  std::vector<std::unique_ptr<accelerator::StepTimer>> timers_;
  std::vector<std::size_t> group_ends_;  ///< one past the last replica of each
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::vector<std::int64_t> outstanding_;
  Time last_arrival_;
};

}  // namespace

Result<Outcome> simulate_apart(const CompiledDeployment& deployment, workload::RequestSource& source,
                               const SimulationOptions& options) {
  return Apart(deployment, source, options).run();
}

}  // namespace plumb::serving
