#pragma once
// Files of accelerators. Their format: docs/catalog.md.

#include <string>

#include "base/document.h"
#include "base/reader.h"
#include "base/result.h"
#include "catalog/accelerator.h"

namespace plumb::catalog {

/// The accelerator that a file of the catalog describes. Whether what it names exists is the catalog's to check.
[[nodiscard]] Result<Accelerator> read_accelerator(const Document& document, std::string name);

/// Puts a user's figures in place of the accelerator's.
[[nodiscard]] Status assume_figures(Reader& figures, Accelerator& accelerator);

}  // namespace plumb::catalog
