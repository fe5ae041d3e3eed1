#pragma once
// Files of memories. Their format: docs/catalog.md.

#include <string>

#include "base/document.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::catalog {

[[nodiscard]] Result<Memory> read_memory(const Document& document, std::string name);

}  // namespace plumb::catalog
