#pragma once
// Which requests a real server left out of steps while others went on: the mark of a preemption that a client can see.

#include <vector>

#include "workload/measured_run.h"

namespace plumb::workload {

/// For each of the run's requests, in their order. Every step of an engine gives each running sequence a token, so a
/// slow step is a gap for all of them. A request is stalled if during its longest gap others that were decoding from
/// its beginning to its end got three tokens or more each (their median; two may be an accident of the network). Up to
/// 16 others, the nearest by start, are looked at. Nothing is stalled where the file has no start times or no gaps.
std::vector<bool> stalled_requests(const MeasuredRun& run);

}  // namespace plumb::workload
