// Are percentiles numpy's while values are few, and within the stated error when they are many?

#include "base/percentile_stream.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

PercentileStream stream_of(const std::vector<double>& values, std::size_t exact_max) {
  PercentileStream stream(exact_max);
  for (const double value : values) stream.add(value);
  return stream;
}

std::vector<double> some_values() {
  const auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000)));
  std::vector<double> values;
  for (const int number : numbers) values.push_back(0.01 * number);
  return values;
}

RC_GTEST_PROP(PercentileStream, FewValuesAreExact, ()) {
  const std::vector<double> values = some_values();
  PercentileStream stream = stream_of(values, values.size());
  RC_ASSERT(stream.exact());
  RC_ASSERT(stream.relative_error() == 0.0);
  for (const double percent : {99.0, 0.0, 50.0, 100.0, 12.5}) {
    RC_ASSERT(stream.percentile(percent) == percentile(values, percent));
  }
}

/// At least `percent` of the values are at most the nearest rank's, and fewer are below it.
RC_GTEST_PROP(PercentileStream, NearestRankIsTheSmallestThatCoversThePercent, ()) {
  std::vector<double> values = some_values();
  const auto late = *rc::gen::inRange<std::size_t>(0, 3);
  values.insert(values.end(), late, infinity);
  const double percent = *rc::gen::inRange(0, 101);
  const double value = stream_of(values, values.size()).at_nearest_rank(percent);
  const auto share = [&](auto counts) {
    return 100.0 * static_cast<double>(std::count_if(values.begin(), values.end(), counts)) /
           static_cast<double>(values.size());
  };
  constexpr double rounding = 1e-9;
  RC_ASSERT(share([&](double other) { return other <= value; }) >= percent - rounding);
  RC_ASSERT((value == *std::min_element(values.begin(), values.end()) ||
             share([&](double other) { return other < value; }) < percent));
}

RC_GTEST_PROP(PercentileStream, ManyValuesAreWithinTheError, ()) {
  std::vector<double> values = some_values();
  values.push_back(infinity);
  PercentileStream stream = stream_of(values, 1);
  RC_PRE(values.size() > 2);
  RC_ASSERT(!stream.exact());
  RC_ASSERT(stream.count() == static_cast<std::int64_t>(values.size()));
  std::sort(values.begin(), values.end());
  for (const double percent : {0.0, 50.0, 95.0, 100.0}) {
    const auto rank = static_cast<std::size_t>(nearest_rank(percent, stream.count()) - 1);
    const double made = stream.at_nearest_rank(percent), right = values[rank];
    RC_ASSERT((made == right || std::abs(made - right) <= 1.000001 * stream.relative_error() * right));
  }
}

TEST(PercentileStream, IsZeroWithoutValues) {
  PercentileStream stream;
  EXPECT_EQ(stream.percentile(50.0), 0.0);
  EXPECT_EQ(stream.at_nearest_rank(50.0), 0.0);
}

}  // namespace
}  // namespace plumb
