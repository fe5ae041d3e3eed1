#pragma once
// Files of efficiency classes. Their format: docs/catalog.md.

#include <string>

#include "base/document.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::catalog {

[[nodiscard]] Result<EfficiencyClass> read_class(const Document& document, std::string name);

}  // namespace plumb::catalog
