// law: ticks are nice numbers that cover the data, and their labels can be told apart.

#include "report/axis.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "random_values.h"

namespace plumb::report {
namespace {

std::vector<std::string> labels(const Axis& axis, double low, double high, int count_max) {
  return tick_labels(axis, make_ticks(axis, {low, high, false}, count_max));
}

using Labels = std::vector<std::string>;

TEST(Axis, LinearTicks) {
  EXPECT_EQ(labels({}, 0.0, 148.0, 6), (Labels{"0", "50", "100", "150"}));
  EXPECT_EQ(labels({}, 0.1, 0.33, 6), (Labels{"0.10", "0.15", "0.20", "0.25", "0.30", "0.35"}));
  EXPECT_EQ(labels({}, -3.0, 3.0, 5), (Labels{"-4", "-2", "0", "2", "4"}));
  EXPECT_EQ(labels({.from_zero = true}, 90.0, 100.0, 6), (Labels{"0", "20", "40", "60", "80", "100"}));
  EXPECT_EQ(labels({}, 0.0, 23000.0, 6), (Labels{"0", "5k", "10k", "15k", "20k", "25k"}));
  EXPECT_EQ(labels({}, 0.0, 5000.0, 6), (Labels{"0", "1,000", "2,000", "3,000", "4,000", "5,000"}));
  EXPECT_EQ(labels({}, 0.0, 2.4e6, 6), (Labels{"0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"}));
}

TEST(Axis, EqualValuesGetRoom) {
  EXPECT_EQ(labels({}, 5.0, 5.0, 6), (Labels{"0", "2", "4", "6", "8", "10"}));
  EXPECT_EQ(labels({}, 0.0, 0.0, 4), (Labels{"0", "0.5", "1.0"}));
  EXPECT_EQ(labels({}, -5.0, -5.0, 6).front(), "-10");
}

TEST(Axis, StepOfTheCaller) {
  EXPECT_EQ(labels({.step = 3.0}, 0.0, 24.0, 12), (Labels{"0", "3", "6", "9", "12", "15", "18", "21", "24"}));
  EXPECT_EQ(labels({.step = 3.0}, 0.0, 24.0, 6), (Labels{"0", "6", "12", "18", "24"}));
  EXPECT_EQ(labels({.step = 0.25}, 0.0, 0.5, 6), (Labels{"0", "0.25", "0.50"}));
}

TEST(Axis, LogTicks) {
  EXPECT_EQ(labels({.log = true}, 70.0, 2600.0, 8), (Labels{"50", "100", "200", "500", "1,000", "2,000", "5,000"}));
  EXPECT_EQ(labels({.log = true}, 70.0, 2600.0, 4), (Labels{"100", "1,000"}));
  EXPECT_EQ(labels({.log = true}, 1.0, 1e6, 7), (Labels{"1", "10", "100", "1k", "10k", "100k", "1M"}));
  EXPECT_EQ(labels({.log = true}, 3.0, 3.0, 7), (Labels{"2", "5"}));
}

TEST(Axis, FormatOfTheCaller) {
  const Axis axis{.step = 1.0, .format = [](double v) { return "year " + std::to_string(static_cast<int>(v)); }};
  EXPECT_EQ(labels(axis, 2030.0, 2031.0, 5), (Labels{"year 2030", "year 2031"}));
  EXPECT_EQ(value_label(axis, 2030.0), "year 2030");
  EXPECT_EQ(value_label({}, 1234.56), "1,235");
}

/// Whether `value` is 1, 2 or 5 times a power of ten.
bool is_nice(double value) {
  const double digit = value / std::pow(10.0, std::floor(std::log10(value) + 1e-9));
  return std::abs(digit - 1.0) < 1e-9 || std::abs(digit - 2.0) < 1e-9 || std::abs(digit - 5.0) < 1e-9;
}

Extent random_extent(const Axis& axis) {
  Extent data;
  while (data.empty || *rc::gen::arbitrary<bool>()) {
    const double value = random_value();
    if (drawable(value, axis))
      data.add(value);
    else if (data.empty)
      data.add(axis.log ? 1.0 : 0.0);
  }
  return data;
}

RC_GTEST_PROP(AxisLaw, LinearTicksAreNiceAndCoverTheData, ()) {
  const Axis axis{.from_zero = *rc::gen::arbitrary<bool>()};
  const Extent data = random_extent(axis);
  const int count_max = *rc::gen::inRange(3, 12);
  const Ticks ticks = make_ticks(axis, data, count_max);
  RC_ASSERT(ticks.values.size() >= 2u);
  RC_ASSERT(ticks.values.size() <= static_cast<std::size_t>(count_max) + 1);
  RC_ASSERT(std::is_sorted(ticks.values.begin(), ticks.values.end()));
  RC_ASSERT(ticks.low == ticks.values.front() && ticks.high == ticks.values.back());
  RC_ASSERT(ticks.low <= data.low && data.high <= ticks.high);
  if (axis.from_zero) RC_ASSERT(ticks.low <= 0.0 && 0.0 <= ticks.high);
  RC_ASSERT(is_nice(ticks.step));
  for (const double value : ticks.values) {
    const double multiple = value / ticks.step;
    RC_ASSERT(std::abs(multiple - std::round(multiple)) <= 1e-9 * std::max(1.0, std::abs(multiple)));
  }
  const std::vector<std::string> texts = tick_labels(axis, ticks);
  RC_ASSERT(std::set<std::string>(texts.begin(), texts.end()).size() == texts.size());
}

RC_GTEST_PROP(AxisLaw, LogTicksAreNiceAndCoverTheData, ()) {
  const Axis axis{.log = true};
  const Extent data = random_extent(axis);
  const Ticks ticks = make_ticks(axis, data, *rc::gen::inRange(3, 12));
  RC_ASSERT(ticks.values.size() >= 2u);
  RC_ASSERT(ticks.low <= data.low && data.high <= ticks.high && ticks.low < ticks.high);
  RC_ASSERT(is_nice(ticks.low) && is_nice(ticks.high));
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    RC_ASSERT(is_nice(ticks.values[i]));
    RC_ASSERT(ticks.low <= ticks.values[i] && ticks.values[i] <= ticks.high);
    if (i > 0) RC_ASSERT(ticks.values[i - 1] < ticks.values[i]);
  }
}

RC_GTEST_PROP(AxisLaw, ScaleIsMonotoneAndStaysBetweenItsEnds, ()) {
  const Axis axis{.log = *rc::gen::arbitrary<bool>()};
  const Extent data = random_extent(axis);
  const Scale scale(make_ticks(axis, data, 6), 10.0, 110.0);
  const double low = scale(data.low), high = scale(data.high);
  RC_ASSERT(10.0 <= low && low <= high && high <= 110.0);
}

}  // namespace
}  // namespace plumb::report
