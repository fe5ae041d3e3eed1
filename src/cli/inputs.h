#pragma once
// Inputs that several commands read.

#include "catalog/catalog.h"
#include "cli/command.h"

namespace plumb::cli {

/// The catalog of the program, with the folder of --catalog on top.
[[nodiscard]] Result<catalog::Catalog> read_catalog(const Arguments& arguments);

}  // namespace plumb::cli
