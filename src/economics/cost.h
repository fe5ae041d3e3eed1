#pragma once
// What a fleet of accelerators costs: bought and written off, or rented.
//
//   bought:  capital a second = (price (1 + network share) + host cost) / depreciation time
//            power a second   = design power x node power factor x average power share x PUE x electricity price
//   rented:  rent; power and hosting are in it
//
// Given are the terms of the service and a price of the accelerator; each is for one accelerator in service.

#include <optional>
#include <string>

#include "base/quantity.h"
#include "base/reader.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::economics {

enum class Basis { cheapest, rent, purchase };

/// [cost] of a service file.
struct CostTerms {
  Basis basis = Basis::cheapest;
  DollarsPerJoule electricity = 0.08 * dollar / kilowatt_hour;
  double pue = 1.3;  ///< total over IT power of the data centre
  Seconds depreciation = 4.0 * year;
  /// Servers, per accelerator. With the network's share below it makes a DGX H100 of $269,000 out of eight H100 at an
  /// average price of $28,000 (catalog: h100-sxm); how much of the difference is which is assumed.
  Dollars host_cost = 2500.0 * dollar;
  /// Network and rack, as a share of the accelerator's price.
  double network_share = 0.11;
  /// Power of a whole server under load over the design power of its accelerators. MLPerf Inference's power results of
  /// an 8 x H200 server on Llama-2-70B (6.28 kW for 5.6 kW of accelerators) give 1.12.
  double node_power_factor = 1.12;
  /// Average over the day of a server's power, as a share of its power under load.
  double average_power_share = 0.8;
  /// DRAM of the hosts for each accelerator. A DGX H100 has 2 TB for eight.
  Bytes host_memory = 256.0 * gigabyte;
};

[[nodiscard]] CostTerms read_cost_terms(Reader& table);

/// The price that a plan uses, with what a reader must know of it.
struct ChosenPrice {
  Basis basis = Basis::rent;  ///< rent or purchase
  DollarsPerSecond rent;
  Dollars purchase;
  std::string date;  ///< "undated" if the source gives none
  std::string source;
  Evidence evidence = Evidence::assumed;
};

/// Cost of one accelerator in service, by part.
struct AcceleratorCost {
  ChosenPrice price;
  DollarsPerSecond rent, capital, power;
  Dollars outlay;  ///< paid at the start: price and its node overhead; 0 if rented
  DollarsPerSecond total() const { return rent + capital + power; }
};

/// Power of an accelerator with its share of the server and the data centre, at design load.
Watts facility_power(const CostTerms& terms, Watts design);

/// The latest dated purchase and rent of the catalog, reduced by the basis of the terms. Nothing if no fitting price is
/// known.
std::optional<AcceleratorCost> accelerator_cost(const CostTerms& terms, const catalog::Accelerator& accelerator,
                                                Watts design_power);

}  // namespace plumb::economics
