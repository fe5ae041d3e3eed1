#include "cli/timeline_feed.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace plumb::cli {

TimelineFeed::TimelineFeed(Timeline timeline, const serving::CompiledDeployment& deployment, int replicas,
                           bool each_step)
    : timeline_(std::move(timeline)),
      deployment_(deployment),
      each_step_(each_step),
      busy_until_s_(static_cast<std::size_t>(replicas)) {}

void TimelineFeed::ran(const RunSteps& run) {
  std::optional<double>& busy_until_s = busy_until_s_[static_cast<std::size_t>(run.replica())];
  if (busy_until_s && run.begin_s() > *busy_until_s) idle(run.replica());
  busy_until_s = std::max(busy_until_s.value_or(0.0), run.end_s());
  if (each_step_) {
    for (std::int64_t i = 0; i < run.count(); ++i) timeline_.step(run.at(i));
    return;
  }
  const StepRecord whole = run.whole();
  timeline_.step(whole, run.count());
  // With several batches under way, the next may have begun before these arrivals.
  if (deployment_.cost.stages() > 1) return;
  std::int64_t waiting = whole.waiting;
  for (const Time arrival : run.arrivals()) timeline_.waiting(run.replica(), arrival.seconds(), ++waiting);
}

void TimelineFeed::transferred(const serving::TierTransfer& transfer, std::size_t replica) {
  const std::string_view direction = transfer.read ? "read" : "written";
  Timeline::Transfer told;
  told.number = 2 * transfer.tier + (transfer.read ? 0 : 1);
  told.link = fmt::format("tier {}, {}", deployment_.cache_tiers[transfer.tier].name, direction);
  told.asked_s = transfer.transfer.asked.seconds();
  told.begin_s = transfer.transfer.begin.seconds();
  told.end_s = transfer.transfer.end.seconds();
  told.bytes = transfer.transfer.bytes;
  timeline_.transferred(static_cast<int>(replica), told);
}

void TimelineFeed::idle(int replica) {
  constexpr double no_step_w = 0.0;
  timeline_.idle(replica, *busy_until_s_[static_cast<std::size_t>(replica)], no_step_w);
}

void TimelineFeed::arrived(const serving::RequestRecord& record) {
  if (record.rejected) return;
  timeline_.arrived(record.id, record.replica, record.arrival_s, record.prompt_tokens, record.output_tokens);
}

void TimelineFeed::scheduled(const serving::RequestRecord& record, double time_s) {
  timeline_.prefilling(record.id, time_s);
}

void TimelineFeed::first_token(const serving::RequestRecord& record) {
  timeline_.decoding(record.id, record.first_token_s);
}

void TimelineFeed::preempted(const serving::RequestRecord& record, double time_s) {
  timeline_.preempted(record.id, time_s);
}

void TimelineFeed::resumed(const serving::RequestRecord& record, double time_s) {
  timeline_.decoding(record.id, time_s);
}

void TimelineFeed::ended(const serving::RequestRecord& record, double time_s) {
  if (!record.rejected) timeline_.finished(record.id, time_s);
}

Status TimelineFeed::finish() {
  for (std::size_t replica = 0; replica < busy_until_s_.size(); ++replica) {
    if (busy_until_s_[replica]) idle(static_cast<int>(replica));
  }
  return timeline_.finish();
}

}  // namespace plumb::cli
