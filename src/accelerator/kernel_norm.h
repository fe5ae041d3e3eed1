#pragma once
// How two things that a kernel does at the same time add up.

#include <algorithm>
#include <cmath>

namespace plumb::accelerator {

/// (a^p + b^p)^(1/p), neither below zero: from a + b for p = 1, where nothing overlaps, to max(a, b) for p at its most.
/// Never below max(a, b).
inline double joined(double a, double b, double p) {
  constexpr double whole_overlap = 64.0;
  const double more = std::max(a, b), less = std::min(a, b);
  if (less <= 0.0 || p >= whole_overlap) return more;
  return more * std::pow(1.0 + std::pow(less / more, p), 1.0 / p);
}

}  // namespace plumb::accelerator
