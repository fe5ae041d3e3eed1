#include "base/unit.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace plumb {
namespace {

struct Unit {
  double factor = 1.0;
  DimensionValue dimension;
};

/// Which prefixes a unit takes. Nobody means a thousandth of a byte or of an operation by "mB": to read it as one would
/// be silently wrong by a factor of 1e9, so such units take only what makes them larger.
enum class Prefixes { none, larger, any };

struct NamedUnit {
  std::string_view name;
  Unit unit;
  Prefixes prefixes;
};

constexpr double day_s = 86400.0;
constexpr std::array<NamedUnit, 27> units{{
    {"s", {1.0, {1, 0, 0, 0, 0}}, Prefixes::any},
    {"min", {60.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"h", {3600.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"hour", {3600.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"hours", {3600.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"day", {day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"days", {day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"week", {7.0 * day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"weeks", {7.0 * day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"month", {365.0 * day_s / 12.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"months", {365.0 * day_s / 12.0, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"year", {365.0 * day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"years", {365.0 * day_s, {1, 0, 0, 0, 0}}, Prefixes::none},
    {"Hz", {1.0, {-1, 0, 0, 0, 0}}, Prefixes::any},
    {"B", {1.0, {0, 1, 0, 0, 0}}, Prefixes::larger},
    {"bit", {0.125, {0, 1, 0, 0, 0}}, Prefixes::larger},
    {"b", {0.125, {0, 1, 0, 0, 0}}, Prefixes::larger},
    {"FLOP", {1.0, {0, 0, 1, 0, 0}}, Prefixes::larger},
    {"FLOPS", {1.0, {-1, 0, 1, 0, 0}}, Prefixes::larger},
    {"OP", {1.0, {0, 0, 1, 0, 0}}, Prefixes::larger},
    {"OPS", {1.0, {-1, 0, 1, 0, 0}}, Prefixes::larger},
    {"J", {1.0, {0, 0, 0, 1, 0}}, Prefixes::any},
    {"W", {1.0, {-1, 0, 0, 1, 0}}, Prefixes::any},
    {"Wh", {3600.0, {0, 0, 0, 1, 0}}, Prefixes::any},
    {"USD", {1.0, {0, 0, 0, 0, 1}}, Prefixes::none},
    {"$", {1.0, {0, 0, 0, 0, 1}}, Prefixes::none},
    {"", {1.0, {}}, Prefixes::none},
}};

struct Prefix {
  std::string_view name;
  double factor;
  bool binary = false;  ///< of bytes and bits alone
};
// Micro is the Latin u, the micro sign or the Greek letter.
constexpr std::array<Prefix, 20> prefixes{{
    {"f", 1e-15},         {"p", 1e-12},         {"n", 1e-9},          {"u", 1e-6},          {"\u00b5", 1e-6},
    {"\u03bc", 1e-6},     {"m", 1e-3},          {"k", 1e3},           {"K", 1e3},           {"M", 1e6},
    {"G", 1e9},           {"T", 1e12},          {"P", 1e15},          {"E", 1e18},          {"Ki", 0x1p10, true},
    {"Mi", 0x1p20, true}, {"Gi", 0x1p30, true}, {"Ti", 0x1p40, true}, {"Pi", 0x1p50, true}, {"Ei", 0x1p60, true},
}};

bool takes(const NamedUnit& unit, const Prefix& prefix) {
  if (prefix.binary && unit.unit.dimension != dimension_of<Bytes>()) return false;
  return unit.prefixes == Prefixes::any || (unit.prefixes == Prefixes::larger && prefix.factor > 1.0);
}

std::optional<Unit> find_unit(std::string_view name) {
  for (const NamedUnit& unit : units) {
    if (unit.name == name) return unit.unit;
  }
  for (const Prefix& prefix : prefixes) {
    if (!name.starts_with(prefix.name)) continue;
    const std::string_view rest = name.substr(prefix.name.size());
    for (const NamedUnit& unit : units) {
      if (unit.name == rest && takes(unit, prefix)) return Unit{unit.unit.factor * prefix.factor, unit.unit.dimension};
    }
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Multiplies `into` by `unit` to the power +1 or -1.
void apply(Unit& into, const Unit& unit, int sign) {
  into.factor = sign > 0 ? into.factor * unit.factor : into.factor / unit.factor;
  into.dimension.second += sign * unit.dimension.second;
  into.dimension.byte += sign * unit.dimension.byte;
  into.dimension.operation += sign * unit.dimension.operation;
  into.dimension.joule += sign * unit.dimension.joule;
  into.dimension.dollar += sign * unit.dimension.dollar;
}

/// The unit that `text` spells: empty, "GB/s", "/h".
Result<Unit> parse_unit(std::string_view text) {
  Unit unit;
  int sign = 1;
  if (text.starts_with('/')) {
    sign = -1;
    text.remove_prefix(1);
  }
  const bool may_be_empty = sign > 0 && text.empty();
  for (;;) {
    const std::size_t slash = text.find('/');
    const std::string_view name = trimmed(text.substr(0, slash));
    const std::optional<Unit> found = find_unit(name);
    if (!found || (name.empty() && !may_be_empty)) {
      return fail(input_error({}, name.empty() ? std::string("a unit is missing beside \"/\"")
                                               : fmt::format("unknown unit {}", in_quotes(name))));
    }
    apply(unit, *found, sign);
    if (slash == std::string_view::npos) return unit;
    sign = -1;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<double> parse_in_dimension(std::string_view text, DimensionValue wanted) {
  const auto refuse = [&](std::string message) {
    return fail(input_error({}, std::move(message), fmt::format("a quantity such as \"{}\"", unit_example(wanted))));
  };
  std::string_view rest = trimmed(text);
  const bool dollars = rest.starts_with('$');
  if (dollars) rest = trimmed(rest.substr(1));
  double number = 0.0;
  const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (code == std::errc::result_out_of_range)
    return refuse(fmt::format("{} is too large or too small", in_quotes(text)));
  if (code != std::errc{} || !std::isfinite(number)) {
    return refuse(fmt::format("{} does not begin with a finite number", in_quotes(text)));
  }
  Result<Unit> unit = parse_unit(trimmed(rest.substr(static_cast<std::size_t>(end - rest.data()))));
  if (!unit) return refuse(fmt::format("{} in {}", unit.error().message, in_quotes(text)));
  if (dollars) apply(*unit, {1.0, dimension_of<Dollars>()}, 1);
  if (unit->dimension != wanted) return refuse(fmt::format("{} has the wrong unit", in_quotes(text)));
  const double value = number * unit->factor;
  if (!std::isfinite(value)) return refuse(fmt::format("{} is too large or too small", in_quotes(text)));
  return value;
}

std::string base_unit(DimensionValue dimension) {
  std::string above, below;
  const auto add = [&](int power, std::string_view name) {
    for (int i = 0; i < power; ++i) above += fmt::format("{}{}", above.empty() ? "" : "*", name);
    for (int i = 0; i > power; --i) below += fmt::format("/{}", name);
  };
  if (dimension == dimension_of<Watts>()) return "W";
  if (dimension == dimension_of<PerSecond>()) return "Hz";
  add(dimension.dollar, "USD");
  add(dimension.joule, "J");
  add(dimension.operation, "FLOP");
  add(dimension.byte, "B");
  add(dimension.second, "s");
  return above + below;
}

std::string unit_example(DimensionValue dimension) {
  struct Example {
    DimensionValue dimension;
    std::string_view text;
  };
  static constexpr std::array<Example, 13> examples{{
      {dimension_of<Seconds>(), "500 ms"},
      {dimension_of<PerSecond>(), "1.7 GHz"},
      {dimension_of<Bytes>(), "80 GiB"},
      {dimension_of<BytesPerSecond>(), "3350 GB/s"},
      {dimension_of<Flops>(), "1 TFLOP"},
      {dimension_of<FlopsPerSecond>(), "989.4 TFLOP/s"},
      {dimension_of<Joules>(), "1 kWh"},
      {dimension_of<Watts>(), "700 W"},
      {dimension_of<JoulesPerByte>(), "3.9 pJ/bit"},
      {dimension_of<Dollars>(), "$30000"},
      {dimension_of<DollarsPerSecond>(), "$2.35/h"},
      {dimension_of<DollarsPerJoule>(), "$0.08/kWh"},
      {dimension_of<DollarsPerByte>(), "$15/GB"},
  }};
  for (const Example& example : examples) {
    if (example.dimension == dimension) return std::string(example.text);
  }
  return fmt::format("1 {}", base_unit(dimension));
}

}  // namespace plumb
