#pragma once
// The knee: the highest rate at which a deployment keeps its limits. MLPerf's Server scenario reports it, and a latency
// at it says nothing that the knee does not say better.
//
// Simulated, it is found by bisection between a twentieth and 1.2 times the rate at which all requests at once are
// completed: the highest rate with the 99th percentiles of TTFT and of TPOT within the limits. It does not look at the
// measured one.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "validation/validation.h"

namespace plumb::validation {

struct Limits {
  double ttft_s = 0.0, tpot_s = 0.0;
};
/// "limits p99 ttft 2000 ms tpot 200 ms"; nothing where they are not told.
std::optional<Limits> limits_in(std::string_view notes);

struct Knee {
  std::size_t run = 0;                                 ///< index of Validation::runs
  double measured_per_s = 0.0, simulated_per_s = 0.0;  ///< requests a second of all engines
};

/// Of every simulated run at a rate whose notes tell the limits, in order of the runs. One that keeps them at no rate
/// is left out.
std::vector<Knee> knees_of(const Validation& validation, int jobs);

struct KneeFigures {
  std::size_t cells = 0, runs = 0;
  double median = 0.0, p90 = 0.0, bias = 0.0;  ///< of e = ln(simulated / measured), over cells of device x model
};
KneeFigures figures_of(const Validation& validation, const std::vector<Knee>& knees);

}  // namespace plumb::validation
