#pragma once
// Two-byte floating point as units in memory compute with it: IEEE 754 binary16 (FP16: 5 bits of exponent, 10 of
// fraction) and bfloat16 (8 and 7). Conversion rounds to the nearest, ties to even, once: sums and products of two
// such numbers are exact in a double, so that rounding the double's result is what a correctly rounded unit yields.
// (A sum of bfloat16 whose exponents are over 45 apart is rounded in the double first, far below its last place.)
// Thread rule: pure functions.

#include <cstdint>

#include "memory/pim_unit.h"

namespace plumb::memory {

std::uint16_t to_short_float(double value, PimFormat format);
double from_short_float(std::uint16_t bits, PimFormat format);

/// What the format keeps of a value.
inline double rounded(double value, PimFormat format) {
  return from_short_float(to_short_float(value, format), format);
}

}  // namespace plumb::memory
