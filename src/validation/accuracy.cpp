#include "validation/accuracy.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/statistics.h"
#include "validation/groups.h"

namespace plumb::validation {
namespace {

std::vector<Cell> cells_of(const Validation& validation) {
  std::map<CellName, Cell> cells;
  for (std::size_t row = 0; row < validation.results.size(); ++row) {
    if (!validation.results[row].scored()) continue;
    const CellName name = cell_of(validation, row);
    Cell& cell = cells[name];
    cell.name = name;
    cell.rows.push_back(row);
  }
  std::vector<Cell> ordered;
  for (auto& [name, cell] : cells) {
    std::vector<double> errors;
    for (const std::size_t row : cell.rows) errors.push_back(*validation.results[row].error);
    cell.errors = figures_of(std::move(errors));
    ordered.push_back(std::move(cell));
  }
  return ordered;
}

/// Rows of one metric name are compared, so that a median is not ranked against a 99th percentile.
RankAgreement ranks_of(const Validation& validation, const Cell& cell) {
  constexpr double apart = 0.1;
  RankAgreement agreement;
  for (std::size_t i = 0; i < cell.rows.size(); ++i) {
    for (std::size_t j = i + 1; j < cell.rows.size(); ++j) {
      const MeasuredRow &a = validation.rows[cell.rows[i]], &b = validation.rows[cell.rows[j]];
      if (a.metric != b.metric) continue;
      const double measured = std::log(*a.value / *b.value);
      if (std::abs(measured) <= std::log1p(apart)) continue;
      const double simulated =
          measured + *validation.results[cell.rows[i]].error - *validation.results[cell.rows[j]].error;
      ++agreement.pairs;
      if (measured * simulated > 0.0) ++agreement.agree;
    }
  }
  return agreement;
}

void count_rows(const Validation& validation, Accuracy& accuracy) {
  std::map<std::string, std::set<std::size_t>> runs_by_reason;
  std::set<std::size_t> trusted, simulated;
  for (std::size_t row = 0; row < validation.rows.size(); ++row) {
    const RowResult& result = validation.results[row];
    ++accuracy.read.rows;
    if (result.scored()) ++accuracy.scored_rows;
    if (!result.skipped.empty()) {
      ++accuracy.skipped[result.skipped].rows;
      runs_by_reason[result.skipped].insert(result.run);
    }
    if (validation.rows[row].trust == "C") continue;
    ++accuracy.trusted.rows;
    trusted.insert(result.run);
    if (!result.simulated) continue;
    ++accuracy.simulated.rows;
    simulated.insert(result.run);
  }
  for (const auto& [reason, runs] : runs_by_reason) accuracy.skipped[reason].runs = runs.size();
  accuracy.read.runs = validation.runs.size();
  accuracy.trusted.runs = trusted.size();
  accuracy.simulated.runs = simulated.size();
}

}  // namespace

ErrorFigures figures_of(std::vector<double> errors) {
  ErrorFigures figures;
  figures.count = errors.size();
  figures.bias = percentile(errors, 50.0);
  for (double& error : errors) error = std::abs(error);
  std::sort(errors.begin(), errors.end());
  figures.median = percentile_sorted(errors, 50.0);
  figures.p90 = percentile_sorted(errors, 90.0);
  return figures;
}

CellName cell_of(const Validation& validation, std::size_t row) {
  const RowResult& result = validation.results[row];
  const RunResult& run = validation.runs[result.run];
  const MeasuredRow& measured = validation.rows[row];
  return {measured.device, measured.model_key,
          fmt::format("{} {}", scenario_name(run.plan->load.scenario), family_name(result.metric->family())),
          run.assumed()};
}

OverCells over_cells(const std::vector<const Cell*>& cells) {
  OverCells over;
  std::vector<double> medians, biases;
  for (const Cell* cell : cells) {
    medians.push_back(cell->errors.median);
    biases.push_back(cell->errors.bias);
    over.rows += cell->rows.size();
  }
  over.cells = cells.size();
  std::sort(medians.begin(), medians.end());
  over.median = percentile_sorted(medians, 50.0);
  over.p90 = percentile_sorted(medians, 90.0);
  over.bias = percentile(std::move(biases), 50.0);
  return over;
}

Accuracy accuracy_of(const Validation& validation) {
  Accuracy accuracy;
  accuracy.cells = cells_of(validation);
  std::map<bool, std::map<std::string, std::vector<const Cell*>>> families;
  for (const Cell& cell : accuracy.cells) {
    const Family family = validation.results[cell.rows.front()].metric->family();
    families[cell.name.assumed][std::string(family_name(family))].push_back(&cell);
    const RankAgreement ranks = ranks_of(validation, cell);
    accuracy.ranks[cell.name.assumed].pairs += ranks.pairs;
    accuracy.ranks[cell.name.assumed].agree += ranks.agree;
  }
  for (const auto& [assumed, by_family] : families) {
    for (const auto& [family, cells] : by_family) accuracy.families[assumed][family] = over_cells(cells);
  }
  for (const Grouping grouping : groupings) accuracy.groups[grouping] = groups_of(validation, accuracy.cells, grouping);
  count_rows(validation, accuracy);
  return accuracy;
}

}  // namespace plumb::validation
