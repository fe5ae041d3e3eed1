#pragma once
// Percentiles of values that come one by one: exact while there are few, sketched beyond, in bounded memory.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/statistics.h"

namespace plumb {

/// The smallest number of `count` values, at least 1, that is `percent` of them or more: the rank from 1 of the value
/// that so many do not exceed. Multiplied first, as 28 / 100 * 25 is more than 7 and 28 * 25 / 100 is not.
inline std::int64_t nearest_rank(double percent, std::int64_t count) {
  const auto values = static_cast<double>(count);
  return static_cast<std::int64_t>(std::clamp(std::ceil(percent * values / 100.0), 1.0, values));
}

/// The first `exact_max` values are kept; with one more, all go into a PercentileSketch and what is told is within its
/// relative error. Values are not negative; infinite ones are counted apart and exact in either case. The order of the
/// values does not matter. Thread rule: one thread; percentiles reorder what was kept, so they are not const.
class PercentileStream {
 public:
  static constexpr std::size_t exact_max_default = 1'000'000;
  explicit PercentileStream(std::size_t exact_max = exact_max_default, double relative_error = 0.005);

  void add(double value);
  std::int64_t count() const { return count_; }
  /// Interpolated linearly between ranks while exact, as numpy.percentile does; of a sketch, the value of the rank
  /// below. 0 without values.
  double percentile(double percent);
  /// The smallest value that at least `percent` of the values do not exceed. 0 without values.
  double at_nearest_rank(double percent);

  bool exact() const { return sketch_.count() == 0; }
  double relative_error() const { return exact() ? 0.0 : sketch_.relative_error(); }

 private:
  double at_rank(std::int64_t rank);
  void put_in_place(std::size_t rank);

  std::size_t exact_max_;
  std::int64_t count_ = 0, infinite_ = 0;
  std::vector<double> values_;  ///< finite ones, while exact
  PercentileSketch sketch_;
};

}  // namespace plumb
