#include "serving/recorder.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

void Recorder::ran(const StepRun& run) {
  if (options_.run) options_.run(run, replica_);
  if (options_.time_shares) time_.add(run.sums, run.ramp.steps);
  if (options_.token_rate) token_rate_.add(run);
}

void Recorder::gaps(Time gap, std::int64_t count) {
  if (options_.inter_token_latencies) gaps_.gaps(gap, count);
  if (options_.gaps) options_.gaps({gap, {}, 1}, count, replica_);
}

void Recorder::gaps(const Ramp& ramp, std::int64_t count) {
  if (options_.inter_token_latencies) gaps_.gaps(ramp, count);
  if (options_.gaps) options_.gaps(ramp, count, replica_);
}

void Recorder::transferred(const TierTransfer& transfer) {
  if (options_.transfer) options_.transfer(transfer, replica_);
}

void Recorder::scheduled(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  if (record.scheduled_s == never_s) {
    record.scheduled_s = time.seconds();
    record.cached_tokens = std::max<std::int64_t>(0, sequence.cached_tokens);
    record.loaded_tokens = sequence.loaded_tokens;
  }
  if (options_.observer != nullptr) options_.observer->scheduled(record, time.seconds());
}

void Recorder::preempted(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  ++record.preemptions;
  if (options_.observer != nullptr) options_.observer->preempted(record, time.seconds());
}

void Recorder::resumed(const Sequence& sequence, Time time) {
  if (options_.observer != nullptr) options_.observer->resumed(log_.at(sequence.request), time.seconds());
}

void Recorder::first_token(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  record.first_token_s = time.seconds();
  if (options_.observer != nullptr) options_.observer->first_token(record);
  if (options_.stop) stop_ = options_.stop(record) || stop_;
}

void Recorder::finished(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  record.finish_s = time.seconds();
  record.ended = true;
  assert(record.first_token_s <= record.finish_s && record.arrival_s <= record.first_token_s);
  ++finishes_;
  if (options_.observer != nullptr) options_.observer->ended(record, record.finish_s);
  if (options_.stop) stop_ = options_.stop(record) || stop_;
}

void Recorder::cancelled(const Sequence& sequence, Time time) {
  RequestRecord& record = log_.at(sequence.request);
  record.cancelled = record.ended = true;
  ++finishes_;
  if (options_.observer != nullptr) options_.observer->ended(record, time.seconds());
}

void OutcomeTotals::add(const Engine& engine, Recorder& recorder) {
  collect(recorder);
  counters_.add(engine.counters());
  gaps_.merge(recorder.gap_totals());
  time_.merge(recorder.time());
}

void OutcomeTotals::write(const SimulationOptions& options, Outcome& outcome) const {
  outcome.counters = counters_;
  outcome.gaps = gaps_;
  if (options.time_shares) outcome.time = time_.shares();
  outcome.tokens_per_s_max = tokens_.tokens_per_s_max();
}

}  // namespace plumb::serving
