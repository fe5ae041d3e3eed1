#include "memory/short_float.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumb::memory {
namespace {

struct Shape {
  int fraction_bits, exponent_max;  ///< exponent_max is also the bias

  std::uint16_t infinity() const { return static_cast<std::uint16_t>((2 * exponent_max + 1) << fraction_bits); }
};

Shape shape_of(PimFormat format) { return format == PimFormat::fp16 ? Shape{10, 15} : Shape{7, 127}; }

}  // namespace

std::uint16_t to_short_float(double value, PimFormat format) {
  const Shape shape = shape_of(format);
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(shape.infinity() | 1u << (shape.fraction_bits - 1));
  if (std::isinf(value)) return static_cast<std::uint16_t>(sign | shape.infinity());
  int exponent = 0;
  std::frexp(magnitude, &exponent);  // magnitude in [2^(exponent - 1), 2^exponent)
  const int least = 1 - shape.exponent_max;
  const int power = magnitude == 0.0 ? least : std::max(exponent - 1, least);
  // In units of the last place; nearbyint rounds to the nearest even under the default rounding mode.
  const double units = std::nearbyint(std::ldexp(magnitude, shape.fraction_bits - power));
  auto whole = static_cast<std::uint32_t>(units);
  // The leading one of a normal number counts as one step of the exponent, and a carry out of the fraction as another.
  const std::uint32_t bits = (static_cast<std::uint32_t>(power - least) << shape.fraction_bits) + whole;
  const std::uint32_t infinity = shape.infinity();
  return static_cast<std::uint16_t>(sign | (bits < infinity ? bits : infinity));
}

double from_short_float(std::uint16_t bits, PimFormat format) {
  const Shape shape = shape_of(format);
  const int exponent = (bits & 0x7fff) >> shape.fraction_bits;
  const int fraction = bits & ((1 << shape.fraction_bits) - 1);
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 2 * shape.exponent_max + 1)
    return fraction != 0 ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  const int least = 1 - shape.exponent_max;
  if (exponent == 0) return sign * std::ldexp(fraction, least - shape.fraction_bits);
  const int whole = fraction + (1 << shape.fraction_bits);
  return sign * std::ldexp(whole, exponent - 1 + least - shape.fraction_bits);
}

}  // namespace plumb::memory
