#include "base/fixed_time.h"

#include <algorithm>
#include <cmath>

namespace plumb {

std::int64_t Ramp::steps_until(Time wanted) const {
  if (length(steps) < wanted) return steps;
  // The root of k first + k (k - 1) / 2 growth = wanted in floating point is off by a step at most; the exact lengths
  // beside it decide.
  const double linear_s = first.seconds() - 0.5 * growth.seconds();
  const double wanted_s = wanted.seconds();
  const double root = std::sqrt(std::max(0.0, linear_s * linear_s + 2.0 * growth.seconds() * wanted_s));
  const double guess = 2.0 * wanted_s / (linear_s + root);
  std::int64_t k = guess < 1.0 || !(guess < static_cast<double>(steps)) ? 1 : static_cast<std::int64_t>(guess);
  if (guess >= static_cast<double>(steps)) k = steps;
  while (k > 1 && length(k - 1) >= wanted) --k;
  while (length(k) < wanted) ++k;
  return k;
}

}  // namespace plumb
