#include <cassert>
#include <memory>
#include <optional>
#include <queue>

#include "serving/fleet.h"
#include "serving/recorder.h"
#include "serving/router.h"

namespace plumb::serving {
namespace {

/// A recorder that collects which requests ended, for closed loops.
class EndRecorder final : public Recorder {
 public:
  using Recorder::Recorder;
  void finished(const Sequence& sequence, Time time) override {
    Recorder::finished(sequence, time);
    ends_.push_back({log_.at(sequence.request).id, time.seconds()});
  }
  void cancelled(const Sequence& sequence, Time time) override {
    Recorder::cancelled(sequence, time);
    ends_.push_back({log_.at(sequence.request).id, time.seconds()});
  }
  struct End {
    std::int64_t id;
    double time_s;
  };
  std::vector<End>& ends() { return ends_; }

 private:
  std::vector<End> ends_;
};

/// The next request of an open or a closed loop.
class Arrivals {
 public:
  explicit Arrivals(workload::RequestSource& source) : source_(source), closed_(source.closed_loop()) {}

  Status start() { return closed_ ? Status{} : fetch(); }
  double next_s() const { return closed_ ? source_.next_arrival_s() : ahead_ ? ahead_->arrival_s : never_s; }
  /// The request of next_s(), which is finite.
  Result<workload::Request> take() {
    if (closed_) PLUMB_TRY(fetch());
    workload::Request request = std::move(*ahead_);
    ahead_.reset();
    if (!closed_) PLUMB_TRY(fetch());
    return request;
  }
  void ended(std::int64_t id, double time_s) {
    if (closed_) source_.finished(id, time_s);
  }
  bool closed() const { return closed_; }

 private:
  Status fetch() {
    PLUMB_ASSIGN(ahead_, source_.next());
    assert(!closed_ || ahead_);
    return {};
  }
  workload::RequestSource& source_;
  bool closed_;
  std::optional<workload::Request> ahead_;
};

class Together {
 public:
  Together(const CompiledDeployment& deployment, workload::RequestSource& source, const SimulationOptions& options)
      : deployment_(deployment),
        options_(options),
        arrivals_(source),
        timer_(make_timer(deployment)),
        log_(deployment, options, outcome_),
        totals_(deployment),
        router_(make_router(options.router)) {
    assert(router_ != nullptr && options.replicas > 0);
    const auto replicas = static_cast<std::size_t>(options.replicas);
    outstanding_.assign(replicas, 0);
    log_.expect(source);
    for (std::size_t i = 0; i < replicas; ++i) {
      recorders_.push_back(std::make_unique<EndRecorder>(deployment, options, log_, i));
      engines_.push_back(std::make_unique<Engine>(deployment, *timer_, *recorders_.back(), options.stepping));
    }
  }

  Result<Outcome> run() {
    PLUMB_TRY(arrivals_.start());
    while (!stop_ && !options_.interrupted()) {
      drop_stale_events();
      const Time event = events_.empty() ? Time::never() : events_.top().time;
      const double arrival_s = arrivals_.next_s();
      if (arrival_s < never_s && Time::of_seconds(arrival_s) <= event) {
        PLUMB_ASSIGN(const workload::Request request, arrivals_.take());
        admit(request);
      } else if (event < Time::never()) {
        const std::size_t replica = events_.top().replica;
        advance(events_.top());
        if (engines_[replica]->stuck()) return fail(stuck_error(deployment_));
      } else {
        break;
      }
    }
    for (const auto& engine : engines_) {
      if (!stop_ && !options_.interrupted() && engine->outstanding() > 0) return fail(stuck_error(deployment_));
    }
    return finish();
  }

 private:
  struct Event {
    Time time;
    std::size_t replica;
    bool operator>(const Event& other) const {
      return time != other.time ? time > other.time : replica > other.replica;
    }
  };

  /// An engine whose next event moved leaves its old one in the queue.
  void drop_stale_events() {
    while (!events_.empty() && events_.top().time != engines_[events_.top().replica]->next_event()) events_.pop();
  }

  void expect(std::size_t replica) {
    const Time time = engines_[replica]->next_event();
    if (time < Time::never()) events_.push({time, replica});
  }

  void advance(Event event) {
    events_.pop();
    now_ = event.time;
    engines_[event.replica]->advance();
    outstanding_[event.replica] = engines_[event.replica]->outstanding();
    expect(event.replica);
    tell_ends(*recorders_[event.replica]);
    stop_ = stop_ || recorders_[event.replica]->stop();
  }

  void tell_ends(EndRecorder& recorder) {
    if (recorder.ends().empty()) return;
    for (const EndRecorder::End& end : recorder.ends()) arrivals_.ended(end.id, end.time_s);
    finished_ += static_cast<std::int64_t>(recorder.ends().size());
    recorder.ends().clear();
    constexpr std::int64_t progress_every = 1024;
    if (finished_ < told_ + progress_every) return;
    told_ = finished_;
    for (const auto& each : recorders_) totals_.collect(*each);
    log_.flush();
    if (options_.progress) stop_ = options_.progress(finished_) || stop_;
  }

  void admit(const workload::Request& request) {
    // The end of a request that brought this one is told in seconds, which may round to before it.
    now_ = std::max(now_, Time::of_seconds(request.arrival_s));
    const Rejection rejection = log_.rejection(request);
    if (rejection != Rejection::none) {
      log_.open(request, rejection, 0);
      arrivals_.ended(request.id, request.arrival_s);
      return;
    }
    const std::size_t replica = router_->route(request, outstanding_);
    const std::int64_t number = log_.open(request, rejection, replica);
    const Time before = engines_[replica]->next_event();
    engines_[replica]->receive(log_.sequence_of(request, number, now_), now_);
    ++outstanding_[replica];
    if (engines_[replica]->next_event() != before) expect(replica);
  }

  Outcome finish() {
    log_.flush(true);
    outcome_.stopped = stop_ || options_.interrupted();
    for (std::size_t i = 0; i < engines_.size(); ++i) totals_.add(*engines_[i], *recorders_[i]);
    totals_.write(options_, outcome_);
    outcome_.duration_s = log_.duration_s();
    return std::move(outcome_);
  }

  const CompiledDeployment& deployment_;
  const SimulationOptions& options_;
  Arrivals arrivals_;
  std::unique_ptr<accelerator::StepTimer> timer_;
  Outcome outcome_;
  RequestLog log_;
  OutcomeTotals totals_;
  std::unique_ptr<Router> router_;
  std::vector<std::unique_ptr<EndRecorder>> recorders_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::int64_t> outstanding_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  Time now_;
  std::int64_t finished_ = 0, told_ = 0;
  bool stop_ = false;
};

}  // namespace

Result<Outcome> simulate_together(const CompiledDeployment& deployment, workload::RequestSource& source,
                                  const SimulationOptions& options) {
  return Together(deployment, source, options).run();
}

}  // namespace plumb::serving
