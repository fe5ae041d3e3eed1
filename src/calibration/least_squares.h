#pragma once
// Robust least squares: the parameters that make the residuals small, without being led by the few that are large.
//
// Minimised is the sum of 2 s^2 (sqrt(1 + (r / s)^2) - 1) over the residuals r: squares where |r| < s, absolute values
// beyond. By Levenberg's and Marquardt's steps with weights 1 / sqrt(1 + (r / s)^2), derivatives by differences. A
// parameter lies between its bounds: it is the exponential of a logistic curve between their logarithms.
//
// The same arguments give the same bits. Thread rule: pure.

#include <functional>
#include <span>
#include <vector>

namespace plumb::calibration {

/// Bounds above zero, and where the search begins.
struct Unknown {
  double low = 0.0, high = 0.0, start = 0.0;
};

/// Writes the residuals at these values of the unknowns. Always as many, all finite.
using Residuals = std::function<void(std::span<const double> values, std::span<double> residuals)>;

/// `scale` is s above; `count` residuals.
std::vector<double> least_squares(std::span<const Unknown> unknowns, std::size_t count, double scale,
                                  const Residuals& residuals);

}  // namespace plumb::calibration
