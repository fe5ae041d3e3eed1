// Is what `plumb calibrate` writes the same whatever the threads, and does the catalog read it back?

#include "calibration/calibration.h"

#include <gtest/gtest.h>

#include "points.h"

namespace plumb::calibration {
namespace {

const std::vector<double> truth{0.8, 0.85, 150.0, 3.0, 3e-6, 2.5e-10, 1e-16};

Measured measured(std::string accelerator, double share) {
  std::vector<double> values = truth;
  values[0] = share;
  Measured table{std::move(accelerator), &gemm_model(), {}, "made-up.csv"};
  table.table.source = "made up, \"for tests\"";
  table.table.points["bf16"] = test::gemm_points(values, "bf16", 0.05);
  return table;
}

const catalog::Catalog& facts() {
  static const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  return catalog;
}

std::vector<Measured> tables() {
  return {measured("h100-sxm", 0.7), measured("h200-sxm", 0.8), measured("a100-80gb-sxm", 0.3)};
}

TEST(Calibration, IsTheSameWhateverTheThreads) {
  const auto one = calibrate(facts(), tables(), 1), four = calibrate(facts(), tables(), 4);
  ASSERT_TRUE(one && four);
  const auto first = calibration_files(*one, facts(), "plumb calibrate"),
             again = calibration_files(*four, facts(), "plumb calibrate");
  ASSERT_EQ(first.size(), again.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].path, again[i].path);
    EXPECT_EQ(first[i].text, again[i].text);
  }
}

TEST(Calibration, FilesReadBackAsTheyWereFitted) {
  const auto calibrated = calibrate(facts(), tables(), 0);
  ASSERT_TRUE(calibrated);
  for (const CalibrationFile& file : calibration_files(*calibrated, facts(), "plumb calibrate --x")) {
    if (file.path.ends_with(".csv")) {
      EXPECT_TRUE(catalog::KernelGrids::parse(file.text, file.path));
      continue;
    }
    auto document = Document::parse_toml(file.text, file.path);
    ASSERT_TRUE(document) << file.text;
    const auto read_back = catalog::read_calibration(*document, "x");
    ASSERT_TRUE(read_back) << one_line(read_back.error()) << file.text;
    EXPECT_EQ(read_back->command, "plumb calibrate --x");
    const catalog::KernelFit* fit = read_back->kernels.find("gemm", "bf16");
    ASSERT_NE(fit, nullptr);
    for (const AcceleratorFit& of : calibrated->accelerators) {
      if (file.path != "calibrations/" + of.accelerator + ".toml") continue;
      for (std::size_t i = 0; i < of.kernels.values.size(); ++i) {
        EXPECT_NEAR(fit->values[i] / of.kernels.values[i], 1.0, 1e-9) << i;
      }
      EXPECT_EQ(fit->source, of.source);
    }
  }
}

TEST(Calibration, AClassHasTheMediansOfItsAccelerators) {
  const auto calibrated = calibrate(facts(), tables(), 0);
  ASSERT_TRUE(calibrated);
  ASSERT_EQ(calibrated->classes.size(), 1U);
  const ClassFit& of_class = calibrated->classes.front();
  EXPECT_EQ(of_class.efficiency_class, "gpu");
  EXPECT_EQ(of_class.accelerators.size(), 3U);
  EXPECT_EQ(of_class.values[0], calibrated->accelerators[1].kernels.values[0]);
  for (const AcceleratorFit& fit : calibrated->accelerators) ASSERT_TRUE(fit.as_new);
}

TEST(Calibration, OneAcceleratorIsNoClass) {
  const auto calibrated = calibrate(facts(), {measured("h100-sxm", 0.7)}, 0);
  ASSERT_TRUE(calibrated);
  EXPECT_TRUE(calibrated->classes.empty());
  EXPECT_FALSE(calibrated->accelerators.front().as_new);
}

TEST(Calibration, AnUnknownAcceleratorIsNamed) {
  const auto calibrated = calibrate(facts(), {measured("h101-sxm", 0.7)}, 0);
  ASSERT_FALSE(calibrated);
  EXPECT_NE(one_line(calibrated.error()).find("made-up.csv: unknown accelerator \"h101-sxm\""), std::string::npos)
      << one_line(calibrated.error());
}

}  // namespace
}  // namespace plumb::calibration
