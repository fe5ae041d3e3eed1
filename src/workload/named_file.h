#pragma once
// Files that a table of a TOML text names.

#include <string>
#include <string_view>

#include "base/reader.h"

namespace plumb::workload {

/// The path that `name` means in a text of that folder.
std::string path_in(const std::string& folder, const std::string& name);

/// What is wrong with the file that `key` names: where it could not be read at all, that is the table's fault; where it
/// is wrong inside, the error keeps its own place.
Error at_key(Error error, const Reader& table, std::string_view key);

}  // namespace plumb::workload
