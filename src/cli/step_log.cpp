#include "cli/step_log.h"

#include <cassert>
#include <utility>

namespace plumb::cli {

StepLog::StepLog(StreamFile file, std::int64_t every)
    : file_(std::move(file)),
      every_(every),
      csv_({"time_s", "duration_s", "replica", "sequences", "decode_sequences", "prefill_tokens", "tokens", "waiting",
            "kv_cache_usage", "preemptions"}) {
  assert(every >= 1 && "every step, or fewer");
}

Result<StepLog> StepLog::create(const std::string& path, std::int64_t every) {
  PLUMB_ASSIGN(StreamFile file, StreamFile::create(path));
  return StepLog(std::move(file), every);
}

StepLog::Replica& StepLog::replica(int number) {
  assert(number >= 0 && "replicas count from 0");
  const auto position = static_cast<std::size_t>(number);
  if (position >= replicas_.size()) replicas_.resize(position + 1);
  return replicas_[position];
}

void StepLog::add(const StepRecord& step) {
  Replica& of = replica(step.replica);
  of.preemptions += step.preemptions;
  if (of.until_next > 0) {
    --of.until_next;
    return;
  }
  of.until_next = every_ - 1;
  csv_.row(step.time_s, step.duration_s, step.replica, step.sequences, step.decode_sequences, step.prefill_tokens,
           step.tokens, step.waiting, step.kv_cache_usage, std::exchange(of.preemptions, 0));
  constexpr std::int64_t rows_at_once = 256;
  if (++rows_ % rows_at_once == 0) file_.write(csv_.take());
}

std::int64_t StepLog::steps_left_out(int replica) const {
  const auto position = static_cast<std::size_t>(replica);
  return position < replicas_.size() ? replicas_[position].until_next : 0;
}

void StepLog::pass(int replica, std::int64_t steps) {
  assert(steps >= 0 && steps <= steps_left_out(replica) && "a step of the sample is passed over");
  if (steps > 0) this->replica(replica).until_next -= steps;
}

Status StepLog::finish() {
  file_.write(csv_.take());
  return file_.commit();
}

}  // namespace plumb::cli
