#pragma once
// Entries of the catalog as text and as JSON.

#include <span>
#include <string>
#include <string_view>

#include "cli/catalog_entry.h"
#include "report/table.h"

namespace plumb::cli {

/// The key figures of all entries of one of catalog_kinds(). An assumed figure is marked with "~".
report::Table catalog_table(std::string_view kind, std::span<const CatalogEntry> entries);
/// Every figure of an entry with its evidence, place, note and source.
std::string catalog_entry_text(const CatalogEntry& entry, const report::Style& style);

/// docs/catalog-command.md names the fields.
std::string catalog_json(std::span<const CatalogEntry> entries);

}  // namespace plumb::cli
