#include "serving/simulation.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <queue>

#include "serving/router.h"

namespace plumb::serving {
namespace {

/// Keeps the records of a run up to date with what its engines tell.
class Recorder : public EngineObserver {
 public:
  Recorder(const SimulationOptions& options, Outcome& outcome) : options_(options), outcome_(outcome) {}

  void scheduled(const Sequence& sequence, double time_s) override {
    RequestRecord& record = record_of(sequence);
    if (record.scheduled_s == never_s) {
      record.scheduled_s = time_s;
    } else {
      ++record.preemptions;
    }
  }

  void token(const Sequence& sequence, double time_s, double previous_s) override {
    if (options_.token) options_.token(time_s);
    if (sequence.generated == 1) {
      RequestRecord& record = record_of(sequence);
      record.first_token_s = time_s;
      ask_to_stop(record);
    } else if (options_.inter_token_latencies) {
      outcome_.itl.add(time_s - previous_s);
      outcome_.itl_sketch.add(time_s - previous_s);
    }
  }

  void finished(const Sequence& sequence, double time_s) override {
    RequestRecord& record = record_of(sequence);
    assert(record.first_token_s <= time_s && record.arrival_s < record.first_token_s);
    record.finish_s = time_s;
    ++finished_;
    ask_to_stop(record);
    constexpr std::int64_t progress_every = 4096;
    if (options_.progress && finished_ % progress_every == 0) options_.progress(finished_);
  }

  void batch(const model::Step& step) override {
    if (options_.step) options_.step(step);
  }

  bool stop() const { return stop_; }

 private:
  RequestRecord& record_of(const Sequence& sequence) {
    return outcome_.requests[static_cast<std::size_t>(sequence.request)];
  }
  void ask_to_stop(const RequestRecord& record) { stop_ = stop_ || (options_.stop && options_.stop(record)); }

  const SimulationOptions& options_;
  Outcome& outcome_;
  std::int64_t finished_ = 0;
  bool stop_ = false;
};

class FleetSimulation {
 public:
  FleetSimulation(const CompiledDeployment& deployment, workload::RequestSource& source,
                  const SimulationOptions& options)
      : deployment_(deployment),
        source_(source),
        options_(options),
        timer_(deployment.cost),
        recorder_(options, outcome_),
        router_(make_router(options.router)) {
    assert(router_ != nullptr && options.replicas > 0);
    const auto replicas = static_cast<std::size_t>(options.replicas);
    outstanding_.assign(replicas, 0);
    for (std::size_t i = 0; i < replicas; ++i)
      engines_.push_back(std::make_unique<Engine>(deployment, timer_, recorder_));
  }

  Result<Outcome> run() {
    PLUMB_ASSIGN(std::optional<workload::Request> arrival, source_.next());
    while (!recorder_.stop()) {
      drop_stale_events();
      const double event_s = events_.empty() ? never_s : events_.top().time_s;
      if (arrival && arrival->arrival_s <= event_s) {
        admit(*arrival);
        PLUMB_ASSIGN(arrival, source_.next());
      } else if (event_s < never_s) {
        advance(events_.top().replica);
      } else {
        break;
      }
    }
    return finish();
  }

 private:
  struct Event {
    double time_s;
    std::size_t replica;
    bool operator>(const Event& other) const {
      return time_s != other.time_s ? time_s > other.time_s : replica > other.replica;
    }
  };

  /// An engine whose next event moved leaves its old one in the queue.
  void drop_stale_events() {
    while (!events_.empty() && events_.top().time_s != engines_[events_.top().replica]->next_event_s()) events_.pop();
  }

  void expect(std::size_t replica) {
    const double time_s = engines_[replica]->next_event_s();
    if (time_s < never_s) events_.push({time_s, replica});
  }

  void advance(std::size_t replica) {
    events_.pop();
    engines_[replica]->advance();
    outstanding_[replica] = engines_[replica]->outstanding();
    expect(replica);
  }

  void admit(const workload::Request& request) {
    RequestRecord record;
    record.id = request.id;
    record.arrival_s = request.arrival_s;
    record.prompt_tokens = request.prompt_tokens;
    record.output_tokens = request.output_tokens;
    record.rejected = request.prompt_tokens + request.output_tokens > deployment_.max_model_len;
    if (record.rejected) {
      ++outcome_.rejected;
      outcome_.requests.push_back(record);
      return;
    }
    const std::size_t replica = router_->route(request, outstanding_);
    record.replica = static_cast<std::int32_t>(replica);
    Sequence sequence;
    sequence.request = static_cast<std::int64_t>(outcome_.requests.size());
    sequence.arrival_s = request.arrival_s;
    sequence.prompt_tokens = request.prompt_tokens;
    sequence.output_tokens = request.output_tokens;
    outcome_.requests.push_back(record);
    const double before_s = engines_[replica]->next_event_s();
    engines_[replica]->receive(sequence, request.arrival_s);
    ++outstanding_[replica];
    if (engines_[replica]->next_event_s() != before_s) expect(replica);
  }

  Result<Outcome> finish() {
    outcome_.stopped = recorder_.stop();
    for (const std::unique_ptr<Engine>& engine : engines_) add_counters(engine->counters());
    double last_s = 0.0, first_s = never_s;
    for (const RequestRecord& record : outcome_.requests) {
      first_s = std::min(first_s, record.arrival_s);
      if (record.completed()) last_s = std::max(last_s, record.finish_s);
      assert(outcome_.stopped || record.rejected || record.completed());
    }
    outcome_.duration_s = std::max(0.0, last_s - (outcome_.requests.empty() ? 0.0 : first_s));
    return std::move(outcome_);
  }

  void add_counters(const EngineCounters& counters) {
    outcome_.counters.steps += counters.steps;
    outcome_.counters.preemptions += counters.preemptions;
    outcome_.counters.prompt_tokens_computed += counters.prompt_tokens_computed;
    outcome_.counters.tokens_generated += counters.tokens_generated;
    outcome_.counters.busy_s += counters.busy_s;
    outcome_.counters.sequence_seconds += counters.sequence_seconds;
    outcome_.counters.cache_bytes_peak = std::max(outcome_.counters.cache_bytes_peak, counters.cache_bytes_peak);
  }

  const CompiledDeployment& deployment_;
  workload::RequestSource& source_;
  const SimulationOptions& options_;
  accelerator::StepTimer timer_;
  Outcome outcome_;
  Recorder recorder_;
  std::unique_ptr<Router> router_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::int64_t> outstanding_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
};

}  // namespace

Result<Outcome> simulate(const CompiledDeployment& deployment, workload::RequestSource& source,
                         const SimulationOptions& options) {
  return FleetSimulation(deployment, source, options).run();
}

}  // namespace plumb::serving
