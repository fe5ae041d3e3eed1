#pragma once
// A month of a service: what its users bring, what its fleet costs, and the price at which the two are equal.
//
//   subscription revenue = users x paying share x price
//   advertising revenue  = users x revenue per active user
//   device revenue       = users x devices bought a year / 12 x margin of a device
//   break-even price     = (cost - advertising - device) / (users x paying share)

#include <optional>

#include "base/quantity.h"
#include "base/reader.h"

namespace plumb::economics {

/// [revenue] of a service file. All money is per month except a device's margin.
struct RevenueTerms {
  DollarsPerSecond subscription;  ///< price
  double paying_share = 0.0;      ///< of monthly users
  DollarsPerSecond advertising;   ///< per monthly user
  Dollars device_margin;          ///< of one device
  double devices_per_user_year = 0.0;
  bool any() const;
};

[[nodiscard]] RevenueTerms read_revenue_terms(Reader& table);

struct MonthlyStatement {
  Dollars subscription, advertising, device;
  Dollars rent, capital, power;  ///< capital is this month's depreciation
  Dollars outlay;                ///< capital paid at the start

  Dollars revenue() const { return subscription + advertising + device; }
  Dollars cost() const { return rent + capital + power; }
  Dollars margin() const { return revenue() - cost(); }
  /// Capital paid at the start over a year's revenue; nothing without revenue.
  std::optional<double> outlay_over_yearly_revenue() const;

  /// Subscription price a month at which margin() is 0, other revenue as it is; 0 if that alone carries the cost;
  /// nothing if nobody pays.
  std::optional<DollarsPerSecond> break_even_price;
  /// Share of users that would have to pay at the price that is asked; nothing without a price.
  std::optional<double> break_even_paying_share;
};

struct FleetBill {
  DollarsPerSecond rent, capital, power;
  Dollars outlay;
};

MonthlyStatement monthly_statement(const RevenueTerms& terms, double monthly_users, const FleetBill& bill);

}  // namespace plumb::economics
