#pragma once
// Tables of sustained bandwidth as text: CSV with one point a row, after the fingerprint of the specification that it
// was measured with. The program carries those of its catalog (catalog/sustained.csv, made by `plumb memory sustained
// --csv`); others are measured when they are first needed and kept in the user's cache folder.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "memory/specification.h"
#include "memory/sustained_bandwidth.h"

namespace plumb::memory {

/// fingerprint,name,demand,parameter,share,row_hit_share,activations_per_byte,joules_per_byte
std::string_view sustained_header();
/// The rows of one specification, each with its line end.
std::string sustained_rows(const Specification& specification, const SustainedBandwidth& table);
/// The table of that fingerprint in a text of such rows; nothing where it is not there whole.
std::optional<SustainedBandwidth> find_sustained(std::string_view text, const Specification& specification);

/// Where tables are kept: $XDG_CACHE_HOME/plumb or ~/.cache/plumb; empty where neither is known.
std::string sustained_cache_folder();

/// The table of a specification: the program's own, else the one kept in `folder` (empty: none is kept), else a new
/// one, which is then kept there. A folder that cannot be read or written costs only time. Two programs that do this at
/// once write the same bytes.
SustainedBandwidth sustained_of(const Specification& specification, const std::string& folder, int jobs = 0);

}  // namespace plumb::memory
