#include "report/axis.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::report {
namespace {

constexpr double magnitude_max = 1e300, magnitude_min = 1e-300;
constexpr double room_min = 1e-280;  // data of less size is drawn as zero: steps between it would not be normal doubles
constexpr std::array<double, 3> nice_digits{1.0, 2.0, 5.0};

/// digit * 10^exponent, by a division where the exponent is negative, so that 3 * 0.1 is the double nearest to 0.3.
double scaled(double digit, int exponent) {
  return exponent >= 0 ? digit * std::pow(10.0, exponent) : digit / std::pow(10.0, -exponent);
}

/// 1, 2, 5, 10, 20, ... by index: nice(0) is 1, nice(-1) is 0.5.
double nice(int index) {
  const int decade = index >= 0 ? index / 3 : (index - 2) / 3;
  return scaled(nice_digits[static_cast<std::size_t>(index - 3 * decade)], decade);
}

/// The index of the largest nice number that is at most `value`.
int nice_floor(double value) {
  int index = 3 * static_cast<int>(std::floor(std::log10(value))) - 1;
  while (nice(index + 1) <= value) ++index;
  return index;
}

int nice_ceil(double value) {
  const int below = nice_floor(value);
  return nice(below) == value ? below : below + 1;
}

/// Equal values, or values too near to tell apart, get some room.
Extent with_room(Extent data) {
  const double size = std::max(std::abs(data.low), std::abs(data.high));
  if (size < room_min) return {std::min(0.0, data.low) < 0.0 ? -1.0 : 0.0, 1.0, false};
  if (data.high - data.low > 1e-9 * size) return data;
  if (data.low >= 0.0) return {0.0, 2.0 * data.high, false};
  if (data.high <= 0.0) return {2.0 * data.low, 0.0, false};
  return {-size, size, false};
}

/// Multiples of `step` from the last at or below data.low to the first at or above data.high.
Ticks multiples(Extent data, double step, int exponent) {
  // 10^-e times the multiple first, then one division: 0.3 and not 0.30000000000000004.
  const auto at = [step, exponent](double i) {
    return exponent < 0 ? i * std::round(step * std::pow(10.0, -exponent)) / std::pow(10.0, -exponent) : i * step;
  };
  const double slack = 1e-9;  // of a step: rounding of the quotient must not add a tick
  double first = std::floor(data.low / step + slack), last = std::ceil(data.high / step - slack);
  if (at(first) > data.low) first -= 1.0;
  if (at(last) < data.high) last += 1.0;
  if (last - first < 1.0) last = first + 1.0;
  Ticks ticks;
  for (double i = first; i <= last; i += 1.0) ticks.values.push_back(at(i) + 0.0);
  ticks.low = ticks.values.front();
  ticks.high = ticks.values.back();
  ticks.step = step;
  return ticks;
}

Ticks linear_ticks(const Axis& axis, Extent data, int count_max) {
  if (axis.from_zero) data.add(0.0);
  data = with_room(data);
  const double range = data.high - data.low;
  const auto count = [&](double step) { return std::ceil(data.high / step) - std::floor(data.low / step) + 1.0; };
  if (axis.step > 0.0 && range / axis.step < 1e4) {
    double step = axis.step;
    while (count(step) > count_max && step < range) step *= 2.0;
    return multiples(data, step, 0);
  }
  int index = nice_floor(range / count_max);
  while (count(nice(index)) > count_max && nice(index) < range) ++index;
  const int exponent = index >= 0 ? index / 3 : (index - 2) / 3;
  return multiples(data, nice(index), exponent);
}

Ticks log_ticks(Extent data, int count_max) {
  const int first = nice_floor(data.low);
  int last = nice_ceil(data.high);
  if (last == first) last = first + 1;
  Ticks ticks;
  ticks.log = true;
  ticks.low = nice(first);
  ticks.high = nice(last);
  const auto decade_of = [](int index) { return index >= 0 ? index / 3 : (index - 2) / 3; };
  const int decade_low = first - 3 * decade_of(first) == 0 ? decade_of(first) : decade_of(first) + 1;
  const int decade_high = decade_of(last);
  if (last - first + 1 <= count_max || decade_high <= decade_low) {
    for (int index = first; index <= last; ++index) ticks.values.push_back(nice(index));
  } else {
    int stride = 1;
    while ((decade_high - decade_low) / stride + 1 > count_max) ++stride;
    for (int decade = decade_low; decade <= decade_high; decade += stride) ticks.values.push_back(scaled(1.0, decade));
  }
  if (decade_high - decade_low > 5) return ticks;
  for (int decade = decade_of(first); decade <= decade_of(last); ++decade) {
    for (int digit = 1; digit < 10; ++digit) {
      const double value = scaled(digit, decade);
      const bool inside = ticks.low < value && value < ticks.high;
      const bool labelled = std::find(ticks.values.begin(), ticks.values.end(), value) != ticks.values.end();
      if (inside && !labelled) ticks.minor.push_back(value);
    }
  }
  return ticks;
}

struct Thousand {
  double factor;
  const char* suffix;
};
constexpr std::array<Thousand, 4> thousands{{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}}};

}  // namespace

void Extent::add(double value) {
  low = empty ? value : std::min(low, value);
  high = empty ? value : std::max(high, value);
  empty = false;
}

bool drawable(double value, const Axis& axis) {
  if (!(std::abs(value) <= magnitude_max)) return false;
  return !axis.log || value >= magnitude_min;
}

Ticks make_ticks(const Axis& axis, Extent data, int count_max) {
  assert(!data.empty && drawable(data.low, axis) && drawable(data.high, axis) && data.low <= data.high);
  count_max = std::max(2, count_max);
  return axis.log ? log_ticks(data, count_max) : linear_ticks(axis, data, count_max);
}

std::string tick_label(double value, const Ticks& ticks) {
  if (value == 0.0) return "0";
  const double size = std::max(std::abs(ticks.low), std::abs(ticks.high));
  const double judged = ticks.log ? std::abs(value) : size;  // a linear axis has one unit, a log axis one a tick
  if (judged >= 1e15 || judged < 1e-4) {
    const double digits = ticks.log ? 1.0 : std::ceil(std::log10(size / ticks.step)) + 1.0;
    return fmt::format("{:.{}g}", value, std::clamp(static_cast<int>(digits), 3, 17));
  }
  double factor = 1.0;
  const char* suffix = "";
  // Four digits are read as easily as one and a letter; where the axis reaches five, the letter wins.
  for (const Thousand& thousand : thousands) {
    const double from = thousand.factor == 1e3 && size < 1e4 ? 1e4 : thousand.factor;
    if (factor == 1.0 && judged >= from * (1.0 - 1e-12)) {
      factor = thousand.factor;
      suffix = thousand.suffix;
    }
  }
  if (ticks.log) return significant(value / factor) + suffix;
  const double step = ticks.step / factor;
  const auto has_fraction = [](double x) { return std::abs(x - std::round(x)) > 1e-6 * x; };
  int decimals = 0;
  for (double shifted = step; decimals < 12 && has_fraction(shifted); shifted *= 10.0) ++decimals;
  std::string label = fmt::format("{:.{}f}", value / factor, decimals);
  if (factor == 1.0 && decimals == 0) label = count(value);
  return label + suffix;
}

std::vector<std::string> tick_labels(const Axis& axis, const Ticks& ticks) {
  std::vector<std::string> labels;
  for (const double value : ticks.values) labels.push_back(axis.format ? axis.format(value) : tick_label(value, ticks));
  return labels;
}

std::string value_label(const Axis& axis, double value) {
  return axis.format ? axis.format(value) : significant(value, 4);
}

Scale::Scale(const Ticks& ticks, double from, double to)
    : low_(ticks.log ? std::log10(ticks.low) : ticks.low),
      high_(ticks.log ? std::log10(ticks.high) : ticks.high),
      from_(from),
      to_(to),
      log_(ticks.log) {
  assert(low_ < high_);
}

double Scale::operator()(double value) const {
  const double place = log_ ? std::log10(value) : value;
  // Halves, so that a range of the largest numbers does not overflow.
  const double share = (place * 0.5 - low_ * 0.5) / (high_ * 0.5 - low_ * 0.5);
  return from_ + std::clamp(share, 0.0, 1.0) * (to_ - from_);
}

}  // namespace plumb::report
