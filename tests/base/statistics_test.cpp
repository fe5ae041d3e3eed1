// Are means, deviations and percentiles what their definitions say?

#include "base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace plumb {
namespace {

std::vector<double> some_values(std::size_t count) {
  return *rc::gen::container<std::vector<double>>(
      count, rc::gen::map(rc::gen::inRange(-1000000, 1000001), [](int n) { return n / 1000.0; }));
}

TEST(Moments, OfNothingAreZero) {
  const Moments moments;
  EXPECT_EQ(moments.count(), 0u);
  EXPECT_EQ(moments.mean(), 0.0);
  EXPECT_EQ(moments.deviation(), 0.0);
}

TEST(Moments, ExampleByHand) {
  Moments moments;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(value);
  EXPECT_DOUBLE_EQ(moments.mean(), 5.0);
  EXPECT_DOUBLE_EQ(moments.deviation(), 2.0);
  EXPECT_EQ(moments.minimum(), 2.0);
  EXPECT_EQ(moments.maximum(), 9.0);
}

TEST(Moments, ALargeOffsetDoesNotDrownTheDeviation) {
  // The sum of squares minus the square of the sum would lose all digits here.
  Moments moments;
  for (const double value : {1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0}) moments.add(value);
  EXPECT_DOUBLE_EQ(moments.deviation(), std::sqrt(22.5));
}

RC_GTEST_PROP(MomentsLaw, EqualTheTwoPassFormulas, ()) {
  const std::vector<double> values = some_values(*rc::gen::inRange<std::size_t>(1, 200));
  Moments moments;
  double sum = 0.0, squares = 0.0;
  for (const double value : values) moments.add(value), sum += value;
  const double n = static_cast<double>(values.size());
  for (const double value : values) squares += (value - sum / n) * (value - sum / n);
  RC_ASSERT(std::abs(moments.mean() - sum / n) <= 1e-9);
  RC_ASSERT(std::abs(moments.deviation() - std::sqrt(squares / n)) <= 1e-8);
  RC_ASSERT(moments.minimum() == *std::min_element(values.begin(), values.end()));
  RC_ASSERT(moments.maximum() == *std::max_element(values.begin(), values.end()));
}

TEST(Percentile, NumpyExamples) {
  // numpy.percentile([15, 20, 35, 40, 50], [0, 5, 30, 40, 50, 99, 100])
  const std::vector<double> values{50, 15, 40, 20, 35};
  EXPECT_EQ(percentile(values, 0), 15.0);
  EXPECT_EQ(percentile(values, 5), 16.0);
  EXPECT_EQ(percentile(values, 30), 23.0);
  EXPECT_EQ(percentile(values, 40), 29.0);
  EXPECT_EQ(percentile(values, 50), 35.0);
  EXPECT_EQ(percentile(values, 99), 49.6);
  EXPECT_EQ(percentile(values, 100), 50.0);
}

TEST(Percentile, EdgesAreDefined) {
  EXPECT_EQ(percentile({}, 50), 0.0);
  EXPECT_EQ(percentile({3.0}, 99), 3.0);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(percentile({infinity, infinity}, 50), infinity);
}

RC_GTEST_PROP(PercentileLaw, RisesAndMeetsEveryValueAtItsRank, ()) {
  std::vector<double> values = some_values(*rc::gen::inRange<std::size_t>(2, 100));
  std::sort(values.begin(), values.end());
  const double last = static_cast<double>(values.size() - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    RC_ASSERT(std::abs(percentile_sorted(values, 100.0 * static_cast<double>(i) / last) - values[i]) <= 1e-9 * 2000.0);
  }
  double before = values.front();
  for (double percent = 0.0; percent <= 100.0; percent += 0.5) {
    const double now = percentile_sorted(values, percent);
    RC_ASSERT(now >= before - 1e-12 * std::abs(before));
    before = now;
  }
}

/// The value whose rank (from 0) is the whole part of percent/100 * (n - 1).
double value_of_rank(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(percent / 100.0 * static_cast<double>(values.size() - 1))];
}

RC_GTEST_PROP(SketchLaw, EveryPercentileIsWithinTheRelativeError, (std::uint64_t seed)) {
  const double relative_error = *rc::gen::elementOf(std::vector<double>{0.001, 0.005, 0.02, 0.2});
  Stream stream(seed, "sketch");
  PercentileSketch sketch(relative_error);
  std::vector<double> values;
  for (int i = 0; i < 300; ++i) values.push_back(stream.lognormal(0.0, 3.0));
  for (const double value : values) sketch.add(value);
  for (double percent = 0.0; percent <= 100.0; percent += 2.5) {
    const double exact = value_of_rank(values, percent);
    RC_ASSERT(std::abs(sketch.percentile(percent) - exact) <= relative_error * exact * (1.0 + 1e-9));
  }
}

RC_GTEST_PROP(SketchLaw, MergingIsAddingAll, (std::uint64_t seed)) {
  Stream stream(seed, "merge");
  PercentileSketch all, first, second;
  for (int i = 0; i < 200; ++i) {
    const double value = stream.uniform() < 0.1 ? 0.0 : stream.exponential(5.0);
    all.add(value);
    (stream.uniform() < 0.5 ? first : second).add(value);
  }
  first.merge(second);
  RC_ASSERT(first.count() == all.count());
  for (double percent = 0.0; percent <= 100.0; percent += 5.0)
    RC_ASSERT(first.percentile(percent) == all.percentile(percent));
}

TEST(Sketch, EdgesAreDefined) {
  PercentileSketch sketch;
  EXPECT_EQ(sketch.percentile(50), 0.0);
  sketch.add(1.0, 0);
  EXPECT_EQ(sketch.count(), 0u);
  sketch.add(0.0, 3);
  sketch.add(1e-13);
  EXPECT_EQ(sketch.percentile(100), 0.0);
  sketch.add(std::numeric_limits<double>::infinity());
  EXPECT_GE(sketch.percentile(100), std::numeric_limits<double>::max() * 0.99);
  EXPECT_EQ(sketch.count(), 5u);
}

TEST(Sketch, TimesCountsAsSoManyAdds) {
  PercentileSketch weighted, plain;
  weighted.add(2.0, 3);
  weighted.add(9.0);
  for (const double value : {2.0, 2.0, 2.0, 9.0}) plain.add(value);
  for (double percent = 0.0; percent <= 100.0; percent += 10.0)
    EXPECT_EQ(weighted.percentile(percent), plain.percentile(percent));
}

}  // namespace
}  // namespace plumb
