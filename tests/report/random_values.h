#pragma once
// Values such as plots get from anywhere: equal ones, zeros, tiny and huge ones, and some that cannot be drawn.

#include <bit>
#include <cstdint>
#include <limits>

#include <rapidcheck.h>

namespace plumb::report {

inline double random_value() {
  const int kind = *rc::gen::inRange(0, 8);
  if (kind == 0) return 0.0;
  if (kind == 1) return std::numeric_limits<double>::quiet_NaN();
  if (kind == 2) return -std::numeric_limits<double>::infinity();
  if (kind == 3) return std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  if (kind == 4) return 7.0;
  return *rc::gen::inRange(-100000, 1000000) * (kind == 5 ? 1.0 : kind == 6 ? 1e-4 : 1e6);
}

}  // namespace plumb::report
