#pragma once
// Where the time of many steps goes, as shares of it.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "accelerator/step_cost.h"

namespace plumb::accelerator {

/// An operator on a machine whose memory computes: how much of its time it spends there.
struct PlacedShare {
  std::string name;
  model::Family family = model::Family::gemm;
  double time = 0.0;       ///< its time, of all
  double in_memory = 0.0;  ///< of that time, what steps take in which the memory has it
};

struct TimeShares {
  std::array<double, bounds> by_bound{};
  std::array<double, model::families> by_family{};  ///< with `host` they add up to 1
  double host = 0.0;
  Bound binding = Bound::overhead;  ///< the bound with the largest share
  double units = 0.0;               ///< of all time, what units in the memory are at work
  std::vector<PlacedShare> placed;  ///< operators that units can do, those of sums first; none without units
};

/// Adds up the times of steps. What depends on a count alone is counted by it and worked out at the end; only attention
/// and its like are worked out for each step. The StepCost must outlive it; one thread.
class TimeCounter {
 public:
  explicit TimeCounter(const StepCost& cost);
  /// `times` steps of which `step` holds the means.
  void add(const model::Step& step, std::int64_t times = 1);
  void merge(const TimeCounter& other);  ///< of the same cost
  TimeShares shares() const;

 private:
  using Counts = std::vector<std::int64_t>;  ///< steps, by the count of a group

  void add_operator(const StepCost::Compiled& compiled, const model::Step& step, double times, TimeShares& to) const;

  /// Takes out what of a step's attention in memory, or of the products beside it, is hidden.
  void take_hidden(int stage, const StepCost::Compiled& attention, const Overlap& overlap, const model::Step& step,
                   double times);
  void add_placed(const StepCost::Compiled& compiled, const model::Work& work, const model::Step& step, double times,
                  TimeShares& to) const;

  const StepCost& cost_;
  std::array<Counts, StepCost::groups> counts_;
  TimeShares sums_;  ///< in seconds: the host, and operators that depend on sums
};

}  // namespace plumb::accelerator
