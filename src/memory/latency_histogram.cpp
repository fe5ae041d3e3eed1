#include "memory/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace plumb::memory {
namespace {

// Below 2^14 a bin a tick; above, 2^7 bins for each doubling.
constexpr int exact_bits = 14, fine_bits = 7;
constexpr Tick exact = Tick{1} << exact_bits;

std::size_t bin_of(Tick latency) {
  if (latency < exact) return static_cast<std::size_t>(latency);
  const int width = std::bit_width(static_cast<std::uint64_t>(latency));  // over exact_bits
  const int shift = width - 1 - fine_bits;
  const Tick fine = (latency >> shift) - (Tick{1} << fine_bits);
  return static_cast<std::size_t>(exact + (static_cast<Tick>(width - 1 - exact_bits) << fine_bits) + fine);
}

/// The largest latency of a bin.
Tick top_of(std::size_t bin) {
  const auto at = static_cast<Tick>(bin);
  if (at < exact) return at;
  const Tick beyond = at - exact;
  const int shift = static_cast<int>(beyond >> fine_bits) + exact_bits - fine_bits;
  const Tick fine = (beyond & ((Tick{1} << fine_bits) - 1)) + (Tick{1} << fine_bits);
  return ((fine + 1) << shift) - 1;
}

}  // namespace

void LatencyHistogram::add(Tick latency) {
  const std::size_t bin = bin_of(latency);
  if (bin >= counts_.size()) counts_.resize(std::bit_ceil(bin + 1));
  ++counts_[bin];
  ++count_;
  sum_ += latency;
  max_ = std::max(max_, latency);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

Tick LatencyHistogram::quantile(double q) const {
  const auto rank = static_cast<std::int64_t>(std::ceil(q * static_cast<double>(count_)));
  std::int64_t seen = 0;
  for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
    seen += counts_[bin];
    if (counts_[bin] != 0 && seen >= rank) return std::min(top_of(bin), max_);
  }
  return 0;
}

}  // namespace plumb::memory
