#pragma once
// The Pareto front: what no other beats. One beats another where it is at least as good in every objective and better
// in one (Pareto 1906); equals do not beat each other.

#include <cstddef>
#include <span>
#include <vector>

namespace plumb::study {

/// Whether each of the points is on the front. Every point has the same objectives, at least one, all to be minimised
/// and none NaN. Sorted by the first objective, so that a point need only be compared with the front so far:
/// O(n log n + n |front|).
std::vector<bool> pareto_front(const std::vector<std::vector<double>>& points);

/// Whether `a` beats `b`.
bool beats(std::span<const double> a, std::span<const double> b);

}  // namespace plumb::study
