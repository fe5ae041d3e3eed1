#pragma once
// An entry of the catalog as lines to show: its figures by the keys of its file, each with its evidence, source and
// place.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/evidence.h"
#include "catalog/catalog.h"

namespace plumb::cli {

struct FigureLine {
  std::string key;              ///< "memory.bandwidth"
  std::string shown;            ///< "3.35 TB/s"; "unknown" where the catalog has no figure
  std::optional<double> value;  ///< in `unit`
  std::string unit;             ///< "B/s"; empty for a plain number
  Evidence evidence = Evidence::assumed;
  std::string source, note;
  Place place;
};

struct PriceLine {
  FigureLine figure;  ///< key is "purchase", "rent" or "price"
  double low = 0.0, high = 0.0;
  std::string band;  ///< "$25 k - $40 k"; empty where there is none
  std::string date;
};

struct CatalogEntry {
  std::string kind;  ///< "accelerator", "memory", "link", "class", "calibration"
  std::string name, title;
  std::vector<std::pair<std::string, std::string>> facts;  ///< what is no figure: vendor, year, process, link
  std::vector<FigureLine> figures;
  std::vector<PriceLine> prices;
  std::vector<std::string> notes;
  Place place;

  /// The figure of that key, or null.
  const FigureLine* figure(std::string_view key) const;
  /// The fact of that key, or "unknown".
  std::string fact(std::string_view key) const;
  /// The price of that kind that plans use: the latest, the last of equal dates; null where there is none. An undated
  /// one is older than any.
  const PriceLine* latest_price(std::string_view wanted) const;
};

CatalogEntry entry_of(const catalog::Accelerator& accelerator);
CatalogEntry entry_of(const catalog::Memory& memory);
CatalogEntry entry_of(const catalog::Link& link);
CatalogEntry entry_of(const catalog::Tier& tier);
CatalogEntry entry_of(const catalog::EfficiencyClass& efficiency);
/// Its parameters by "gemm.bf16.share", and the fits' errors and ranges.
CatalogEntry entry_of(const catalog::Calibration& calibration);

/// Kinds as `plumb catalog list` takes them: "accelerators", "memories", "links", "classes", "tiers", "calibrations".
std::vector<std::string_view> catalog_kinds();
/// All entries of one of catalog_kinds(), by name.
std::vector<CatalogEntry> entries_of(const catalog::Catalog& catalog, std::string_view kind);
/// Entries of that name: usually one, as names are unique within a kind only.
std::vector<CatalogEntry> entries_named(const catalog::Catalog& catalog, std::string_view name);

}  // namespace plumb::cli
