#include "base/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace plumb {
namespace {

constexpr double zero_below = 1e-12;

/// The rank (from 0, fractional) that numpy's linear percentile stands at.
double rank_of(double percent, double last_rank) { return std::clamp(percent, 0.0, 100.0) / 100.0 * last_rank; }

}  // namespace

void Moments::add(double value) {
  ++count_;
  minimum_ = count_ == 1 ? value : std::min(minimum_, value);
  maximum_ = count_ == 1 ? value : std::max(maximum_, value);
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

double Moments::deviation() const { return count_ == 0 ? 0.0 : std::sqrt(squares_ / static_cast<double>(count_)); }

double percentile_sorted(std::span<const double> sorted, double percent) {
  if (sorted.empty()) return 0.0;
  const double rank = rank_of(percent, static_cast<double>(sorted.size() - 1));
  const auto below = static_cast<std::size_t>(rank);
  const double low = sorted[below];
  const double high = sorted[std::min(below + 1, sorted.size() - 1)];
  if (low == high) return low;  // also two infinities, whose difference is no number
  // From the nearer end, so that both ends are met exactly, as numpy does.
  const double share = rank - static_cast<double>(below);
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1.0 - share);
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  return percentile_sorted(values, percent);
}

// A bin i holds the values in (growth^(i-1), growth^i] with growth = (1 + e) / (1 - e). The value 2 growth^i / (1 +
// growth) stands for all of them: it is within e of either bound.
PercentileSketch::PercentileSketch(double relative_error)
    : relative_error_(relative_error), log_growth_(std::log1p(relative_error) - std::log1p(-relative_error)) {
  assert(relative_error >= 1e-6 && relative_error < 1.0);  // finer bins would not fit their number
}

int PercentileSketch::bin_of(double value) const {
  const double finite = std::min(value, std::numeric_limits<double>::max());
  return static_cast<int>(std::ceil(std::log(finite) / log_growth_));
}

void PercentileSketch::add_to_bin(int bin, std::uint64_t times) {
  if (bins_.empty()) first_bin_ = bin;
  if (bin < first_bin_) {
    bins_.insert(bins_.begin(), static_cast<std::size_t>(first_bin_ - bin), 0);
    first_bin_ = bin;
  }
  const auto index = static_cast<std::size_t>(bin - first_bin_);
  if (index >= bins_.size()) bins_.resize(index + 1);
  bins_[index] += times;
}

void PercentileSketch::add(double value, std::uint64_t times) {
  assert(value >= 0.0);
  if (times == 0) return;
  count_ += times;
  if (value < zero_below) {
    zeros_ += times;
  } else {
    add_to_bin(bin_of(value), times);
  }
}

void PercentileSketch::add_ramp(double first, double growth, std::int64_t count, std::uint64_t times) {
  assert(first >= zero_below && growth >= 0.0);
  if (times == 0) return;
  for (std::int64_t i = 0; i < count;) {
    const double value = first + growth * static_cast<double>(i);
    const int bin = bin_of(value);
    // Up to the bin's upper bound; at least the one value that is known to be in it.
    const double steps = growth > 0.0 ? (std::exp(bin * log_growth_) - value) / growth : static_cast<double>(count);
    const double left = static_cast<double>(count - i - 1);
    const std::int64_t same = 1 + static_cast<std::int64_t>(std::clamp(steps, 0.0, left));
    add_to_bin(bin, times * static_cast<std::uint64_t>(same));
    i += same;
  }
  count_ += times * static_cast<std::uint64_t>(count);
}

void PercentileSketch::merge(const PercentileSketch& other) {
  assert(other.relative_error_ == relative_error_);
  count_ += other.count_;
  zeros_ += other.zeros_;
  for (std::size_t i = 0; i < other.bins_.size(); ++i) {
    if (other.bins_[i] > 0) add_to_bin(other.first_bin_ + static_cast<int>(i), other.bins_[i]);
  }
}

double PercentileSketch::percentile(double percent) const {
  if (count_ == 0) return 0.0;
  return at_rank(static_cast<std::uint64_t>(rank_of(percent, static_cast<double>(count_ - 1))));
}

double PercentileSketch::at_rank(std::uint64_t rank) const {
  assert(rank < count_);
  std::uint64_t passed = zeros_;
  if (rank < passed) return 0.0;
  std::size_t i = 0;
  while (i + 1 < bins_.size() && rank >= passed + bins_[i]) passed += bins_[i++];
  // growth^bin * 2 / (1 + growth), as a power of e that does not overflow before the division.
  return std::exp((first_bin_ + static_cast<int>(i)) * log_growth_ + std::log1p(-relative_error_));
}

}  // namespace plumb
