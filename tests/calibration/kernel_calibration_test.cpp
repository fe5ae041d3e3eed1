// Does a calibration give back the parameters that made its points, and errors that are those of points left out?

#include "calibration/kernel_calibration.h"

#include <gtest/gtest.h>

#include "points.h"

namespace plumb::calibration {
namespace {

const std::vector<double> truth{0.8, 0.85, 150.0, 3.0, 3e-6, 2.5e-10, 1e-16};

TEST(KernelCalibration, FindsTheParametersOfItsEquation) {
  const auto points = test::gemm_points(truth, "bf16", 0.0);
  const auto result = calibrate(gemm_model(), test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  for (const std::size_t i : {0, 1, 2, 4, 5}) EXPECT_NEAR(result->values[i] / truth[i], 1.0, 0.01) << i;
  EXPECT_NEAR(result->values[3], truth[3], 0.2);
  EXPECT_LT(result->fitted.median, 1e-3);
}

TEST(KernelCalibration, FindsThemThroughNoise) {
  const auto points = test::gemm_points(truth, "bf16", 0.1);
  const auto result = calibrate(gemm_model(), test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->values[0], truth[0], 0.03);
  EXPECT_NEAR(result->values[1], truth[1], 0.03);
  // Noise spread evenly over +-10 % has a median of 5 %.
  EXPECT_NEAR(result->fitted.median, 0.05, 0.015);
  EXPECT_GE(result->left_out.median, result->fitted.median * 0.9);
}

TEST(KernelCalibration, TellsNarrowFormatsWithTheirQuantising) {
  std::vector<double> values = truth;
  values[6] = 3e-12;
  const auto result = calibrate(gemm_model(), test::target(), "fp8", test::gemm_points(values, "fp8", 0.0), {});
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->values[6] / 3e-12, 1.0, 0.02);
}

TEST(KernelCalibration, HoldsWhatAFormatDoesNotTell) {
  std::vector<double> held = truth;
  held[4] = 5e-6;
  const auto points = test::gemm_points(held, "fp8-block", 0.0);
  const auto result = calibrate(gemm_model(), test::target(), "fp8-block", points, held);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->values[4], 5e-6);
  EXPECT_EQ(result->values[5], truth[5]);
}

TEST(KernelCalibration, TheOrderOfAFileChangesNothing) {
  auto points = test::gemm_points(truth, "bf16", 0.1);
  const auto forward = calibrate(gemm_model(), test::target(), "bf16", points, {});
  std::reverse(points.begin(), points.end());
  const auto backward = calibrate(gemm_model(), test::target(), "bf16", points, {});
  EXPECT_EQ(forward->values, backward->values);
  EXPECT_EQ(forward->interpolated.median, backward->interpolated.median);
}

// What fits in on-chip memory six times over and would be bound by memory tells nothing of a model's step.
TEST(KernelCalibration, PassesOverWhatACacheMade) {
  auto points = test::gemm_points(truth, "bf16", 0.0);
  const std::size_t all = points.size();
  points.push_back({{1.0, 1000.0, 2000.0}, 2.0 * 2e6 / 3e12});
  const auto result = calibrate(gemm_model(), test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->points + result->passed_over, all + 1);
  EXPECT_GE(result->passed_over, 1U);
}

TEST(KernelCalibration, TooFewPointsAreNone) {
  auto points = test::gemm_points(truth, "bf16", 0.0);
  points.resize(20);
  EXPECT_FALSE(calibrate(gemm_model(), test::target(), "bf16", points, {}));
}

// Where a kernel differs from its equation by what varies slowly with its sizes, the grid finds it.
TEST(KernelCalibration, TheGridFollowsWhatVariesSlowly) {
  auto points = test::gemm_points(truth, "bf16", 0.0);
  for (KernelPoint& point : points) point.seconds *= 1.0 + 0.3 * std::sin(std::log(point.at[1]));
  const auto result = calibrate(gemm_model(), test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  EXPECT_GT(result->left_out.median, 0.05);
  EXPECT_LT(result->interpolated.median, 0.6 * result->left_out.median);
  ASSERT_TRUE(result->grid);
}

}  // namespace
}  // namespace plumb::calibration
