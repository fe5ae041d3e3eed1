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

void PercentileSketch::add(double value, std::uint64_t times) {
  assert(value >= 0.0);
  if (times == 0) return;
  count_ += times;
  if (value < zero_below) {
    zeros_ += times;
    return;
  }
  const double finite = std::min(value, std::numeric_limits<double>::max());
  bins_[static_cast<int>(std::ceil(std::log(finite) / log_growth_))] += times;
}

void PercentileSketch::merge(const PercentileSketch& other) {
  assert(other.relative_error_ == relative_error_);
  count_ += other.count_;
  zeros_ += other.zeros_;
  for (const auto& [bin, times] : other.bins_) bins_[bin] += times;
}

double PercentileSketch::percentile(double percent) const {
  if (count_ == 0) return 0.0;
  const auto rank = static_cast<std::uint64_t>(rank_of(percent, static_cast<double>(count_ - 1)));
  std::uint64_t passed = zeros_;
  if (rank < passed) return 0.0;
  for (const auto& [bin, times] : bins_) {
    passed += times;
    // growth^bin * 2 / (1 + growth), as a power of e that does not overflow before the division.
    if (rank < passed) return std::exp(bin * log_growth_ + std::log1p(-relative_error_));
  }
  return std::exp(bins_.rbegin()->first * log_growth_ + std::log1p(-relative_error_));
}

}  // namespace plumb
