#pragma once
// Latencies in ticks: exact up to a bound, then in steps of 1/128 of the value.
// Thread rule: belongs to one thread; merge() afterwards.

#include <cstdint>
#include <vector>

#include "memory/specification.h"

namespace plumb::memory {

class LatencyHistogram {
 public:
  void add(Tick latency);
  void merge(const LatencyHistogram& other);

  std::int64_t count() const { return count_; }
  Tick sum() const { return sum_; }
  double mean() const { return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_); }
  Tick max() const { return max_; }
  /// The least latency that a share `q` of all do not exceed (nearest rank). 0 where there are none.
  Tick quantile(double q) const;

 private:
  std::vector<std::int64_t> counts_;
  std::int64_t count_ = 0;
  Tick sum_ = 0, max_ = 0;
};

}  // namespace plumb::memory
