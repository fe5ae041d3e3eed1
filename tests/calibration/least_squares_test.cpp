// Does least squares find what made the data, in spite of a few that are far off, and within bounds?

#include "calibration/least_squares.h"

#include <cmath>

#include <gtest/gtest.h>

namespace plumb::calibration {
namespace {

/// ln of a x^b at x = 1 ... 40.
Residuals power_law(double a, double b, double off_every_tenth) {
  return [=](std::span<const double> values, std::span<double> residuals) {
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      const double x = std::log(static_cast<double>(i + 1));
      const double measured = std::log(a) + b * x + (i % 10 == 3 ? off_every_tenth : 0.0);
      residuals[i] = std::log(values[0]) + values[1] * x - measured;
    }
  };
}

constexpr Unknown wide[] = {{1e-3, 1e3, 1.0}, {1e-2, 10.0, 1.0}};

TEST(LeastSquares, FindsWhatMadeTheData) {
  const std::vector<double> values = least_squares(wide, 40, 0.1, power_law(7.0, 0.35, 0.0));
  EXPECT_NEAR(values[0], 7.0, 1e-4);
  EXPECT_NEAR(values[1], 0.35, 1e-5);
}

TEST(LeastSquares, IsNotLedByFewFarOff) {
  const std::vector<double> values = least_squares(wide, 40, 0.1, power_law(7.0, 0.35, 3.0));
  EXPECT_NEAR(values[0], 7.0, 0.5);  // least squares without weights: 9.4
  EXPECT_NEAR(values[1], 0.35, 0.05);
}

TEST(LeastSquares, StaysWithinBounds) {
  constexpr Unknown narrow[] = {{1e-3, 5.0, 1.0}, {1e-2, 10.0, 1.0}};
  const std::vector<double> values = least_squares(narrow, 40, 0.1, power_law(7.0, 0.35, 0.0));
  EXPECT_LE(values[0], 5.0);
  EXPECT_GT(values[0], 4.9);
}

TEST(LeastSquares, GivesTheSameBits) {
  EXPECT_EQ(least_squares(wide, 40, 0.1, power_law(7.0, 0.35, 1.0)),
            least_squares(wide, 40, 0.1, power_law(7.0, 0.35, 1.0)));
}

}  // namespace
}  // namespace plumb::calibration
