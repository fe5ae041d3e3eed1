// Is a calibration read as it stands, refused with its place where it is wrong, and does a grid say what was measured?

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/calibration_file.h"
#include "catalog_text.h"

namespace plumb::catalog {
namespace {

using testing::HasSubstr;

constexpr const char* text = R"(of = "accelerator"
title = "Card: kernels"
command = "plumb calibrate"
[sources]
gemm = "a table"
[kernel.gemm.bf16]
share = 0.8
bandwidth = 0.9
half_depth = 160
overlap = 4
launch = "3000 ns"
depth_latency = "0.25 ns"
fit = { error = 0.06, left_out = 0.02, p90 = 0.2, points = 6250, range = "m 1-32768", source = "gemm" }
)";

Result<Calibration> read(const std::string& bytes) {
  auto document = Document::parse_toml(bytes, "card.toml");
  EXPECT_TRUE(document) << bytes;
  return read_calibration(*document, "card");
}

TEST(Calibration, IsReadAsItStands) {
  const Result<Calibration> read_back = read(text);
  ASSERT_TRUE(read_back) << one_line(read_back.error());
  const KernelFit* fit = read_back->kernels.find("gemm", "bf16");
  ASSERT_NE(fit, nullptr);
  const auto value = [&](std::string_view key) { return fit->family->value(fit->values, key); };
  EXPECT_DOUBLE_EQ(value("share"), 0.8);
  EXPECT_DOUBLE_EQ(value("launch"), 3e-6);
  EXPECT_DOUBLE_EQ(value("depth_latency"), 2.5e-10);
  EXPECT_DOUBLE_EQ(value("quantise"), 1e-16) << "what is not there is as good as none";
  EXPECT_EQ(fit->points, 6250);
  EXPECT_EQ(fit->source, "a table");
  EXPECT_EQ(fit->evidence, Evidence::measured);
  EXPECT_EQ(fit->place.line, 6);
}

TEST(Calibration, FormatsStandInForOthers) {
  const Result<Calibration> read_back = read(text);
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->kernels.find("gemm", "fp4"), read_back->kernels.find("gemm", "bf16"));
  EXPECT_EQ(read_back->kernels.find("expert", "bf16"), nullptr);
}

TEST(Calibration, OfAClassIsNoMeasurementOfAnAccelerator) {
  const Result<Calibration> read_back = read(changed(text, "\"accelerator\"", "\"class\""));
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->kernels.find("gemm", "bf16")->evidence, Evidence::datasheet);
}

TEST(Calibration, IsRefusedWithItsPlace) {
  const auto error_of = [](const char* from, const char* to) {
    const Result<Calibration> read_back = read(changed(text, from, to));
    return read_back ? std::string("read") : one_line(read_back.error());
  };
  EXPECT_THAT(error_of("share = 0.8", "share = 1.1"), HasSubstr("card.toml:7:"));
  EXPECT_THAT(error_of("share = 0.8", "shore = 0.8"), HasSubstr("unknown key \"shore\""));
  EXPECT_THAT(error_of("kernel.gemm", "kernel.gem"), HasSubstr("unknown family of kernels \"gem\""));
  EXPECT_THAT(error_of("gemm.bf16", "gemm.bf17"), HasSubstr("unknown format \"bf17\""));
  EXPECT_THAT(error_of("source = \"gemm\"", "source = \"gem\""), HasSubstr("unknown source \"gem\""));
  EXPECT_THAT(error_of("\"3000 ns\"", "3000"), HasSubstr("card.toml:11:"));
}

TEST(Calibration, BelongsToAnAcceleratorOrAClass) {
  Catalog catalog = facts();
  const Folder folder;
  folder.write("calibrations/card.toml", text);
  Status status = catalog.add_folder(folder.path());
  ASSERT_FALSE(status);
  EXPECT_THAT(one_line(status.error()), HasSubstr("unknown accelerator \"card\""));
  folder.write("accelerators/card.toml", card_text);
  folder.write("calibrations/card.csv", "grid,gemm,bf16,m:1 2,n:1,k:1\n12\n-3\n");
  status = catalog.add_folder(folder.path());
  ASSERT_TRUE(status) << one_line(status.error());
  const auto grids = catalog.calibration("card")->grids();
  ASSERT_TRUE(grids);
  EXPECT_DOUBLE_EQ(grids->find("gemm", "bf16")->value(0, 0, 0), 0.12);
}

TEST(Calibration, GridsWithoutItAreRefused) {
  Catalog catalog = facts();
  const Folder folder;
  folder.write("accelerators/card.toml", card_text);
  folder.write("calibrations/card.csv", "grid,gemm,bf16,m:1,n:1,k:1\n12\n");
  const Status status = catalog.add_folder(folder.path());
  ASSERT_FALSE(status);
  EXPECT_THAT(one_line(status.error()), HasSubstr("grids without a calibration"));
}

TEST(KernelGrid, IsExactAtItsPointsAndLogarithmicBetween) {
  KernelGrid grid({{"m", {1, 4}}, {"n", {10, 1000}}, {"k", {8, 16}}});
  double next = 0.0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      for (std::size_t k = 0; k < 2; ++k) grid.value(i, j, k) = next += 0.01;
    }
  }
  EXPECT_DOUBLE_EQ(grid.along_first(10, 8).value(1).value(), 0.01);
  EXPECT_DOUBLE_EQ(grid.along_first(1000, 16).value(4).value(), 0.08);
  EXPECT_NEAR(grid.along_first(100, 8).value(2).value(), 0.25 * (0.01 + 0.03 + 0.05 + 0.07), 1e-12);
  EXPECT_FALSE(grid.along_first(10, 8).value(5));
  EXPECT_FALSE(grid.along_first(10, 8).value(0.5));
  EXPECT_TRUE(grid.along_first(9, 8).empty());
}

TEST(KernelGrid, SaysNothingOfWhatWasNotMeasured) {
  KernelGrid grid({{"m", {1, 2, 4}}, {"n", {1}}, {"k", {1}}});
  grid.value(0, 0, 0) = 0.1;
  grid.value(2, 0, 0) = 0.3;
  const GridLine line = grid.along_first(1, 1);
  EXPECT_TRUE(line.value(1));
  EXPECT_FALSE(line.value(1.5));
  EXPECT_FALSE(line.value(2));
  EXPECT_TRUE(line.value(4));
}

TEST(KernelGrid, TextReadsBack) {
  const std::string grids = "grid,gemm,bf16,m:1 2,n:1 3,k:1 2 4\n-3,0,12\n,4,\n1,1,1\n,,\n";
  const auto parsed = KernelGrids::parse(grids, "card.csv");
  ASSERT_TRUE(parsed) << one_line(parsed.error());
  EXPECT_EQ(parsed->text(), grids);
  EXPECT_TRUE(std::isnan(parsed->find("gemm", "bf16")->value(0, 1, 0)));
}

TEST(KernelGrid, IsRefusedWithItsLine) {
  const auto error_of = [](const char* bytes) {
    const auto parsed = KernelGrids::parse(bytes, "card.csv");
    return parsed ? std::string("read") : one_line(parsed.error());
  };
  EXPECT_THAT(error_of("m,n,k\n"), HasSubstr("card.csv:1: no header of a grid"));
  EXPECT_THAT(error_of("grid,gemm,bf16,m:2 1,n:1,k:1\n"), HasSubstr("card.csv:1: no axis of a grid"));
  EXPECT_THAT(error_of("grid,gemm,bf16,m:1,n:1\n1\n"), HasSubstr("card.csv:1: no header of a grid"));
  EXPECT_THAT(error_of("grid,gemm,bf16,m:1 2,n:1,k:1\n1\n"), HasSubstr("the text ends within a grid"));
  EXPECT_THAT(error_of("grid,gemm,bf16,m:1,n:1,k:1 2\n1\n"), HasSubstr("card.csv:2: a line with another number"));
  EXPECT_THAT(error_of("grid,gemm,bf16,m:1,n:1,k:1\nx\n"), HasSubstr("card.csv:2: no value of a grid"));
}

}  // namespace
}  // namespace plumb::catalog
