#pragma once
// Where the time of many steps goes, as shares of it.

#include <array>

#include "accelerator/step_cost.h"

namespace plumb::accelerator {

struct TimeShares {
  std::array<double, bounds> by_bound{};
  std::array<double, model::families> by_family{};  ///< with `host` they add up to 1
  double host = 0.0;
  Bound binding = Bound::overhead;  ///< the bound with the largest share
};

/// Adds up the profiles of steps. The StepCost must outlive it; one thread.
class TimeCounter {
 public:
  explicit TimeCounter(const StepCost& cost) : cost_(cost) {}
  void add(const model::Step& step);
  TimeShares shares() const;

 private:
  const StepCost& cost_;
  TimeShares sums_;  ///< in seconds
  double seconds_ = 0.0;
};

}  // namespace plumb::accelerator
