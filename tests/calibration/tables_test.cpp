// Do the calibrations of the catalog tell the measured tables as well as they say, and does fitting them anew give the
// same bytes? Each family's errors are printed, for every accelerator.

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "calibration/calibration.h"

namespace plumb::calibration {
namespace {

const std::string source = PLUMB_SOURCE_DIR;

const catalog::Catalog& facts() {
  static const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  return catalog;
}

std::vector<Measured> tables(std::string_view accelerator, std::string_view family) {
  auto found = read_kernel_tables(source + "/validation/kernels", accelerator, family);
  EXPECT_TRUE(found) << one_line(found.error());
  return found ? *std::move(found) : std::vector<Measured>{};
}

Target target_of(const std::string& name) {
  const catalog::Accelerator& accelerator = *facts().accelerator(name);
  const double sram = accelerator.sram ? accelerator.sram->value.value() : 0.0;
  return {accelerator::resolve(facts(), accelerator).value(), sram};
}

// The equations with the catalog's parameters come as near to the points as the catalog says they do.
TEST(Tables, AreToldAsWellAsTheCatalogSays) {
  for (const Measured& measured : tables("", "")) {
    const Target target = target_of(measured.accelerator);
    const catalog::Calibration* calibration = facts().calibration(measured.accelerator);
    ASSERT_NE(calibration, nullptr) << measured.accelerator;
    for (const auto& [format, points] : measured.table.points) {
      const auto found = calibration->kernels.all().find({std::string(measured.model->family().name), format});
      if (found == calibration->kernels.all().end()) continue;
      const catalog::KernelFit& fit = found->second;
      const Errors errors = errors_with(*measured.model, target, format, fit.values, points);
      fmt::print("{} {} {}: median {:.1f} %, p90 {:.1f} %, left out {:.1f} %\n", measured.accelerator, fit.family->name,
                 format, 100.0 * errors.median, 100.0 * errors.p90, 100.0 * fit.left_out);
      EXPECT_NEAR(errors.median, fit.error, 0.0005) << measured.accelerator << " " << fit.family->name << " " << format;
    }
  }
}

// What was reached when the tables were put in. Left out is with the grid for products.
TEST(Tables, AreToldAsWellAsTheyWere) {
  std::map<std::string, std::vector<double>, std::less<>> left_out;
  for (const auto& [name, calibration] : facts().calibrations()) {
    if (calibration.of_class) continue;
    for (const auto& [key, fit] : calibration.kernels.all()) left_out[key.first].push_back(fit.left_out);
  }
  const auto middle = [&](const char* family) {
    std::vector<double>& errors = left_out[family];
    std::sort(errors.begin(), errors.end());
    return errors[errors.size() / 2];
  };
  EXPECT_LE(middle("gemm"), 0.035);
  EXPECT_LE(left_out["gemm"].back(), 0.06);
  EXPECT_LE(middle("expert"), 0.075);
  EXPECT_LE(left_out["expert"].back(), 0.14);
}

// As a new accelerator, by the others' medians.
TEST(Tables, ClassesTellNewAcceleratorsAsWellAsTheyDid) {
  const catalog::Calibration* gpu = facts().calibration("gpu");
  ASSERT_NE(gpu, nullptr);
  EXPECT_TRUE(gpu->of_class);
  const std::map<std::string, double> most{{"bf16", 0.12}, {"fp8", 0.12}, {"fp8-block", 0.16}, {"fp4", 0.10}};
  for (const auto& [format, error] : most) EXPECT_LE(gpu->kernels.find("gemm", format)->left_out, error) << format;
}

TEST(Tables, FittedAnewGiveTheSameBytes) {
  const auto calibrated = calibrate(facts(), tables("h800-sxm", ""), 0);
  ASSERT_TRUE(calibrated) << one_line(calibrated.error());
  for (const CalibrationFile& file : calibration_files(*calibrated, facts(), "plumb calibrate")) {
    const auto committed = read_file(source + "/catalog/" + file.path, std::size_t{1} << 24);
    ASSERT_TRUE(committed) << file.path;
    // Paths of tables are as they were typed.
    EXPECT_EQ(file.text, *committed) << file.path;
  }
}

// The table of errors in the documentation is that of the catalog.
TEST(Tables, ErrorsInTheDocumentationAreTheCatalogs) {
  const auto page = read_file(source + "/docs/calibration.md", std::size_t{1} << 20);
  ASSERT_TRUE(page);
  for (const auto& [name, calibration] : facts().calibrations()) {
    if (calibration.of_class) continue;
    for (const auto& [key, fit] : calibration.kernels.all()) {
      const std::string row = fmt::format("| {} | {} {} | {} | {:.1f} |", name, key.first, key.second, fit.points,
                                          std::round(1e4 * fit.error) / 100.0);
      EXPECT_NE(page->find(row), std::string::npos) << row;
    }
  }
}

}  // namespace
}  // namespace plumb::calibration
