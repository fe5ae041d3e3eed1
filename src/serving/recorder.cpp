#include "serving/recorder.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

void Recorder::ran(const StepRun& run) {
  if (options_.run) options_.run(run, replica_);
  if (options_.time_shares) time_.add(run.sums, run.ramp.steps);
  if (options_.token_rate) token_rate_.add(run);
}

void Recorder::scheduled(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  if (record.scheduled_s == never_s) {
    record.scheduled_s = time.seconds();
    record.cached_tokens = std::max<std::int64_t>(0, sequence.cached_tokens);
  } else {
    ++record.preemptions;
  }
}

void Recorder::first_token(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  record.first_token_s = time.seconds();
  if (options_.stop) stop_ = options_.stop(record) || stop_;
}

void Recorder::finished(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  record.finish_s = time.seconds();
  record.ended = true;
  assert(record.first_token_s <= record.finish_s && record.arrival_s <= record.first_token_s);
  ++finishes_;
  if (options_.stop) stop_ = options_.stop(record) || stop_;
}

void Recorder::cancelled(const Sequence& sequence, Time) {
  RequestRecord& record = log_.at(sequence.request);
  record.cancelled = record.ended = true;
  ++finishes_;
}

void OutcomeTotals::add(const Engine& engine, const Recorder& recorder) {
  counters_.add(engine.counters());
  gaps_.merge(recorder.gap_totals());
  time_.merge(recorder.time());
  token_rate_.merge(recorder.token_rate());
}

void OutcomeTotals::write(const SimulationOptions& options, Outcome& outcome) const {
  outcome.counters = counters_;
  outcome.gaps = gaps_;
  if (options.time_shares) outcome.time = time_.shares();
  outcome.tokens_per_s_max = token_rate_.tokens_per_s_max();
}

}  // namespace plumb::serving
