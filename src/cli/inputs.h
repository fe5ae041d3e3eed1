#pragma once
// Inputs that several commands read.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "cli/command.h"

namespace plumb::cli {

/// Refuses paths whose folder is not there or cannot be written to, before work is done whose result has nowhere to go.
/// Absent paths and "-" are fine.
[[nodiscard]] Status check_outputs(std::initializer_list<std::optional<std::string>> paths);

/// Refuses that several of these options ask for standard output.
[[nodiscard]] Status check_standard_output(const Arguments& arguments, std::initializer_list<std::string_view> names);

/// The catalog of the program, with the folder of --catalog on top, and with the memories of --memory in their places.
[[nodiscard]] Result<catalog::Catalog> read_catalog(const Arguments& arguments);

}  // namespace plumb::cli
