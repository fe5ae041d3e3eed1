#pragma once
// Bands around simulated values: how far off Plumb has been for that kind of point on cells other than the point's own.
//
//   measured = simulated exp(-e)      so      low = simulated exp(-e90), high = simulated exp(-e10)
//
// with e10 and e90 the 10th and 90th percentile of e over the scored rows of a kind, each cell of equal weight. Such a
// band should hold 80 % of what is measured. For rows of the carried set a cell's own rows are left out (leave one cell
// out); for others the bands are those of the whole carried set, from validation/baseline.json.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "validation/accuracy.h"

namespace plumb::validation {

struct Band {
  double e_low = 0.0, e_high = 0.0;  ///< e10 and e90
  std::size_t cells = 0;             ///< that it comes from
};

/// Percentile of values with weights: the least value at which the weights up to it reach the share. `values` is not
/// empty.
double weighted_percentile(std::vector<std::pair<double, double>> values_and_weights, double percent);

/// Bands by what a kind is called, "concurrency TPOT", and whether something was assumed; and, for kinds with few
/// cells, by the metric family alone.
class Bands {
 public:
  void set(const std::string& kind, bool assumed, Band band) { bands_[{kind, assumed}] = band; }
  /// Of the kind; else of its family (the last word); nothing where neither is known.
  const Band* find(const std::string& kind, bool assumed) const;
  const std::map<std::pair<std::string, bool>, Band>& all() const { return bands_; }

 private:
  std::map<std::pair<std::string, bool>, Band> bands_;
};

/// Of scored rows in all cells but the one of that name.
Bands bands_of(const Validation& validation, const std::vector<Cell>& cells, const CellName* but = nullptr);

/// Puts low and high beside every simulated value. With `bands` absent each cell gets those of all other cells.
void set_bands(Validation& validation, const std::vector<Cell>& cells, const Bands* bands);

struct Coverage {
  std::size_t rows = 0, within = 0;
  double share() const { return rows > 0 ? static_cast<double>(within) / static_cast<double>(rows) : 0.0; }
};
/// Scored rows with a band whose measured value lies in it: by `assumed`, each cell of equal weight.
std::map<bool, double> coverage_of(const Validation& validation, const std::vector<Cell>& cells);

}  // namespace plumb::validation
