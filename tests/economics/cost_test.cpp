// Does an accelerator cost what its price and terms say?

#include "economics/cost.h"

#include <gtest/gtest.h>

#include "base/document.h"

namespace plumb::economics {
namespace {

catalog::Accelerator priced() {
  catalog::Accelerator accelerator;
  accelerator.name = "priced";
  const auto bought = [](double value, const char* date) {
    return catalog::Price<Dollars>{
        {value * dollar, Evidence::datasheet, "shop", "", {}}, value * dollar, value * dollar, date};
  };
  const auto rented = [](double value, const char* date) {
    const DollarsPerSecond rent = value * dollar / hour;
    return catalog::Price<DollarsPerSecond>{{rent, Evidence::datasheet, "cloud", "", {}}, rent, rent, date};
  };
  accelerator.purchase = {bought(30000.0, "2023"), bought(28000.0, "undated"), bought(25000.0, "2024-06")};
  accelerator.rent = {rented(4.0, "2024"), rented(2.0, "2026-03"), rented(8.0, "2023")};
  return accelerator;
}

CostTerms terms(Basis basis) {
  CostTerms terms;
  terms.basis = basis;
  terms.electricity = 0.10 * dollar / kilowatt_hour;
  terms.pue = 1.25;
  terms.depreciation = 4.0 * year;
  terms.host_cost = 5000.0 * dollar;
  terms.network_share = 0.2;
  terms.node_power_factor = 1.2;
  terms.average_power_share = 0.5;
  return terms;
}

const Watts design = Watts::of(700.0);

// 25,000 x 1.2 + 5,000 over 4 x 8760 hours, and 700 W x 1.2 x 1.25 x 0.5 at $0.10/kWh.
TEST(Cost, BoughtIsWrittenOffAndPowered) {
  const auto cost = accelerator_cost(terms(Basis::purchase), priced(), design);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->price.date, "2024-06");
  EXPECT_NEAR((cost->capital * hour).value(), 35000.0 / 35040.0, 1e-12);
  EXPECT_NEAR((cost->power * hour).value(), 0.525 * 0.10, 1e-12);
  EXPECT_NEAR(cost->outlay.value(), 35000.0, 1e-9);
  EXPECT_EQ(cost->rent.value(), 0.0);
}

TEST(Cost, RentedIsTheLatestRentAndNothingElse) {
  const auto cost = accelerator_cost(terms(Basis::rent), priced(), design);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->price.date, "2026-03");
  EXPECT_NEAR((cost->total() * hour).value(), 2.0, 1e-12);
  EXPECT_EQ(cost->outlay.value(), 0.0);
}

TEST(Cost, CheapestIsTheLowerOfTheTwo) {
  const auto cost = accelerator_cost(terms(Basis::cheapest), priced(), design);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->price.basis, Basis::purchase);
}

TEST(Cost, NoPriceIsNoCost) {
  EXPECT_FALSE(accelerator_cost(terms(Basis::cheapest), {}, design));
  catalog::Accelerator only_rented = priced();
  only_rented.purchase.clear();
  EXPECT_FALSE(accelerator_cost(terms(Basis::purchase), only_rented, design));
}

TEST(Cost, TermsAreReadWithTheirUnits) {
  const auto document = Document::parse_toml(
      "basis = \"purchase\"\nelectricity = \"$0.2/kWh\"\npue = 1.1\ndepreciation = \"5 years\"\nhost_memory = \"128 "
      "GB\"",
      "c.toml");
  ASSERT_TRUE(document);
  Reader reader(*document);
  const CostTerms read = read_cost_terms(reader);
  ASSERT_TRUE(reader.finish());
  EXPECT_EQ(read.basis, Basis::purchase);
  EXPECT_NEAR((read.electricity * kilowatt_hour).value(), 0.2, 1e-12);
  EXPECT_EQ(read.depreciation, 5.0 * year);
  EXPECT_EQ(read.host_memory, 128.0 * gigabyte);
}

TEST(Cost, APueBelowOneIsRefused) {
  const auto document = Document::parse_toml("pue = 0.9", "c.toml");
  ASSERT_TRUE(document);
  Reader reader(*document);
  (void)read_cost_terms(reader);
  const Status status = reader.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), "c.toml:1:7: \"pue\" is 0.9; expected at least 1");
}

}  // namespace
}  // namespace plumb::economics
