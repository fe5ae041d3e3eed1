#pragma once
// [[cache_tier]] of a deployment file. docs/cache-tiers.md describes the keys.

#include <vector>

#include "base/reader.h"
#include "serving/cache_tier_plan.h"

namespace plumb::serving {

/// Reads every [[cache_tier]] of `root`, in order. Errors stick to the reader.
[[nodiscard]] std::vector<CacheTierSettings> read_cache_tiers(Reader& root);

}  // namespace plumb::serving
