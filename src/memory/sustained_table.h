#pragma once
// Tables of sustained bandwidth as text: CSV with one point a row, after the fingerprint of the specification that it
// was measured with. The program carries those of its catalog (catalog/sustained.csv, made by `plumb memory sustained
// --csv`); points of others are measured when they are first needed and kept in the user's cache folder.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "memory/specification.h"
#include "memory/sustained_bandwidth.h"

namespace plumb::memory {

/// fingerprint,name,demand,parameter,share,row_hit_share,activations_per_byte,joules_per_byte
std::string_view sustained_header();
/// The rows of one specification, each with its line end.
std::string sustained_rows(const Specification& specification, const SustainedBandwidth& table);
/// The points of that fingerprint in a text of such rows, in the order of measured_demands(); rows that are wrong are
/// passed over.
std::vector<SustainedPoint> find_points(std::string_view text, const Specification& specification);
/// The table that they make; nothing where it is not there whole.
std::optional<SustainedBandwidth> find_sustained(std::string_view text, const Specification& specification);

/// The specifications whose tables the program carries: those in use, as their files have them and as the accelerators
/// of each class run them.
[[nodiscard]] Result<std::vector<Specification>> tabled_specifications(const catalog::Catalog& catalog);

/// Where tables are kept: $XDG_CACHE_HOME/plumb or ~/.cache/plumb; empty where neither is known.
std::string sustained_cache_folder();

/// The table of a specification: the program's own, else one whose points are those kept in `folder` (empty: none is
/// kept) and, as they are asked for, new ones, which are then kept there. A folder that cannot be read or written costs
/// only time, and so do two programs that do this at once: what they keep is the same, or a part of it.
SustainedBandwidth sustained_of(const Specification& specification, const std::string& folder);
/// The same with all its points there, measured on `jobs` threads (0: all processors).
SustainedBandwidth whole_sustained_of(const Specification& specification, const std::string& folder, int jobs = 0);

}  // namespace plumb::memory
