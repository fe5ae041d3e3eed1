#include "serving/request_log.h"

#include <algorithm>

namespace plumb::serving {

void RequestLog::expect(const workload::RequestSource& source) {
  constexpr std::int64_t at_once_max = 1 << 20;  // a count may be far above what a duration lets through
  if (options_.keep_records) {
    outcome_.requests.reserve(static_cast<std::size_t>(std::min(source.count_max(), at_once_max)));
  }
}

std::int64_t RequestLog::open(const workload::Request& request, Rejection rejection, std::size_t replica) {
  RequestRecord record;
  record.id = request.id;
  record.arrival_s = request.arrival_s;
  record.prompt_tokens = request.prompt_tokens;
  record.output_tokens = request.output_tokens;
  record.deadline_s = request.deadline_s;
  record.rejection = rejection;
  record.rejected = record.ended = rejection != Rejection::none;
  if (record.rejected) {
    ++outcome_.rejected;
    if (rejection == Rejection::never_fits) ++outcome_.rejected_never_fits;
  } else {
    record.replica = static_cast<std::int32_t>(replica);
  }
  first_arrival_s_ = std::min(first_arrival_s_, request.arrival_s);
  records_.push_back(record);
  if (options_.observer != nullptr) {
    options_.observer->arrived(record);
    if (record.rejected) options_.observer->ended(record, record.arrival_s);
  }
  return outcome_.arrived++;
}

void RequestLog::flush(bool all) {
  while (!records_.empty() && (all || records_.front().ended)) {
    const RequestRecord& record = records_.front();
    outcome_.cancelled += record.cancelled ? 1 : 0;
    if (record.completed()) last_finish_s_ = std::max(last_finish_s_, record.finish_s);
    if (options_.record) options_.record(record);
    if (options_.keep_records) outcome_.requests.push_back(record);
    if (!contents_.empty()) contents_.erase(first_);
    records_.pop_front();
    ++first_;
  }
}

double RequestLog::duration_s() const {
  return outcome_.arrived > 0 ? std::max(0.0, last_finish_s_ - first_arrival_s_) : 0.0;
}

Sequence RequestLog::sequence_of(const workload::Request& request, std::int64_t number, Time arrival) {
  Sequence sequence;
  sequence.request = number;
  sequence.arrival = arrival;
  sequence.prompt_tokens = request.prompt_tokens;
  sequence.output_tokens = request.output_tokens;
  sequence.priority = request.priority;
  sequence.cancel = Time::of_seconds(request.arrival_s + request.cancel_s);
  if (!shares_) return sequence;
  if (PromptContent content = content_of(request); !content.pieces.empty()) {
    sequence.content = &contents_.emplace(number, std::move(content)).first->second;
  }
  return sequence;
}

}  // namespace plumb::serving
