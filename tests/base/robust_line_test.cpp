// Does the line go through points that lie on one, and stay there while some of them are moved away?

#include "base/robust_line.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace plumb {
namespace {

TEST(RobustLine, GoesThroughPointsOfALine) {
  const std::vector<double> x{1.0, 2.0, 5.0, 9.0}, y{5.0, 7.0, 13.0, 21.0};
  const Line line = robust_line(x, y);
  EXPECT_DOUBLE_EQ(line.slope, 2.0);
  EXPECT_DOUBLE_EQ(line.intercept, 3.0);
  EXPECT_DOUBLE_EQ(line.at(10.0), 23.0);
}

TEST(RobustLine, OfOnePlaceIsLevelAndOfNoneIsZero) {
  const Line line = robust_line(std::vector<double>{3.0, 3.0, 3.0}, std::vector<double>{1.0, 2.0, 9.0});
  EXPECT_EQ(line.slope, 0.0);
  EXPECT_EQ(line.intercept, 2.0);
  EXPECT_EQ(robust_line({}, {}).intercept, 0.0);
}

// Sen 1968: it breaks down at 29 % of wrong points. A fifth of them, far off, must not move it by more than the rest
// are scattered, which here is not at all.
RC_GTEST_PROP(RobustLine, StaysByFourFifthsOfThePoints, ()) {
  const double slope = *rc::gen::inRange(-50, 50), intercept = *rc::gen::inRange(-50, 50);
  const auto count = *rc::gen::inRange<std::size_t>(20, 1500);
  Stream stream(*rc::gen::inRange<std::uint64_t>(0, 1000), "points");
  std::vector<double> x, y;
  for (std::size_t i = 0; i < count; ++i) {
    x.push_back(static_cast<double>(i));
    y.push_back(intercept + slope * x.back());
    if (i % 5 == 2) y.back() += stream.uniform(1e3, 1e6);
  }
  const Line line = robust_line(x, y);
  RC_ASSERT(std::abs(line.slope - slope) < 1e-9);
  RC_ASSERT(std::abs(line.intercept - intercept) < 1e-6);
}

}  // namespace
}  // namespace plumb
