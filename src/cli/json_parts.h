#pragma once
// Parts that the JSON of several commands has in common.

#include <optional>
#include <string_view>

#include "planner/plan.h"
#include "report/json_writer.h"
#include "serving/targets.h"

namespace plumb::cli {

/// `key`: percentile, limit_ms, measured_ms, met; null where there is no such target.
void write_target(report::JsonWriter& json, std::string_view key, const std::optional<serving::TargetResult>& result);
/// time_share_by_bound and time_share_by_family; in_memory on an accelerator whose memory computes.
void write_time(report::JsonWriter& json, const accelerator::TimeShares& time);

}  // namespace plumb::cli
