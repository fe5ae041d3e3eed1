#pragma once
// Files of links. Their format: docs/catalog.md.

#include <string>

#include "base/document.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::catalog {

[[nodiscard]] Result<Link> read_link(const Document& document, std::string name);

}  // namespace plumb::catalog
