#pragma once
// SGLang's estimate of what running requests will still generate: a share of what they may (new_token_ratio of
// scheduler.py and global_config.py). It falls by a fixed amount with each decode step, to a least value, and is set
// anew when requests are retracted. Kept as a count of steps, so that many at once give the same bits.

#include <algorithm>
#include <cstdint>

namespace plumb::serving {

class SglangRatio {
 public:
  /// As in an engine that is idle.
  void reset(double schedule_conservativeness) {
    first_ = std::min(1.0, 0.7 * schedule_conservativeness);
    least_ = 0.14 * first_;
    set(first_);
  }
  void set(double ratio) {
    ratio_ = ratio;
    decays_ = 0;
  }
  void decay(std::int64_t steps) { decays_ += steps; }
  double value() const {
    constexpr double steps_to_least = 600.0;
    const double fall = (first_ - least_) / steps_to_least;
    return decays_ == 0 ? ratio_ : std::max(least_, ratio_ - fall * static_cast<double>(decays_));
  }

 private:
  double first_ = 0.7, least_ = 0.098, ratio_ = 0.7;
  std::int64_t decays_ = 0;
};

}  // namespace plumb::serving
