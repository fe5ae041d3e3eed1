#pragma once
// Quantities as people write them: "3350 GB/s", "80 GiB", "989.4 TFLOP/s", "500 ms", "$2.35/h", "$0.08/kWh", "3.9
// pJ/bit",
// "$9.99/month". A number, then a unit; units may be divided by one another, and "$" or "USD" is the dollar. Prefixes
// go from f to E, and from Ki to Ei for bytes and bits; bytes, bits and operations take none that makes them smaller
// ("mB").

#include <string>
#include <string_view>

#include "base/quantity.h"
#include "base/result.h"

namespace plumb {

/// A dimension as data: the exponents of second, byte, operation, joule and dollar.
struct DimensionValue {
  int second = 0, byte = 0, operation = 0, joule = 0, dollar = 0;
  bool operator==(const DimensionValue&) const = default;
};

template <class Q>
constexpr DimensionValue dimension_of() {
  using D = typename Q::dimension;
  return {D::second, D::byte, D::operation, D::joule, D::dollar};
}

/// The finite value in base units of `text`, which must have dimension `wanted`. The error has no place: the caller
/// knows it.
[[nodiscard]] Result<double> parse_in_dimension(std::string_view text, DimensionValue wanted);

template <class Q>
[[nodiscard]] Result<Q> parse_quantity(std::string_view text) {
  auto value = parse_in_dimension(text, dimension_of<Q>());
  if (!value) return fail(std::move(value).error());
  return Q::of(*value);
}

/// The unit that values of that dimension are kept in: "B/s".
std::string base_unit(DimensionValue dimension);

/// An example of how a quantity of that dimension is written, for error messages: "3350 GB/s".
std::string unit_example(DimensionValue dimension);

}  // namespace plumb
