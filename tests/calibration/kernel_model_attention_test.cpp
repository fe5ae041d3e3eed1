// Do attention, collectives and states give back the parameters that made their points, and which points do they take?

#include <cmath>

#include <gtest/gtest.h>

#include "calibration/kernel_calibration.h"
#include "points.h"
#include "support/attention_fits.h"

namespace plumb::calibration {
namespace {

using test::decode_values;
using test::prefill_values;

/// With the times of the equation.
std::vector<KernelPoint> timed(const KernelModel& model, std::string_view format, std::span<const double> values,
                               std::vector<KernelPoint> points) {
  std::vector<double> seconds(points.size());
  model.seconds(test::target(), format, values, points, seconds);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].seconds = seconds[i];
  return points;
}

std::vector<KernelPoint> attention_sizes(double longest) {
  std::vector<KernelPoint> points;
  for (double sequences = 1; sequences <= 1024; sequences *= 4) {
    for (double length = 16; length <= longest; length *= 4) {
      for (const double heads : {8, 32}) {
        for (const double kv_heads : {1, 8}) {
          for (const double width : {64, 128, 256}) {
            for (const double window : {0, 1024})
              points.push_back({{sequences, length, heads, kv_heads, width, window}});
          }
        }
      }
    }
  }
  return points;
}

TEST(AttentionCalibration, FindsTheParametersOfDecodes) {
  const KernelModel& model = attention_decode_model();
  const auto points = timed(model, "bf16", decode_values(), attention_sizes(65536));
  const auto result = calibrate(model, test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  EXPECT_LT(result->fitted.median, 0.02);
  const std::vector<double> truth = decode_values();
  for (const std::string_view key : {"launch", "tile", "bandwidth"}) {
    const double found = model.family().value(result->values, key), made = model.family().value(truth, key);
    EXPECT_NEAR(found / made, 1.0, 0.1) << key;
  }
}

TEST(AttentionCalibration, FindsTheParametersOfPrefills) {
  const KernelModel& model = attention_prefill_model();
  const auto points = timed(model, "bf16", prefill_values(), attention_sizes(16384));
  const auto result = calibrate(model, test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  EXPECT_LT(result->fitted.median, 0.02);
  const std::vector<double> truth = prefill_values();
  for (const std::string_view key : {"launch", "diagonal", "store"}) {
    const double found = model.family().value(result->values, key), made = model.family().value(truth, key);
    EXPECT_NEAR(found / made, 1.0, 0.1) << key;
  }
}

// On-chip memory of 50 MB: 16 MB of keys and values stay in it from run to run, 268 MB do not.
TEST(AttentionCalibration, PassesOverWhatStaysInOnChipMemory) {
  const KernelModel& model = attention_decode_model();
  const KernelPoint warm{{4, 1024, 32, 8, 128, 0}, 1.2e-5}, cold{{64, 1024, 32, 8, 128, 0}, 1.2e-4};
  EXPECT_FALSE(model.is_usable(test::target(), "bf16", warm));
  EXPECT_TRUE(model.is_usable(test::target(), "bf16", cold));
  KernelPoint impossible = cold;
  impossible.seconds = 1e-5;
  EXPECT_FALSE(model.is_usable(test::target(), "bf16", impossible)) << "27 TB/s";
}

TEST(AttentionCalibration, PassesOverWindowsThatDoNotCut) {
  const KernelModel& model = attention_decode_model();
  EXPECT_FALSE(model.is_usable(test::target(), "bf16", {{4, 100, 32, 8, 128, 128}, 1.2e-5}));
  EXPECT_TRUE(model.is_usable(test::target(), "bf16", {{4, 129, 32, 8, 128, 128}, 1.2e-5}));
}

TEST(AttentionCalibration, PromptsOfOneTokenAreDecodes) {
  EXPECT_FALSE(attention_prefill_model().is_usable(test::target(), "bf16", {{4, 1, 32, 8, 128, 0}, 1.2e-5}));
}

// Absorbed latents tell no width and no window.
TEST(AttentionCalibration, LatentsHaveOneShape) {
  const KernelModel& model = mla_decode_model();
  const auto parameters = model.family().parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const bool is_of_shape = parameters[i].key == "width_launch" || parameters[i].key == "tile_width" ||
                             parameters[i].key == "window" || parameters[i].key == "window_launch" ||
                             parameters[i].key == "group_launch" || parameters[i].key == "chain_single";
    EXPECT_EQ(model.is_told(i, "bf16"), !is_of_shape) << parameters[i].key;
  }
}

TEST(CollectiveCalibration, FindsTheParametersOfARing) {
  const std::vector<double> truth{6e-6, 1.6e-6, 0.7, 0.86, 4e-5, 3e-5};
  const KernelModel& model = *kernel_model("all_reduce");
  std::vector<KernelPoint> points;
  for (const double ranks : {2, 4, 8}) {
    for (double bytes = 512; bytes < 2e9; bytes *= 2) points.push_back({{ranks, bytes, 1.0}});
  }
  points = timed(model, "bf16", truth, std::move(points));
  const auto result = calibrate(model, test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_NEAR(result->values[i] / truth[i], 1.0, 0.02) << i;
}

TEST(StateCalibration, FindsTheSharesOfDecodesAndPrompts) {
  const std::vector<double> truth{4e-6, 0.06, 0.6};
  std::vector<KernelPoint> points;
  for (double sequences = 1; sequences <= 1024; sequences *= 2) {
    for (double tokens = 1; tokens <= 16384; tokens *= 8) points.push_back({{sequences, tokens, 32.0}});
  }
  points = timed(state_model(), "bf16", truth, std::move(points));
  const auto result = calibrate(state_model(), test::target(), "bf16", points, {});
  ASSERT_TRUE(result);
  for (std::size_t i = 0; i < truth.size(); ++i) EXPECT_NEAR(result->values[i] / truth[i], 1.0, 0.02) << i;
}

}  // namespace
}  // namespace plumb::calibration
