#pragma once
// Gaps between tokens (ITL), added up: mean and deviation, and percentiles from a sketch.

#include <cstdint>

#include "base/statistics.h"
#include "serving/decode_set.h"

namespace plumb::serving {

class GapTotals final : public GapObserver {
 public:
  void gaps(Time gap, std::int64_t count) override;
  void gaps(const Ramp& ramp, std::int64_t count) override;
  void merge(const GapTotals& other);

  std::int64_t count() const { return count_; }
  double mean_s() const;                                                             ///< 0 without gaps
  double deviation_s() const;                                                        ///< of the population
  double percentile_s(double percent) const { return sketch_.percentile(percent); }  ///< within sketch's error
  double relative_error() const { return sketch_.relative_error(); }

 private:
  std::int64_t count_ = 0;
  Time sum_;
  double squares_s2_ = 0.0;
  PercentileSketch sketch_;
};

}  // namespace plumb::serving
