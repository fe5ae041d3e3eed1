#include "base/percentile_stream.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace plumb {

PercentileStream::PercentileStream(std::size_t exact_max, double relative_error)
    : exact_max_(exact_max), sketch_(relative_error) {}

void PercentileStream::add(double value) {
  assert(value >= 0.0);
  ++count_;
  if (std::isinf(value)) {
    ++infinite_;
  } else if (!exact()) {
    sketch_.add(value);
  } else if (values_.size() < exact_max_) {
    values_.push_back(value);
  } else {
    for (const double kept : values_) sketch_.add(kept);
    sketch_.add(value);
    std::vector<double>().swap(values_);
  }
}

double PercentileStream::percentile(double percent) {
  if (count_ == 0) return 0.0;
  const double rank = std::clamp(percent, 0.0, 100.0) / 100.0 * static_cast<double>(count_ - 1);
  const auto below = static_cast<std::int64_t>(rank);
  if (!exact() || infinite_ > 0) return at_rank(below);
  put_in_place(static_cast<std::size_t>(below));
  return percentile_sorted(values_, percent);  // which looks at that rank and the next
}

double PercentileStream::at_nearest_rank(double percent) {
  return count_ == 0 ? 0.0 : at_rank(nearest_rank(percent, count_) - 1);
}

double PercentileStream::at_rank(std::int64_t rank) {
  if (rank >= count_ - infinite_) return std::numeric_limits<double>::infinity();
  if (!exact()) return sketch_.at_rank(static_cast<std::uint64_t>(rank));
  put_in_place(static_cast<std::size_t>(rank));
  return values_[static_cast<std::size_t>(rank)];
}

/// Few percentiles are asked for, so values are not sorted but for the rank and the next.
void PercentileStream::put_in_place(std::size_t rank) {
  const auto at = values_.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values_.begin(), at, values_.end());
  if (at + 1 != values_.end()) std::iter_swap(at + 1, std::min_element(at + 1, values_.end()));
}

}  // namespace plumb
