#pragma once
// Errors added up: over the rows of a cell, and over cells.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "validation/validation.h"

namespace plumb::validation {

/// |e| and e of some rows.
struct ErrorFigures {
  std::size_t count = 0;
  double median = 0.0, p90 = 0.0;  ///< of |e|
  double bias = 0.0;               ///< median of e: positive where the simulation says more
};
ErrorFigures figures_of(std::vector<double> errors);

struct CellName {
  std::string device, model, kind;  ///< "concurrency TPOT"
  bool assumed = false;
  auto operator<=>(const CellName&) const = default;
};
CellName cell_of(const Validation& validation, std::size_t row);

struct Cell {
  CellName name;
  std::vector<std::size_t> rows;  ///< scored ones
  ErrorFigures errors;
};

/// Figures over cells, each of which counts once: the median of their medians, and the 90th percentile of them.
struct OverCells {
  std::size_t cells = 0, rows = 0;
  double median = 0.0, p90 = 0.0;
  double bias = 0.0;  ///< median of the cells' biases
};
OverCells over_cells(const std::vector<const Cell*>& cells);

/// Pairs of runs of a cell whose measured values differ by more than 10 %: how many the simulation orders alike.
struct RankAgreement {
  std::size_t pairs = 0, agree = 0;
  double share() const { return pairs > 0 ? static_cast<double>(agree) / static_cast<double>(pairs) : 0.0; }
};

/// What rows are put together by.
enum class Grouping { family, kind, device, model, engine, batch, length, metric };
inline constexpr Grouping groupings[] = {Grouping::kind,  Grouping::device, Grouping::model, Grouping::engine,
                                         Grouping::batch, Grouping::length, Grouping::metric};
std::string_view grouping_name(Grouping grouping);

struct Group {
  std::string name;
  OverCells over_cells;
  ErrorFigures over_rows;
};

struct Accuracy {
  std::vector<Cell> cells;                                    ///< by name
  std::map<bool, std::map<std::string, OverCells>> families;  ///< by `assumed`, then by metric family
  std::map<Grouping, std::vector<Group>> groups;              ///< of the cells that are not assumed, by name
  std::map<bool, RankAgreement> ranks;                        ///< by `assumed`
  struct Count {
    std::size_t runs = 0, rows = 0;
  };
  std::map<std::string, Count> skipped;  ///< by reason: runs of which no row is scored, and rows
  Count read, trusted, simulated;        ///< all; of trust A and B; of these, with a simulated value
  std::size_t scored_rows = 0;
};

Accuracy accuracy_of(const Validation& validation);

}  // namespace plumb::validation
