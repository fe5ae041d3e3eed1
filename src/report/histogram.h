#pragma once
// Counts of values in buckets whose bounds are fixed beforehand, as Prometheus defines them: bucket i holds the values
// that are at most bound i and above the one before it, and one more bucket holds the rest.
//
// Given bounds b_0 < ... < b_(n-1):  count_i = values in (b_(i-1), b_i],  count_n = values above b_(n-1),
// sum = sum of all values. Two histograms of the same bounds merge by adding counts and sums.
// Thread rule: one thread.

#include <cstdint>
#include <span>
#include <vector>

namespace plumb::report {

class Histogram {
 public:
  /// Finite bounds in ascending order; there may be none.
  explicit Histogram(std::vector<double> bounds);

  /// Counts `value`, which is a number, `times` times (none at all where that is 0).
  void add(double value, std::int64_t times = 1);
  /// Adds a histogram of the same bounds.
  void merge(const Histogram& other);

  std::span<const double> bounds() const { return bounds_; }
  std::span<const std::int64_t> counts() const { return counts_; }  ///< one more than bounds
  std::int64_t count() const { return count_; }
  double sum() const { return sum_; }

 private:
  std::vector<double> bounds_;
  std::vector<std::int64_t> counts_;
  std::int64_t count_ = 0;
  double sum_ = 0.0;
};

}  // namespace plumb::report
