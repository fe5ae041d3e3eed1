#include "economics/cost.h"

#include <array>

namespace plumb::economics {
namespace {

/// The entry with the latest date; "undated" is before every date. Of equal dates the better evidence counts, then the
/// last.
template <class Money>
const catalog::Price<Money>* latest(const std::vector<catalog::Price<Money>>& prices) {
  const auto key = [](const catalog::Price<Money>& price) {
    return price.date == "undated" ? std::string() : price.date;
  };
  const catalog::Price<Money>* found = nullptr;
  for (const catalog::Price<Money>& price : prices) {
    if (found == nullptr || key(price) > key(*found) ||
        (key(price) == key(*found) && price.figure.evidence <= found->figure.evidence)) {
      found = &price;
    }
  }
  return found;
}

AcceleratorCost bought(const CostTerms& terms, const catalog::Price<Dollars>& price, Watts design_power) {
  AcceleratorCost cost;
  cost.price = {Basis::purchase, {}, price.figure.value, price.date, price.figure.source, price.figure.evidence};
  cost.outlay = price.figure.value * (1.0 + terms.network_share) + terms.host_cost;
  cost.capital = cost.outlay / terms.depreciation;
  cost.power = facility_power(terms, design_power) * terms.average_power_share * terms.electricity;
  return cost;
}

AcceleratorCost rented(const catalog::Price<DollarsPerSecond>& price) {
  AcceleratorCost cost;
  cost.price = {Basis::rent, price.figure.value, {}, price.date, price.figure.source, price.figure.evidence};
  cost.rent = price.figure.value;
  return cost;
}

}  // namespace

CostTerms read_cost_terms(Reader& table) {
  CostTerms terms;
  static constexpr std::array<std::string_view, 3> bases{"cheapest", "rent", "purchase"};
  terms.basis = static_cast<Basis>(table.choice("basis", bases, 0));
  terms.electricity = table.quantity_if<DollarsPerJoule>("electricity").value_or(terms.electricity);
  terms.pue = table.number_if("pue", from_one).value_or(terms.pue);
  terms.depreciation = table.quantity_if<Seconds>("depreciation", positive).value_or(terms.depreciation);
  terms.host_cost = table.quantity_if<Dollars>("host_cost").value_or(terms.host_cost);
  terms.network_share = table.number_if("network_share", not_negative).value_or(terms.network_share);
  terms.node_power_factor = table.number_if("node_power_factor", from_one).value_or(terms.node_power_factor);
  terms.average_power_share =
      table.number_if("average_power_share", positive_share).value_or(terms.average_power_share);
  terms.host_memory = table.quantity_if<Bytes>("host_memory").value_or(terms.host_memory);
  return terms;
}

Watts facility_power(const CostTerms& terms, Watts design) { return design * (terms.node_power_factor * terms.pue); }

std::optional<AcceleratorCost> accelerator_cost(const CostTerms& terms, const catalog::Accelerator& accelerator,
                                                Watts design_power) {
  std::optional<AcceleratorCost> best;
  if (const auto* purchase = latest(accelerator.purchase); purchase != nullptr && terms.basis != Basis::rent) {
    best = bought(terms, *purchase, design_power);
  }
  if (const auto* rent = latest(accelerator.rent); rent != nullptr && terms.basis != Basis::purchase) {
    const AcceleratorCost cost = rented(*rent);
    if (!best || cost.total() < best->total()) best = cost;
  }
  return best;
}

}  // namespace plumb::economics
