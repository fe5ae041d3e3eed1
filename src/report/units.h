#pragma once
// Numbers for people. Each function picks the unit in which the number has one to three digits before the point, and
// shows three significant figures without trailing zeros: human(Bytes::of(1.3e12)) is "1.3 TB", human(0.9996 * second)
// is "1 s" and not "1000 ms". NaN is "n/a", infinities are "∞" and "-∞". Prefixes are decimal (k = 1000) where the name
// does not say otherwise. All functions are pure; results are for eyes, never to be parsed: files get the plain value.

#include <concepts>
#include <cstdint>
#include <string>

#include "base/quantity.h"

namespace plumb::report {

std::string human(Seconds time);               ///< "2.5 µs", "412 ms", "8.2 s", "3.5 min", "7 h", "12 days", "3 years"
std::string human(PerSecond rate);             ///< "3.5 /s", "1.2 k/s"
std::string human(Bytes bytes);                ///< "512 B", "1.3 TB"
std::string human(BytesPerSecond rate);        ///< "3.35 TB/s"
std::string human(Flops operations);           ///< "1.2 TFLOP"
std::string human(FlopsPerSecond rate);        ///< "989 TFLOP/s"
std::string human(Joules energy);              ///< "3.9 pJ", "1.2 kJ"; see human_kwh() for what is billed
std::string human(Watts power);                ///< "700 W", "1.2 MW"
std::string human(JoulesPerByte energy);       ///< "3.9 pJ/bit"
std::string human(Dollars money);              ///< "$0.52", "$12.30", "$123", "$45.6 k", "$1.2 M", "$1.2 B", "-$3 M"
std::string human_binary(Bytes bytes);         ///< "80 GiB": memories and caches are built in powers of two
std::string human_kwh(Joules energy);          ///< "1.2 kWh", "3 MWh"
std::string per_hour(DollarsPerSecond rent);   ///< "$2.35/h"
std::string per_month(DollarsPerSecond rent);  ///< "$9.99/month"
std::string per_year(DollarsPerSecond rent);   ///< "$1.2 M/year"

/// "1.23 k", "1.2 M", "3 B" (10^9), "4 T" (10^12).
std::string compact(double value);
/// A share as a percentage: percent(0.123) is "12.3 %". A share under 1 gets up to nine
/// figures before it is shown as "100 %": 0.99995 is "99.995 %".
std::string percent(double share);
/// At least `figures` significant figures, no trailing zeros, thousands separated: "0.00123", "9.99", "1,234",
/// "1.5e-07". The digits before the point are never rounded away.
std::string significant(double value, int figures = 3);
/// Rounded to a whole number: "1,234,567".
std::string count(double value);
std::string count_integer(std::int64_t value);
template <std::integral T>
std::string count(T value) {
  return count_integer(static_cast<std::int64_t>(value));
}

}  // namespace plumb::report
