// Do all memories that the program carries load with every preset, move what their packages are sold for, and do the
// peers' sets hold the peers' figures?

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "memory/address_mapping.h"
#include "specification_text.h"

namespace plumb::memory {
namespace {

/// Joules per bit of rows that are read whole, with neither refresh nor standby.
double whole_row_energy(const Specification& of) {
  constexpr double bits_per_byte = 8.0;
  return of.energy->activation / (static_cast<double>(of.organisation.row_bytes) * bits_per_byte) +
         of.energy->read.total();
}

class EveryMemory : public testing::TestWithParam<std::string> {};

TEST_P(EveryMemory, Loads) {
  const auto specification = find_specification(GetParam(), facts());
  ASSERT_TRUE(specification) << one_line(specification.error());
  EXPECT_FALSE(specification->title.empty());
  EXPECT_GT(specification->tick_s(), 0.0);
  ASSERT_TRUE(specification->energy);
  EXPECT_GT(specification->energy->activation, 0.0);
  EXPECT_GT(specification->energy->read.total(), 0.0);
  EXPECT_FALSE(specification->energy->note.empty());
  EXPECT_FALSE(specification->energy->source.empty());
  EXPECT_TRUE(AddressMapping::make(specification->mapping, specification->organisation, {}));
  for (const Parameter& parameter : specification->parameters) {
    EXPECT_FALSE(parameter.source.empty()) << parameter.name;
    EXPECT_GT(parameter.place.line, 0) << parameter.name;
  }
  if (specification->preset != "ramulator-3200bn") {
    EXPECT_TRUE(specification->inconsistencies.empty());
  }
}

TEST_P(EveryMemory, MayTransferFromSomeBankInEveryBurst) {
  const Specification of = specification(GetParam());
  EXPECT_LE(of.ticks("tCCDS"), of.burst) << "no mapping can fill the data bus";
  EXPECT_LE(of.ticks("tCCDL"), of.burst * of.organisation.bank_groups);
}

TEST_P(EveryMemory, RefreshesEveryBankByEveryCommandItHas) {
  for (const RefreshMode mode : {RefreshMode::all_bank, RefreshMode::per_bank, RefreshMode::same_bank}) {
    const Specification of = specification(GetParam());
    const Scope scope = mode == RefreshMode::all_bank   ? Scope::rank
                        : mode == RefreshMode::per_bank ? Scope::bank
                                                        : Scope::same_bank;
    const int command = of.refresh_command(scope);
    if (command < 0) continue;
    // A refreshed bank is shut for a while by a constraint on its own activation; that is the time of the refresh.
    Tick busy = 0;
    for (const Constraint& constraint : of.constraints)
      if (constraint.from == command && constraint.to == of.command(Does::activate))
        busy = std::max(busy, constraint.ticks);
    EXPECT_GT(busy, 0);
    EXPECT_LT(busy, of.refresh_interval);
  }
}

INSTANTIATE_TEST_SUITE_P(Catalog, EveryMemory, testing::ValuesIn(specification_names(facts())), [](const auto& made) {
  std::string name = made.param;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
});

TEST(CatalogSpecifications, CoverTheStandardsOfTheirTime) {
  const std::vector<std::string> names = specification_names(facts());
  for (const char* wanted : {"hbm1",
                             "hbm2",
                             "hbm2e",
                             "hbm3",
                             "hbm3e",
                             "hbm4",
                             "gddr6",
                             "gddr6-aim",
                             "gddr6x",
                             "gddr7",
                             "lpddr5",
                             "lpddr5x",
                             "ddr4",
                             "ddr5",
                             "hbm3:5200",
                             "hbm3e:9800",
                             "hbm3:ramulator",
                             "hbm3:attacc",
                             "hbm3:llmsimulator",
                             "hbm2:ramulator",
                             "hbm2:dramsim3",
                             "hbm2:dramsys",
                             "hbm4:ramulator",
                             "gddr6:ramulator",
                             "gddr6:dramsim3",
                             "ddr4:ramulator",
                             "ddr4:dramsim3",
                             "ddr5:ramulator",
                             "lpddr5:ramulator"})
    EXPECT_NE(std::find(names.begin(), names.end(), wanted), names.end()) << wanted;
}

// A module's [package] gives the same bandwidth as the bus of its [dram], and the same capacity.
TEST(CatalogSpecifications, AreThoseOfTheirPackages) {
  for (const std::string& name : specification_names(facts())) {
    if (name.find(':') != std::string::npos) continue;  // a preset is another part
    const Specification of = specification(name);
    const catalog::Memory& sold = *facts().memory(name);
    ASSERT_TRUE(sold.bandwidth) << name;
    EXPECT_NEAR(of.peak_bandwidth() / sold.bandwidth->value, 1.0, 0.01) << name;
    ASSERT_TRUE(sold.capacity) << name;
    EXPECT_DOUBLE_EQ(static_cast<double>(of.organisation.capacity_bytes()), sold.capacity->value.value()) << name;
  }
}

TEST(CatalogSpecifications, SpeedBinsAreNamedByTheirPinRates) {
  for (const std::string& name : specification_names(facts())) {
    const std::size_t colon = name.find(':');
    if (colon == std::string::npos) continue;
    const std::string bin = name.substr(colon + 1);
    if (bin.find_first_not_of("0123456789") != std::string::npos) continue;
    const Specification of = specification(name), base = specification(name.substr(0, colon));
    const catalog::Memory& sold = *facts().memory(base.name);
    constexpr double gigabits = 1e-3;  // of a name's megabits
    const double faster = of.peak_bandwidth() / base.peak_bandwidth();
    EXPECT_NEAR(sold.pin_rate_gbit_s->value * faster / (std::stod(bin) * gigabits), 1.0, 0.01) << name;
  }
}

TEST(CatalogSpecifications, WhatIsScaledIsMarked) {
  for (const char* name : {"hbm2e", "hbm3e", "lpddr5x", "gddr6x", "hbm3:5200", "hbm3:attacc", "hbm3e:9800"})
    EXPECT_EQ(specification(name).evidence, Evidence::assumed) << name;
  for (const char* name : {"hbm3", "hbm4", "ddr4", "lpddr5", "gddr6:14000", "hbm3:ramulator"})
    EXPECT_EQ(specification(name).evidence, Evidence::datasheet) << name;
}

// Times in nanoseconds give the very clocks from which they were taken.
TEST(CatalogSpecifications, TimesGiveTheClocksOfTheirSource) {
  const auto clocks = [](const char* name, const char* parameter) {
    const Specification of = specification(name);
    return static_cast<double>(of.ticks(parameter)) / of.ticks_per_clock;
  };
  const struct {
    const char* name;
    std::vector<std::pair<const char*, double>> values;
  } expected[] = {
      {"hbm3",
       {{"tCL", 20},
        {"tCWL", 10},
        {"tRCDRD", 31},
        {"tRCDWR", 15},
        {"tRP", 26},
        {"tRAS", 45},
        {"tRC", 72},
        {"tWR", 33},
        {"tRTP", 9},
        {"tRRDS", 4},
        {"tRRDL", 5},
        {"tFAW", 24},
        {"tWTRS", 7},
        {"tWTRL", 10},
        {"tRTW", 20},
        {"tREFI", 6240},
        {"tRFC", 560},
        {"tRFCpb", 320}}},
      {"hbm2", {{"tCL", 14}, {"tRCDRD", 14}, {"tRAS", 34}, {"tRC", 48}, {"tFAW", 15}, {"tRFC", 350}, {"tREFI", 3900}}},
      {"hbm4:ramulator",
       {{"tCL", 20},
        {"tCWL", 10},
        {"tRCDRD", 39},
        {"tRCDWR", 19},
        {"tRP", 33},
        {"tRAS", 57},
        {"tRC", 90},
        {"tWR", 42},
        {"tFAW", 30},
        {"tRRDS", 5},
        {"tRRDL", 7},
        {"tWTRS", 9},
        {"tWTRL", 13},
        {"tRFC", 900},
        {"tRFCpb", 560}}},
      {"lpddr5",
       {{"tCL", 17},
        {"tCWL", 9},
        {"tRCD", 15},
        {"tRP", 15},
        {"tRPab", 17},
        {"tRAS", 34},
        {"tRC", 49},
        {"tWR", 28},
        {"tRTP", 8},
        {"tRRDS", 4},
        {"tFAW", 16},
        {"tWTRS", 5},
        {"tWTRL", 10},
        {"tRFC", 224},
        {"tRFCpb", 112}}},
      {"lpddr5x", {{"tCL", 23}, {"tCWL", 12}, {"tRCD", 20}}},
      {"gddr6:14000", {{"tCL", 24}, {"tRP", 27}, {"tFAW", 29}}},
      {"hbm3:attacc", {{"tCL", 23}, {"tRAS", 55}, {"tFAW", 48}, {"tRFC", 560}}},
  };
  for (const auto& memory : expected)
    for (const auto& [parameter, value] : memory.values)
      EXPECT_EQ(clocks(memory.name, parameter), value) << memory.name << " " << parameter;
}

TEST(CatalogSpecifications, EnergyOfPeersIsTheirs) {
  EXPECT_NEAR(whole_row_energy(specification("hbm3:attacc")) * 1e12, 3.59, 0.005);
  EXPECT_NEAR(specification("hbm3:llmsimulator").energy->read.total() * 1e12, 3.48, 0.005);
  EXPECT_NEAR(whole_row_energy(specification("hbm3:llmsimulator")) * 1e12, 3.59, 0.005);
  // DRAMsim3's channel in a sequential stream of 29.4 GB/s draws 462.6 mW: its bits, its standby, its refreshes.
  const Specification dramsim3 = specification("hbm2:dramsim3");
  constexpr double bits_per_second = 29.4e9 * 8.0, banks = 16.0, refresh_interval = 3.9e-6;
  const double power = whole_row_energy(dramsim3) * bits_per_second + dramsim3.energy->standby_active +
                       dramsim3.energy->refresh * banks / refresh_interval;
  EXPECT_NEAR(power, 0.4626, 0.005);
}

TEST(CatalogSpecifications, AFaultySetOfAPeerLoadsOnlyBecauseItSaysSo) {
  const Specification of = specification("ddr5:ramulator-3200bn");
  ASSERT_EQ(of.inconsistencies.size(), 1u);
  EXPECT_EQ(of.inconsistencies[0],
            "tRRDS of 8 clocks is longer than tRRDL of 5: the same bank group is never faster than another");
}

}  // namespace
}  // namespace plumb::memory
