// Is the curve's load a day a day, and is its inverse exact?

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "workload/arrivals.h"

namespace plumb::workload {
namespace {

constexpr double day_s = 86400.0;

std::vector<double> some_weights() {
  std::vector<double> weights;
  for (const int weight : *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000)))) {
    weights.push_back(weight);
  }
  RC_PRE(std::accumulate(weights.begin(), weights.end(), 0.0) > 0.0);
  return weights;
}

TEST(LoadCurve, IsLinearBetweenTheMiddlesOfItsParts) {
  // Parts of 6 h with middles at 3, 9, 15 and 21 h; the mean is 2.
  const LoadCurve curve({1.0, 3.0, 4.0, 0.0});
  EXPECT_DOUBLE_EQ(curve.relative(3 * 3600.0), 0.5);
  EXPECT_DOUBLE_EQ(curve.relative(6 * 3600.0), 1.0);
  EXPECT_DOUBLE_EQ(curve.relative(15 * 3600.0), 2.0);
  EXPECT_DOUBLE_EQ(curve.relative(21 * 3600.0), 0.0);
  EXPECT_DOUBLE_EQ(curve.relative(0.0), 0.25);
  EXPECT_DOUBLE_EQ(curve.relative(day_s), 0.25);
  EXPECT_DOUBLE_EQ(curve.relative(-3 * 3600.0), 0.0);
  EXPECT_DOUBLE_EQ(curve.peak_over_mean(), 2.0);
  // From 15 h to 21 h the load falls from 2 to 0: 6 h of mean load in 6 h, three quarters of it in the first half.
  EXPECT_DOUBLE_EQ(curve.load_s(18 * 3600.0) - curve.load_s(15 * 3600.0), 4.5 * 3600.0);
  EXPECT_NEAR(curve.load_s(21 * 3600.0) - curve.load_s(15 * 3600.0), 6 * 3600.0, 1e-9);
}

TEST(LoadCurve, AFlatCurveLeavesTimesAsTheyAre) {
  for (const LoadCurve& curve : {LoadCurve(), LoadCurve({7.0, 7.0, 7.0})}) {
    for (const double time_s : {0.0, 1.0 / 3.0, 12345.678, 1e9 + 0.1}) {
      EXPECT_EQ(curve.time_at_load_s(time_s), time_s);
      EXPECT_EQ(curve.load_s(time_s), time_s);
      EXPECT_EQ(curve.relative(time_s), 1.0);
    }
    EXPECT_EQ(curve.peak_over_mean(), 1.0);
  }
}

RC_GTEST_PROP(LoadCurve, TheMeanOfADayIsOne, ()) {
  const LoadCurve curve(some_weights());
  // Midpoints of equal steps that divide every linear piece: exact but for rounding.
  const std::size_t steps = 20 * curve.weights().size();
  double sum = 0.0;
  for (std::size_t i = 0; i < steps; ++i) {
    sum += curve.relative((static_cast<double>(i) + 0.5) * day_s / static_cast<double>(steps));
  }
  RC_ASSERT(std::abs(sum / static_cast<double>(steps) - 1.0) < 1e-9);
}

RC_GTEST_PROP(LoadCurve, PeakOverMeanIsAtLeastOneAndIsReached, ()) {
  const LoadCurve curve(some_weights());
  const std::vector<double>& weights = curve.weights();
  const auto peak = static_cast<double>(std::max_element(weights.begin(), weights.end()) - weights.begin());
  RC_ASSERT(curve.peak_over_mean() >= 1.0 - 1e-12);
  const double middle_s = (peak + 0.5) * day_s / static_cast<double>(weights.size());
  RC_ASSERT(std::abs(curve.relative(middle_s) - curve.peak_over_mean()) < 1e-9 * curve.peak_over_mean());
}

RC_GTEST_PROP(LoadCurve, LoadIsTheIntegralAndTimeItsInverse, ()) {
  const LoadCurve curve(some_weights());
  const double load_s = *rc::gen::inRange(0, 10 * 86400 * 1000) / 1000.0;
  const double time_s = curve.time_at_load_s(load_s);
  RC_ASSERT(std::abs(curve.load_s(time_s) - load_s) < 1e-6);
  // The slope of the load is the relative load.
  const double step_s = 0.5;
  const double slope = (curve.load_s(time_s + step_s) - curve.load_s(time_s - step_s)) / (2.0 * step_s);
  const double around =
      (curve.relative(time_s - step_s) + 2.0 * curve.relative(time_s) + curve.relative(time_s + step_s)) / 4.0;
  RC_ASSERT(std::abs(slope - around) < 1e-3 * curve.peak_over_mean());
}

RC_GTEST_PROP(LoadCurve, LaterLoadComesLater, ()) {
  const LoadCurve curve(some_weights());
  const int a = *rc::gen::inRange(0, 3 * 86400 * 1000), b = *rc::gen::inRange(0, 3 * 86400 * 1000);
  const double low = curve.time_at_load_s(std::min(a, b) / 1000.0),
               high = curve.time_at_load_s(std::max(a, b) / 1000.0);
  RC_ASSERT(low <= high + 1e-6);
}

RC_GTEST_PROP(LoadCurve, ACursorFindsTheSameTime, ()) {
  const double period_s = *rc::gen::inRange(1, 2000000) / 3.0;
  const LoadCurve curve(some_weights(), period_s);
  LoadCurve::Cursor cursor;
  double load_s = 0.0;
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-20, 100))) {
    // Small steps and whole periods, forwards and back, with loads on the bounds of periods and next to them.
    load_s = step < 0 ? period_s * -step : step > 90 ? std::nextafter(load_s, 0.0) : load_s + step / 400.0 * period_s;
    RC_ASSERT(curve.time_at_load_s(load_s, cursor) == curve.time_at_load_s(load_s));
  }
}

RC_GTEST_PROP(LoadCurve, APeriodOnlyStretchesTime, ()) {
  const std::vector<double> weights = some_weights();
  // A power of two, by which times are stretched exactly.
  const LoadCurve short_one(weights, 1024.0), long_one(weights, 8192.0);
  const double time_s = *rc::gen::inRange(0, 4096000) / 1000.0;
  RC_ASSERT(long_one.relative(8.0 * time_s) == short_one.relative(time_s));
  RC_ASSERT(long_one.load_s(8.0 * time_s) == 8.0 * short_one.load_s(time_s));
  RC_ASSERT(long_one.time_at_load_s(8.0 * time_s) == 8.0 * short_one.time_at_load_s(time_s));
  RC_ASSERT(long_one.peak_over_mean() == short_one.peak_over_mean());
}

TEST(LoadCurve, HoursWithoutLoadAreSteppedOver) {
  // Only the first of 24 hours has weight: the load rises from 0 at 23:30 to 24 at 00:30 and is 0 again at 01:30.
  std::vector<double> weights(24, 0.0);
  weights[0] = 1.0;
  const LoadCurve curve(weights);
  EXPECT_DOUBLE_EQ(curve.peak_over_mean(), 24.0);
  EXPECT_DOUBLE_EQ(curve.relative(12 * 3600.0), 0.0);
  // From midnight half an hour at 18 on average, then an hour at 12; the last eighth of the day's load is before
  // midnight.
  EXPECT_NEAR(curve.load_s(1800.0), 0.375 * day_s, 1e-6);
  EXPECT_NEAR(curve.load_s(5400.0), 0.875 * day_s, 1e-6);
  EXPECT_NEAR(curve.load_s(23.5 * 3600.0), 0.875 * day_s, 1e-6);
  EXPECT_NEAR(curve.time_at_load_s(0.375 * day_s), 1800.0, 1e-6);
  // A second more of load comes when the rise of 24 an hour has reached an area of 1: sqrt(2 * 3600 / 24) s after
  // 23:30.
  EXPECT_NEAR(curve.time_at_load_s(0.875 * day_s + 1.0), 23.5 * 3600.0 + std::sqrt(300.0), 1e-6);
}

}  // namespace
}  // namespace plumb::workload
