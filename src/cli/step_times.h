#pragma once
// Where the time of a simulation's steps goes, added up step by step.

#include <string>

#include "accelerator/step_cost.h"
#include "planner/plan.h"

namespace plumb::cli {

class StepTimes {
 public:
  explicit StepTimes(const accelerator::StepCost& cost) : cost_(cost) {}
  void add(const model::Step& step);
  planner::TimeShares shares() const;

 private:
  const accelerator::StepCost& cost_;
  planner::TimeShares sums_;
  double seconds_ = 0.0, host_s_ = 0.0;
};

/// "weight bytes 62 %, FLOPs 21 %, overhead 12 %": the bounds by share of time, those under a hundredth left out.
std::string share_words(const planner::TimeShares& shares);

}  // namespace plumb::cli
