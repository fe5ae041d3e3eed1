#include "report/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace plumb::report {
namespace {

/// A unit of a ladder of them, ascending. A value moves to the next unit when it would be shown as `limit` or more.
struct Rung {
  double factor;
  std::string_view name;
  double limit = 1000.0;
};

constexpr Rung time_rungs[] = {{1e-9, "ns"},
                               {1e-6, "µs"},
                               {1e-3, "ms"},
                               {1.0, "s", 120.0},
                               {60.0, "min", 120.0},
                               {3600.0, "h", 48.0},
                               {86400.0, "days", 730.0},
                               {365.0 * 86400.0, "years"}};
constexpr Rung byte_rungs[] = {{1.0, "B"},   {1e3, "kB"},  {1e6, "MB"},  {1e9, "GB"},
                               {1e12, "TB"}, {1e15, "PB"}, {1e18, "EB"}, {1e21, "ZB"}};
constexpr Rung binary_rungs[] = {{1.0, "B", 1024.0},      {0x1p10, "KiB", 1024.0}, {0x1p20, "MiB", 1024.0},
                                 {0x1p30, "GiB", 1024.0}, {0x1p40, "TiB", 1024.0}, {0x1p50, "PiB", 1024.0},
                                 {0x1p60, "EiB", 1024.0}};
constexpr Rung large_rungs[] = {{1.0, ""},   {1e3, "k"},  {1e6, "M"},  {1e9, "G"}, {1e12, "T"},
                                {1e15, "P"}, {1e18, "E"}, {1e21, "Z"}, {1e24, "Y"}};
constexpr Rung all_rungs[] = {{1e-15, "f"}, {1e-12, "p"}, {1e-9, "n"}, {1e-6, "µ"}, {1e-3, "m"}, {1.0, ""},
                              {1e3, "k"},   {1e6, "M"},   {1e9, "G"},  {1e12, "T"}, {1e15, "P"}, {1e18, "E"}};
constexpr Rung count_rungs[] = {{1.0, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "B"}, {1e12, "T"}};

/// What `value` is as significant() shows it: three significant figures, or a whole number.
double shown(double value) {
  if (std::abs(value) >= 999.5) return std::round(value);
  const std::string digits = fmt::format("{:.2e}", value);
  double result = 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

/// The last rung at which the value is shown as less than the rung's limit; a value under the first rung keeps to it.
const Rung& rung_of(double magnitude, std::span<const Rung> rungs) {
  const auto fits = [magnitude](const Rung& rung) { return shown(magnitude / rung.factor) < rung.limit; };
  const auto found = std::find_if(rungs.begin(), rungs.end(), fits);
  return found == rungs.end() ? rungs.back() : *found;
}

std::optional<std::string> not_a_number(double value) {
  if (std::isnan(value)) return "n/a";
  if (std::isinf(value)) return value > 0.0 ? "∞" : "-∞";
  return std::nullopt;
}

/// Thousands separators into the digits before the point of a plain decimal number.
std::string separated(std::string number) {
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(number.find('.'), number.size());
  for (std::size_t i = point; i > first + 3; i -= 3) number.insert(i - 3, 1, ',');
  return number;
}

/// "1.3" and rung "TB" give "1.3 TB"; rung "k" with suffix "/s" gives "1.3 k/s"; an empty rung only takes the suffix.
std::string on_ladder(double value, std::span<const Rung> rungs, std::string_view suffix = {}) {
  if (const auto word = not_a_number(value)) return *word;
  const Rung& rung = value == 0.0 && rungs.front().factor < 1.0
                         ? *std::find_if(
                               rungs.begin(), rungs.end(), [](const Rung& r) { return r.factor >= 1.0; })
                         : rung_of(std::abs(value), rungs);
  const std::string number = significant(value / rung.factor);
  const bool bare = rung.name.empty() && suffix.empty();
  return fmt::format("{}{}{}{}", number, bare ? "" : " ", rung.name, suffix);
}

}  // namespace

std::string significant(double value, int figures) {
  if (const auto word = not_a_number(value)) return *word;
  if (value == 0.0) return "0";
  const std::string digits = fmt::format("{:.{}e}", value, figures - 1);
  int exponent = 0;  // after rounding: 999.6 has exponent 3
  const std::size_t sign = digits.find('e') + 1;
  std::from_chars(digits.data() + sign + (digits[sign] == '+' ? 1 : 0), digits.data() + digits.size(), exponent);
  if (exponent < -4 || exponent >= 15) return fmt::format("{:.{}g}", value, figures);
  std::string number = fmt::format("{:.{}f}", value, std::max(0, figures - 1 - exponent));
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return separated(std::move(number));
}

std::string human(Seconds time) { return on_ladder(time.value(), time_rungs); }
std::string human(PerSecond rate) { return on_ladder(rate.value(), large_rungs, "/s"); }
std::string human(Bytes bytes) { return on_ladder(bytes.value(), byte_rungs); }
std::string human(BytesPerSecond rate) { return on_ladder(rate.value(), byte_rungs, "/s"); }
std::string human(Flops operations) { return on_ladder(operations.value(), large_rungs, "FLOP"); }
std::string human(FlopsPerSecond rate) { return on_ladder(rate.value(), large_rungs, "FLOP/s"); }
std::string human(Joules energy) { return on_ladder(energy.value(), all_rungs, "J"); }
std::string human(Watts power) { return on_ladder(power.value(), all_rungs, "W"); }
std::string human(JoulesPerByte energy) { return on_ladder(energy.value() / 8.0, all_rungs, "J/bit"); }
std::string human_binary(Bytes bytes) { return on_ladder(bytes.value(), binary_rungs); }
std::string human_kwh(Joules energy) {
  constexpr Rung rungs[] = {{1.0, "Wh"}, {1e3, "kWh"}, {1e6, "MWh"}, {1e9, "GWh"}, {1e12, "TWh"}};
  return on_ladder(energy.value() / 3600.0, rungs);
}

std::string human(Dollars money) {
  const double value = money.value();
  if (const auto word = not_a_number(value)) return *word;
  const double magnitude = std::abs(value);
  const Rung& rung = rung_of(magnitude, count_rungs);
  std::string number = significant(magnitude / rung.factor);
  // Prices under a hundred show their cents, as prices do: $0.50, $12.30.
  const double cents = std::round(magnitude * 100.0);
  const bool few_figures = number.find('.') == std::string::npos || number.size() - number.find('.') <= 2;
  if (rung.factor == 1.0 && cents < 10000.0 && few_figures && std::fmod(cents, 100.0) != 0.0) {
    number = fmt::format("{:.2f}", magnitude);
  }
  const bool negative = value < 0.0 && number != "0";
  return fmt::format("{}${}{}{}", negative ? "-" : "", number, rung.name.empty() ? "" : " ", rung.name);
}

std::string per_hour(DollarsPerSecond rent) { return human(rent * hour) + "/h"; }
std::string per_month(DollarsPerSecond rent) { return human(rent * month) + "/month"; }
std::string per_year(DollarsPerSecond rent) { return human(rent * year) + "/year"; }

std::string compact(double value) { return on_ladder(value, count_rungs); }

std::string percent(double share) {
  if (const auto word = not_a_number(share)) return *word;
  int figures = 3;
  std::string number = significant(share * 100.0, figures);
  while (share < 1.0 && number == "100" && figures < 9) number = significant(share * 100.0, ++figures);
  return number + " %";
}

std::string count(double value) {
  if (const auto word = not_a_number(value)) return *word;
  if (std::abs(value) >= 1e15) return significant(value);
  return separated(fmt::format("{:.0f}", std::round(value) + 0.0));  // + 0.0 turns -0 into 0
}

std::string count_integer(std::int64_t value) { return separated(fmt::format("{}", value)); }

}  // namespace plumb::report
