// Does a month of a service add up?

#include "economics/statement.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/document.h"

namespace plumb::economics {
namespace {

const FleetBill bill{10.0 * dollar / hour, 5.0 * dollar / hour, 1.0 * dollar / hour, 100000.0 * dollar};

RevenueTerms terms() {
  RevenueTerms terms;
  terms.subscription = 10.0 * dollar / month;
  terms.paying_share = 0.05;
  terms.advertising = 0.2 * dollar / month;
  terms.device_margin = 30.0 * dollar;
  terms.devices_per_user_year = 0.01;
  return terms;
}

// 1000 users: 50 pay $10, all bring $0.20, ten a year buy a device at $30. The fleet is $16/h for 730 hours.
TEST(Statement, OfAThousandUsers) {
  const MonthlyStatement statement = monthly_statement(terms(), 1000.0, bill);
  EXPECT_NEAR(statement.subscription.value(), 500.0, 1e-9);
  EXPECT_NEAR(statement.advertising.value(), 200.0, 1e-9);
  EXPECT_NEAR(statement.device.value(), 25.0, 1e-9);
  EXPECT_NEAR(statement.cost().value(), 16.0 * 730.0, 1e-6);
  EXPECT_NEAR(statement.margin().value(), 725.0 - 11680.0, 1e-6);
  ASSERT_TRUE(statement.outlay_over_yearly_revenue());
  EXPECT_NEAR(*statement.outlay_over_yearly_revenue(), 100000.0 / (725.0 * 12.0), 1e-9);
}

TEST(Statement, NobodyPaysMeansNoBreakEvenPrice) {
  RevenueTerms nobody = terms();
  nobody.paying_share = 0.0;
  EXPECT_FALSE(monthly_statement(nobody, 1000.0, bill).break_even_price);
  EXPECT_FALSE(monthly_statement({}, 1000.0, bill).outlay_over_yearly_revenue());
}

// Law: at the break-even price, and at the break-even share, the margin is nothing.
RC_GTEST_PROP(Statement, MarginIsZeroAtBreakEven, ()) {
  RevenueTerms asked = terms();
  asked.paying_share = *rc::gen::inRange(1, 100) / 100.0;
  asked.advertising = *rc::gen::inRange(0, 10) / 100.0 * dollar / month;
  const double users = *rc::gen::inRange(100, 10000);
  const MonthlyStatement before = monthly_statement(asked, users, bill);
  RC_PRE(before.advertising + before.device < before.cost());
  RevenueTerms at_price = asked;
  at_price.subscription = *before.break_even_price;
  RC_ASSERT(std::abs(monthly_statement(at_price, users, bill).margin().value()) < 1e-6);
  RevenueTerms at_share = asked;
  at_share.paying_share = *before.break_even_paying_share;
  RC_ASSERT(std::abs(monthly_statement(at_share, users, bill).margin().value()) < 1e-6);
}

TEST(RevenueTerms, AreReadWithTheirUnits) {
  const auto document = Document::parse_toml(
      "subscription = { price = \"$9.99/month\", paying_share = 0.05 }\n"
      "advertising = { per_user = \"$0.15/month\" }\n"
      "device = { margin = \"$20\", per_user_year = 0.1 }\n",
      "r.toml");
  ASSERT_TRUE(document);
  Reader reader(*document);
  const RevenueTerms read = read_revenue_terms(reader);
  ASSERT_TRUE(reader.finish());
  EXPECT_NEAR((read.subscription * month).value(), 9.99, 1e-12);
  EXPECT_EQ(read.paying_share, 0.05);
  EXPECT_NEAR((read.advertising * month).value(), 0.15, 1e-12);
  EXPECT_EQ(read.device_margin.value(), 20.0);
}

}  // namespace
}  // namespace plumb::economics
