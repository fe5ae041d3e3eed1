#include "economics/statement.h"

#include <algorithm>

namespace plumb::economics {

bool RevenueTerms::any() const {
  return subscription.value() > 0.0 || advertising.value() > 0.0 || device_margin.value() > 0.0;
}

RevenueTerms read_revenue_terms(Reader& table) {
  RevenueTerms terms;
  if (auto subscription = table.table_if("subscription")) {
    terms.subscription = subscription->quantity<DollarsPerSecond>("price");
    terms.paying_share = subscription->number("paying_share", share);
  }
  if (auto advertising = table.table_if("advertising")) {
    terms.advertising = advertising->quantity<DollarsPerSecond>("per_user");
  }
  if (auto device = table.table_if("device")) {
    terms.device_margin = device->quantity<Dollars>("margin");
    terms.devices_per_user_year = device->number("per_user_year", not_negative);
  }
  return terms;
}

std::optional<double> MonthlyStatement::outlay_over_yearly_revenue() const {
  if (revenue() <= Dollars{}) return std::nullopt;
  return outlay / (revenue() * 12.0);
}

MonthlyStatement monthly_statement(const RevenueTerms& terms, double monthly_users, const FleetBill& bill) {
  MonthlyStatement statement;
  statement.subscription = terms.subscription * month * (monthly_users * terms.paying_share);
  statement.advertising = terms.advertising * month * monthly_users;
  statement.device = terms.device_margin * (monthly_users * terms.devices_per_user_year / 12.0);
  statement.rent = bill.rent * month;
  statement.capital = bill.capital * month;
  statement.power = bill.power * month;
  statement.outlay = bill.outlay;

  const Dollars to_carry = std::max(Dollars{}, statement.cost() - statement.advertising - statement.device);
  if (terms.paying_share > 0.0 && monthly_users > 0.0) {
    statement.break_even_price = to_carry / month / (monthly_users * terms.paying_share);
  }
  if (terms.subscription > DollarsPerSecond{} && monthly_users > 0.0) {
    statement.break_even_paying_share = to_carry / (terms.subscription * month * monthly_users);
  }
  return statement;
}

}  // namespace plumb::economics
