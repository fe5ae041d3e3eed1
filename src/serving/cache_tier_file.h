#pragma once
// [[cache_tier]] of a deployment file. docs/cache-tiers.md describes the keys.

#include <vector>

#include "base/reader.h"
#include "catalog/catalog.h"
#include "serving/cache_tier_plan.h"

namespace plumb::serving {

/// Reads every [[cache_tier]] of `root`, in order; kinds are tiers of the catalog. Errors stick to the reader.
[[nodiscard]] std::vector<CacheTierSettings> read_cache_tiers(Reader& root, const catalog::Catalog& catalog);

}  // namespace plumb::serving
