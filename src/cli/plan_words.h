#pragma once
// How a plan's parts are put into words, the same on the terminal and in the report.

#include <string>

#include "planner/plan.h"

namespace plumb::cli {

/// "TTFT P95 <= 1 s, TPOT P95 <= 50 ms"
std::string target_words(const serving::Targets& targets);
/// "TP4 PP2, chunk 8192": the parallelism and the engine's limits.
std::string layout_words(const planner::Candidate& candidate);
/// "rent $2.35/h (2026-03)" or "purchase $15 k (undated)".
std::string price_words(const economics::ChosenPrice& price);
/// "1", or "1 tie".
std::string rank_words(const planner::Choice& choice);
/// "1 replica", "29 replicas".
std::string replica_words(std::int64_t replicas);
/// What the service asks: users, rates, lengths.
std::string demand_words(const planner::Service& service, const planner::Plan& plan);
/// "12 discarded by memory, 3 discarded by unknown price"; empty if nothing was.
std::string discard_words(const planner::Plan& plan);
/// For each model without a fleet, that it has none and a reason; empty if all have one.
std::string unplanned_words(const planner::Service& service, const planner::Plan& plan);
/// The first discard whose label begins with `model`, with its reason; empty if there is none.
std::string first_reason(const planner::Plan& plan, std::string_view model);
/// Why nothing was found, and what is nearest to reach.
std::string unmet_words(const planner::Plan& plan);
/// "q, k, v; output; gate and up (98 %)": operators that run in memory, with the share of their time that does where it
/// is not all; "none". Empty on an accelerator whose memory does not compute.
std::string in_memory_words(const accelerator::TimeShares& time);
/// A latency at its percentile, or "n/a" where the service has no such target.
std::string latency_words(const std::optional<serving::TargetResult>& result);

}  // namespace plumb::cli
