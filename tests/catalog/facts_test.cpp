// Are the figures that most plans rest on those of the publications? The table repeats them as the sheets print them:
// TFLOP/s and TOP/s dense, GB, GB/s, MB, W; 0 stands for what is not published. Sources are those in the files.

#include <optional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "catalog_text.h"

namespace plumb::catalog {
namespace {

struct Sheet {
  const char* name;
  double fp32, tf32, bf16, fp16, fp8, int8, fp4;
  const char* memory;
  double stacks, capacity, bandwidth_gb_s, sram_mb;
  const char* link;
  double link_gb_s;
  int domain;
  double power_w;
  bool gibibytes;  // of the capacity
};

constexpr Sheet sheets[] = {
    {"a100-80gb-sxm", 19.5, 156, 312, 312, 0, 624, 0, "hbm2e", 5, 80, 2039, 40, "nvlink3", 300, 8, 400, true},
    {"h100-sxm", 66.9, 494.7, 989.4, 989.4, 1979, 1979, 0, "hbm3", 5, 80, 3350, 50, "nvlink4", 450, 8, 700, true},
    {"h800-sxm", 66.9, 494.7, 989, 989, 1979, 1979, 0, "hbm3", 5, 80, 3350, 50, "nvlink4-h800", 200, 8, 700, true},
    {"h200-sxm", 66.9, 494.5, 989.5, 989.5, 1979, 1979, 0, "hbm3e", 6, 141, 4800, 50, "nvlink4", 450, 8, 700, true},
    {"b200-sxm", 62.1, 1125, 2250, 2250, 4500, 4500, 9000, "hbm3e", 8, 180, 7700, 100, "nvlink5", 900, 8, 1000, true},
    {"l40s", 91.6, 183, 362, 362, 733, 733, 0, "gddr6", 0, 48, 864, 96, "pcie4-x16", 32, 8, 350, false},
    {"mi300x", 163.4, 653.7, 1307.4, 1307.4, 2615, 2615, 0, "hbm3", 8, 192, 5300, 256, "infinity-fabric", 448, 8, 750,
     true},
    {"sapeon-x220-compact", 0, 0, 0, 0, 0, 87, 0, "lpddr4", 0, 8, 0, 11, "pcie3-x16", 16, 8, 65, false},
    {"sapeon-x220-enterprise", 0, 0, 0, 0, 0, 174, 0, "lpddr4", 0, 16, 0, 22, "pcie3-x16", 16, 8, 135, false},
    {"sapeon-x330-compact", 0, 0, 0, 0, 367, 367, 0, "gddr6", 0, 16, 0, 0, "pcie5-x16", 64, 8, 120, false},
    {"sapeon-x330-prime", 0, 0, 0, 0, 734, 734, 0, "gddr6", 0, 32, 0, 0, "pcie5-x16", 64, 8, 250, false},
    {"rebellions-atom", 0, 0, 0, 32, 0, 128, 0, "gddr6", 0, 16, 256, 64, "pcie5-x16", 64, 8, 85, false},
    {"furiosa-rngd", 0, 0, 256, 0, 512, 512, 0, "hbm3", 2, 48, 1500, 256, "pcie5-x16", 64, 8, 180, true},
};

void PrintTo(const Sheet& sheet, std::ostream* out) { *out << sheet.name; }

class FactsTest : public testing::TestWithParam<Sheet> {};

template <class T>
double in_units(const Known<T>& figure, double unit) {
  if (!figure) return 0.0;
  if constexpr (std::is_same_v<T, double>) {
    return figure->value / unit;
  } else {
    return figure->value.value() / unit;
  }
}

TEST_P(FactsTest, AreThoseOfTheSheet) {
  const Sheet& sheet = GetParam();
  const Accelerator* accelerator = facts().accelerator(sheet.name);
  ASSERT_NE(accelerator, nullptr);
  const auto tera = [&](NumberFormat format) {
    const auto found = accelerator->compute.find(format);
    return found == accelerator->compute.end() ? 0.0 : found->second.value.value() / 1e12;
  };
  using enum NumberFormat;
  EXPECT_DOUBLE_EQ(tera(fp32), sheet.fp32);
  EXPECT_DOUBLE_EQ(tera(tf32), sheet.tf32);
  EXPECT_DOUBLE_EQ(tera(bf16), sheet.bf16);
  EXPECT_DOUBLE_EQ(tera(fp16), sheet.fp16);
  EXPECT_DOUBLE_EQ(tera(fp8), sheet.fp8);
  EXPECT_DOUBLE_EQ(tera(int8), sheet.int8);
  EXPECT_DOUBLE_EQ(tera(fp4), sheet.fp4);
  EXPECT_EQ(accelerator->memory_kind, sheet.memory);
  EXPECT_DOUBLE_EQ(in_units(accelerator->memory_stacks, 1.0), sheet.stacks);
  EXPECT_DOUBLE_EQ(in_units(accelerator->memory_capacity, sheet.gibibytes ? 1073741824.0 : 1e9), sheet.capacity);
  EXPECT_DOUBLE_EQ(in_units(accelerator->memory_bandwidth, 1e9), sheet.bandwidth_gb_s);
  EXPECT_DOUBLE_EQ(in_units(accelerator->sram, 1e6), sheet.sram_mb);
  EXPECT_EQ(accelerator->link, sheet.link);
  EXPECT_DOUBLE_EQ(in_units(accelerator->link_bandwidth, 1e9), sheet.link_gb_s);
  EXPECT_EQ(accelerator->scale_up_ranks, sheet.domain);
  EXPECT_DOUBLE_EQ(in_units(accelerator->power, 1.0), sheet.power_w);
}

INSTANTIATE_TEST_SUITE_P(Sheets, FactsTest, testing::ValuesIn(sheets), [](const auto& sheet_info) {
  std::string name = sheet_info.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(Facts, UnknownStaysAbsent) {
  for (const char* name : {"sapeon-x330-compact", "sapeon-x330-prime"}) {
    const Accelerator& accelerator = *facts().accelerator(name);
    EXPECT_FALSE(accelerator.memory_bandwidth) << name;
    EXPECT_FALSE(accelerator.sram) << name;
    EXPECT_FALSE(accelerator.compute.contains(NumberFormat::bf16)) << name;
  }
  EXPECT_FALSE(facts().accelerator("aimx")->power);
  EXPECT_TRUE(facts().accelerator("r200-sxm")->compute.empty());
}

TEST(Facts, UnsourcedFiguresCountAsAssumed) {
  const Accelerator& x330 = *facts().accelerator("sapeon-x330-compact");
  EXPECT_EQ(x330.compute.at(NumberFormat::fp8).evidence, Evidence::assumed);
  EXPECT_EQ(x330.memory_capacity->source, "unsourced");
  const Accelerator& atom = *facts().accelerator("rebellions-atom");
  EXPECT_EQ(atom.memory_bandwidth->evidence, Evidence::assumed);
  EXPECT_EQ(atom.compute.at(NumberFormat::fp16).evidence, Evidence::datasheet);
}

/// A guess that somebody published is no data sheet.
TEST(Facts, SourcedGuessesCountAsAssumed) {
  const auto& prices = facts().accelerator("b200-sxm")->purchase;
  ASSERT_EQ(prices.size(), 1u);
  EXPECT_EQ(prices[0].figure.evidence, Evidence::assumed);
  EXPECT_NE(prices[0].figure.source, "unsourced");
}

TEST(Facts, RentsOfH100AreDatedBands) {
  const auto& rents = facts().accelerator("h100-sxm")->rent;
  const auto usd_per_hour = [](DollarsPerSecond rent) { return rent.value() * 3600.0; };
  ASSERT_EQ(rents.size(), 5u);
  EXPECT_EQ(rents.front().date, "2023");
  EXPECT_NEAR(usd_per_hour(rents.front().low), 8.0, 1e-9);
  EXPECT_NEAR(usd_per_hour(rents.front().high), 12.0, 1e-9);
  EXPECT_EQ(rents.back().date, "2026-03");
  EXPECT_NEAR(usd_per_hour(rents.back().figure.value), 2.35, 1e-9);
  EXPECT_EQ(rents.back().low, rents.back().figure.value);
  for (std::size_t i = 1; i < rents.size(); ++i) EXPECT_LT(rents[i - 1].date, rents[i].date);
}

TEST(Facts, MemoriesAreThoseOfTheirStandards) {
  const Memory& hbm3 = *facts().memory("hbm3");
  EXPECT_NEAR(hbm3.pin_rate_gbit_s->value, 6.4, 1e-12);
  EXPECT_DOUBLE_EQ(hbm3.io_width_bits->value, 1024.0);
  EXPECT_DOUBLE_EQ(hbm3.bandwidth->value.value(), 819e9);
  EXPECT_NEAR(hbm3.energy->value.value() * 1e12 / 8.0, 3.59, 1e-9);
  EXPECT_NEAR(facts().memory("ddr4")->prices[5].figure.value.value() * 1e9, 1.3, 1e-9);  // August 2023, the trough
}

}  // namespace
}  // namespace plumb::catalog
