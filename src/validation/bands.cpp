#include "validation/bands.h"

#include <algorithm>
#include <cmath>

namespace plumb::validation {
namespace {

constexpr std::size_t cells_least = 4;
constexpr double low_percent = 10.0, high_percent = 90.0;

std::string family_of(const std::string& kind) { return kind.substr(kind.rfind(' ') + 1); }

struct Pool {
  std::vector<std::pair<double, double>> errors;  ///< with weights
  std::size_t cells = 0;
};

}  // namespace

double weighted_percentile(std::vector<std::pair<double, double>> values, double percent) {
  std::sort(values.begin(), values.end());
  double whole = 0.0;
  for (const auto& [value, weight] : values) whole += weight;
  double reached = 0.0;
  for (const auto& [value, weight] : values) {
    reached += weight;
    if (reached >= whole * percent / 100.0) return value;
  }
  return values.back().first;
}

const Band* Bands::find(const std::string& kind, bool assumed) const {
  for (const std::string& name : {kind, family_of(kind)}) {
    const auto found = bands_.find({name, assumed});
    if (found != bands_.end()) return &found->second;
  }
  return nullptr;
}

Bands bands_of(const Validation& validation, const std::vector<Cell>& cells, const CellName* but) {
  std::map<std::pair<std::string, bool>, Pool> pools;
  for (const Cell& cell : cells) {
    if (but != nullptr && cell.name == *but) continue;
    for (const std::string& name : {cell.name.kind, family_of(cell.name.kind)}) {
      Pool& pool = pools[{name, cell.name.assumed}];
      ++pool.cells;
      for (const std::size_t row : cell.rows) {
        pool.errors.emplace_back(*validation.results[row].error, 1.0 / static_cast<double>(cell.rows.size()));
      }
    }
  }
  Bands bands;
  for (auto& [key, pool] : pools) {
    const bool is_family = key.first == family_of(key.first);
    if (pool.cells < cells_least && !is_family) continue;
    bands.set(
        key.first, key.second,
        {weighted_percentile(pool.errors, low_percent), weighted_percentile(pool.errors, high_percent), pool.cells});
  }
  return bands;
}

void set_bands(Validation& validation, const std::vector<Cell>& cells, const Bands* bands) {
  std::map<CellName, Bands> of_others;
  if (bands == nullptr) {
    for (const Cell& cell : cells) of_others[cell.name] = bands_of(validation, cells, &cell.name);
  }
  const Bands whole = bands == nullptr ? bands_of(validation, cells) : Bands();
  for (std::size_t row = 0; row < validation.results.size(); ++row) {
    RowResult& result = validation.results[row];
    if (!result.simulated || !result.metric) continue;
    const CellName cell = cell_of(validation, row);
    const auto own = of_others.find(cell);
    const Bands& used = bands != nullptr ? *bands : own != of_others.end() ? own->second : whole;
    const Band* band = used.find(cell.kind, cell.assumed);
    if (band == nullptr) continue;
    result.low = *result.simulated * std::exp(-band->e_high);
    result.high = *result.simulated * std::exp(-band->e_low);
  }
}

std::map<bool, double> coverage_of(const Validation& validation, const std::vector<Cell>& cells) {
  std::map<bool, double> shares;
  std::map<bool, std::size_t> counted;
  for (const Cell& cell : cells) {
    Coverage coverage;
    for (const std::size_t row : cell.rows) {
      const RowResult& result = validation.results[row];
      if (!result.low) continue;
      ++coverage.rows;
      const double measured = *validation.rows[row].value;
      if (measured >= *result.low && measured <= *result.high) ++coverage.within;
    }
    if (coverage.rows == 0) continue;
    shares[cell.name.assumed] += coverage.share();
    ++counted[cell.name.assumed];
  }
  for (auto& [assumed, share] : shares) share /= static_cast<double>(counted[assumed]);
  return shares;
}

}  // namespace plumb::validation
