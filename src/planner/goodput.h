#pragma once
// Goodput of a replica: the highest rate of requests at which every target is met.
//
// The rate is searched on a fixed geometric grid under `rate_max`, the rate at which the replica saturates: from the
// top down in doubling strides until one passes, then by bisection. Neither the grid nor the number of requests depends
// on the targets, and all rates and targets see the same requests (common random numbers). So a rate that meets the
// stricter of two sets of targets meets the looser too, and two searches take the same steps until the first rate where
// only the looser one passes; from there the looser stays above. Hence a looser target never lowers the goodput, chance
// or not.

#include <vector>

#include "planner/load_test.h"

namespace plumb::planner {

struct Goodput {
  double rate_per_s = 0.0;                 ///< 0 if no rate of the grid meets the targets
  LoadResult at;                           ///< the test at that rate; at the lowest rate of the grid if none meets them
  std::vector<LoadResult> complete_tests;  ///< every test that ran to its end, by rate
};

Goodput find_goodput(const Service& service, const serving::CompiledDeployment& deployment, double rate_max,
                     std::int64_t requests);

/// The grid spans rate_max / grid_span ... rate_max in grid_points steps of equal ratio.
inline constexpr double grid_span = 128.0;
inline constexpr int grid_points = 192;

}  // namespace plumb::planner
