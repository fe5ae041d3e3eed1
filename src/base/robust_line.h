#pragma once
// A line through points of which some are far off.

#include <span>

namespace plumb {

struct Line {
  double intercept = 0.0, slope = 0.0;
  double at(double x) const { return intercept + slope * x; }
};

/// Theil and Sen's line: its slope is the median of the slopes between any two points of different x, its intercept the
/// median of y - slope x. As long as less than 29 % of the points are wrong, however wrong, it stays by the others
/// (P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 1968). Where all x are equal the
/// slope is 0; without points so is the intercept.
///
/// `x` and `y` are of one length and finite. Of more than 1,000 points, that many evenly picked in the order of x stand
/// for all in the slope: 500,000 pairs at most. Pure: any number of threads.
Line robust_line(std::span<const double> x, std::span<const double> y);

}  // namespace plumb
