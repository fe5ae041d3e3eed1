#include "model/expected_maximum.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace plumb::model {
namespace {

constexpr double deviations = 8.0;
constexpr int intervals = 256;  // Simpson's rule errs by less than 1e-9 of the integral's length

/// Chance that none of the variables is above x.
double chance_of_all_below(std::span<const NormalVariable> variables, double x) {
  double chance = 1.0;
  for (const NormalVariable& variable : variables) {
    const double distance = x - variable.mean;
    if (variable.variance <= 0.0) {
      if (distance < 0.0) return 0.0;
      continue;
    }
    chance *= std::pow(0.5 * std::erfc(-distance / std::sqrt(2.0 * variable.variance)), variable.count);
  }
  return chance;
}

}  // namespace

double expected_maximum(std::span<const NormalVariable> variables) {
  assert(!variables.empty());
  double mean = variables.front().mean, spread = 0.0, above = mean;
  double certain = -std::numeric_limits<double>::infinity();
  for (const NormalVariable& variable : variables) {
    const double deviation = std::sqrt(std::max(0.0, variable.variance));
    mean = std::max(mean, variable.mean);
    spread = std::max(spread, deviation);
    if (deviation == 0.0) certain = std::max(certain, variable.mean);  // nothing is below it, and F jumps there
    above = std::max(above, variable.mean + deviations * deviation);
  }
  if (spread == 0.0) return mean;
  const double below = std::max(certain, mean - deviations * spread), step = (above - below) / intervals;
  double sum = chance_of_all_below(variables, below) + chance_of_all_below(variables, above);
  for (int i = 1; i < intervals; ++i) {
    sum += (i % 2 == 1 ? 4.0 : 2.0) * chance_of_all_below(variables, below + i * step);
  }
  return std::max(mean, above - sum * step / 3.0);
}

}  // namespace plumb::model
