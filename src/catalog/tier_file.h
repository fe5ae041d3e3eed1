#pragma once
// Files of cache tiers. Their format: docs/catalog.md.

#include <string>

#include "base/document.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::catalog {

[[nodiscard]] Result<Tier> read_tier(const Document& document, std::string name);

}  // namespace plumb::catalog
