#pragma once
// A fleet of equal replicas for a candidate whose goodput is known: how many, what it costs, what it takes.

#include "planner/plan.h"

namespace plumb::planner {

/// Replicas, cost and power for the peak of the day; latencies and time shares are added by measure_at_peak().
Choice size_fleet(const Service& service, const Candidate& candidate, const Goodput& goodput);

/// Simulates one replica of the fleet at the peak of the day and fills in what that tells.
void measure_at_peak(const Service& service, std::int64_t requests, Choice& choice);

}  // namespace plumb::planner
