#include "workload/named_file.h"

#include <filesystem>

#include <fmt/format.h>

namespace plumb::workload {

std::string path_in(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).string();
}

Error at_key(Error error, const Reader& table, std::string_view key) {
  if (error.fault != Fault::input || error.place.line > 0) return error;
  return table.error(key, fmt::format("{}: {}", error.place.file, error.message), std::move(error.expected));
}

}  // namespace plumb::workload
