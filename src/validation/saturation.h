#pragma once
// Near saturation a latency is mostly queue: a percent of throughput is a multiple of it. There its error says little
// of the model.
//
// Where a source varied the rate of one configuration, its knee is the highest rate at which the measured system kept
// up: it completed at least 95 % of what arrived in a second. Latencies above 80 % of the knee are set aside;
// throughputs stay. Where only one rate was measured they are set aside if the system did not keep up, and for MLPerf's
// Server scenario, which reports the highest rate that meets its limits: the knee itself. TPOT stays everywhere.

namespace plumb::validation {

struct Validation;

inline constexpr const char* saturated_reason = "near saturation: the latency is mostly queue";

/// Marks rows as not scored; simulated values stay.
void set_aside_saturated(Validation& validation);

}  // namespace plumb::validation
