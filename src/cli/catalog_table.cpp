#include <array>
#include <vector>

#include <fmt/format.h>

#include "cli/catalog_text.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::Align;
using report::Column;

std::string marked(const FigureLine& figure, std::string shown) {
  return figure.value && figure.evidence == Evidence::assumed ? "~" + shown : shown;
}

std::string price_cell(const CatalogEntry& entry, std::string_view kind) {
  const PriceLine* price = entry.latest_price(kind);
  return price == nullptr ? "unknown" : fmt::format("{} ({})", marked(price->figure, price->figure.shown), price->date);
}

/// A column of the table of a kind, and what stands in it. With a unit all its figures are in that unit, so that they
/// compare at a glance; `base_units` is how many base units it is.
struct KeyColumn {
  enum class From { name, title, figure, fact, price };
  std::string_view title;
  From from;
  std::string_view key = {};
  std::string_view unit = {};
  double base_units = 1.0;
};
using enum KeyColumn::From;

std::string figure_cell(const CatalogEntry& entry, const KeyColumn& column) {
  const FigureLine* found = entry.figure(column.key);
  if (found == nullptr || !found->value) return "unknown";
  return marked(*found, column.unit.empty() ? found->shown : report::significant(*found->value / column.base_units));
}

constexpr std::array accelerator_columns{
    KeyColumn{"Accelerator", name},
    KeyColumn{"bf16", figure, "compute.bf16", "TFLOP/s", 1e12},
    KeyColumn{"fp8", figure, "compute.fp8", "TFLOP/s", 1e12},
    KeyColumn{"Memory", fact, "memory.kind"},
    KeyColumn{"Capacity", figure, "memory.capacity"},
    KeyColumn{"Bandwidth", figure, "memory.bandwidth", "GB/s", 1e9},
    KeyColumn{"Link", fact, "link.name"},
    KeyColumn{"Each way", figure, "link.bandwidth", "GB/s", 1e9},
    KeyColumn{"Power", figure, "power.design", "W", 1.0},
    KeyColumn{"Purchase", price, "purchase"},
    KeyColumn{"Rent", price, "rent"},
};
constexpr std::array memory_columns{
    KeyColumn{"Memory", name},
    KeyColumn{"Title", title},
    KeyColumn{"Year", fact, "year"},
    KeyColumn{"Pin rate", figure, "package.pin_rate", "Gbit/s", 1.0},
    KeyColumn{"Data bits", figure, "package.io_width"},
    KeyColumn{"Capacity", figure, "package.capacity"},
    KeyColumn{"Bandwidth", figure, "package.bandwidth", "GB/s", 1e9},
    KeyColumn{"Energy", figure, "package.energy", "pJ/bit", 8e-12},
    KeyColumn{"Price", price, "price"},
};
constexpr std::array link_columns{
    KeyColumn{"Link", name},
    KeyColumn{"Title", title},
    KeyColumn{"Latency", figure, "latency", "µs", 1e-6},
    KeyColumn{"Efficiency", figure, "efficiency"},
};
constexpr std::array class_columns{
    KeyColumn{"Class", name},
    KeyColumn{"GEMM", figure, "gemm"},
    KeyColumn{"Attention", figure, "attention"},
    KeyColumn{"Expert", figure, "expert"},
    KeyColumn{"Bandwidth", figure, "bandwidth"},
    KeyColumn{"Launch", figure, "launch", "µs", 1e-6},
    KeyColumn{"Step overhead", figure, "step_overhead", "ms", 1e-3},
    KeyColumn{"A sequence", figure, "sequence_overhead", "µs", 1e-6},
    KeyColumn{"Memory reserve", figure, "memory_reserve"},
};
constexpr std::array calibration_columns{
    KeyColumn{"Calibration", name},
    KeyColumn{"Title", title},
    KeyColumn{"Made by", fact, "command"},
};

constexpr std::array tier_columns{
    KeyColumn{"Tier", name},
    KeyColumn{"Title", title},
    KeyColumn{"Read", figure, "read_bandwidth", "GB/s", 1e9},
    KeyColumn{"Write", figure, "write_bandwidth", "GB/s", 1e9},
    KeyColumn{"Latency", figure, "latency", "µs", 1e-6},
};

std::span<const KeyColumn> columns_of(std::string_view kind) {
  if (kind == "accelerators") return accelerator_columns;
  if (kind == "memories") return memory_columns;
  if (kind == "links") return link_columns;
  if (kind == "calibrations") return calibration_columns;
  if (kind == "tiers") return tier_columns;
  return class_columns;
}

std::string cell(const CatalogEntry& entry, const KeyColumn& column) {
  switch (column.from) {
    case name: return entry.name;
    case title: return entry.title;
    case figure: return figure_cell(entry, column);
    case fact: return entry.fact(column.key);
    case price: return price_cell(entry, column.key);
  }
  return {};
}

}  // namespace

report::Table catalog_table(std::string_view kind, std::span<const CatalogEntry> entries) {
  std::vector<Column> columns;
  for (const KeyColumn& column : columns_of(kind)) {
    columns.push_back({std::string(column.title), std::string(column.unit),
                       column.from == figure || column.from == price ? Align::right : Align::left});
  }
  report::Table table(std::move(columns));
  for (const CatalogEntry& entry : entries) {
    std::vector<std::string> cells;
    for (const KeyColumn& column : columns_of(kind)) cells.push_back(cell(entry, column));
    table.row(std::move(cells));
  }
  const bool prices = kind == "accelerators" || kind == "memories";
  table.note(fmt::format("~ is assumed: without a source, or somebody's guess.{}",
                         prices ? " Prices are the latest by date." : ""));
  return table;
}

}  // namespace plumb::cli
