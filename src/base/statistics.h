#pragma once
// Means and percentiles, exact where the values fit in memory and sketched where they do not.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumb {

/// Mean and deviation of a stream of values, by Welford's recurrence.
class Moments {
 public:
  void add(double value);
  std::uint64_t count() const { return count_; }
  double mean() const { return mean_; }  ///< 0 without values
  double deviation() const;              ///< population standard deviation, as numpy.std gives it
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0.0, squares_ = 0.0, minimum_ = 0.0, maximum_ = 0.0;
};

/// Percentile `percent` (0 ... 100) of values that are sorted ascending, interpolated linearly between the two nearest
/// ranks as numpy.percentile does. 0 without values.
double percentile_sorted(std::span<const double> sorted, double percent);
/// The same for values in any order; the argument is a copy to be sorted.
double percentile(std::vector<double> values, double percent);

/// Percentiles of a stream in bounded memory: values fall in bins whose bounds grow by a constant factor, so that any
/// percentile is within `relative_error` of the value of its rank (DDSketch, Masson et al. 2019). Values must not be
/// negative; values under 1e-12 count as zero.
class PercentileSketch {
 public:
  explicit PercentileSketch(double relative_error = 0.005);
  void add(double value, std::uint64_t times = 1);
  /// `times` of each of first + i x growth, i = 0 ... count - 1; growth is not negative. Costs as much as the bins that
  /// the values fall in.
  void add_ramp(double first, double growth, std::int64_t count, std::uint64_t times);
  void merge(const PercentileSketch& other);  ///< of the same relative error
  double percentile(double percent) const;
  /// The value of a rank from 0, which is less than count().
  double at_rank(std::uint64_t rank) const;
  std::uint64_t count() const { return count_; }
  double relative_error() const { return relative_error_; }

 private:
  int bin_of(double value) const;
  void add_to_bin(int bin, std::uint64_t times);

  double relative_error_, log_growth_;
  std::uint64_t count_ = 0, zeros_ = 0;
  int first_bin_ = 0;
  std::vector<std::uint64_t> bins_;  ///< from first_bin_ on, as far as values reached
};

}  // namespace plumb
