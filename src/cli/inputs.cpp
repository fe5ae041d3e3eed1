#include "cli/inputs.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include <fmt/format.h>

namespace plumb::cli {

Status check_outputs(std::initializer_list<std::optional<std::string>> paths) {
  for (const std::optional<std::string>& path : paths) {
    if (!path || *path == "-") continue;
    const std::size_t slash = path->rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path->substr(0, slash + 1);
    if (::access(folder.c_str(), W_OK) == 0) continue;
    return fail(input_error({*path, 0, 0}, fmt::format("cannot write: {}", std::strerror(errno)),
                            "a folder that can be written to"));
  }
  return {};
}

Result<catalog::Catalog> read_catalog(const Arguments& arguments) {
  PLUMB_ASSIGN(catalog::Catalog catalog, catalog::Catalog::builtin());
  if (const auto folder = arguments.text("--catalog")) PLUMB_TRY(catalog.add_folder(*folder));
  return catalog;
}

}  // namespace plumb::cli
