#include "serving/gap_totals.h"

#include <algorithm>
#include <cmath>

namespace plumb::serving {

void GapTotals::gaps(Time gap, std::int64_t count) {
  const double seconds = gap.seconds();
  count_ += count;
  sum_ += count * gap;
  squares_s2_ += static_cast<double>(count) * seconds * seconds;
  sketch_.add(seconds, static_cast<std::uint64_t>(count));
}

void GapTotals::gaps(const Ramp& ramp, std::int64_t count) {
  count_ += count * ramp.steps;
  sum_ += count * ramp.length(ramp.steps);
  // Sum of (a + i g)^2 for i < k: k a^2 + a g k (k - 1) + g^2 k (k - 1) (2 k - 1) / 6.
  const double a = ramp.first.seconds(), g = ramp.growth.seconds(), k = static_cast<double>(ramp.steps);
  squares_s2_ +=
      static_cast<double>(count) * (k * a * a + a * g * k * (k - 1.0) + g * g * k * (k - 1.0) * (2.0 * k - 1.0) / 6.0);
  sketch_.add_ramp(a, g, ramp.steps, static_cast<std::uint64_t>(count));
}

void GapTotals::merge(const GapTotals& other) {
  count_ += other.count_;
  sum_ += other.sum_;
  squares_s2_ += other.squares_s2_;
  sketch_.merge(other.sketch_);
}

double GapTotals::mean_s() const { return count_ > 0 ? sum_.seconds() / static_cast<double>(count_) : 0.0; }

double GapTotals::deviation_s() const {
  if (count_ == 0) return 0.0;
  const double mean = mean_s();
  return std::sqrt(std::max(0.0, squares_s2_ / static_cast<double>(count_) - mean * mean));
}

}  // namespace plumb::serving
