#include "cli/inputs.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include <fmt/format.h>

#include "accelerator/memory_swap.h"
#include "memory/sustained_table.h"

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

Status check_standard_output(const Arguments& arguments, std::initializer_list<std::string_view> names) {
  std::string_view first;
  for (const std::string_view name : names) {
    if (arguments.text(name) != "-") continue;
    if (!first.empty()) {
      return fail(input_error({}, fmt::format("{} and {} both ask for standard output", first, name),
                              "a path for one of them"));
    }
    first = name;
  }
  return {};
}

Result<catalog::Catalog> read_catalog(const Arguments& arguments) {
  PLUMB_ASSIGN(catalog::Catalog catalog, catalog::Catalog::builtin());
  if (const auto folder = arguments.text("--catalog")) PLUMB_TRY(catalog.add_folder(*folder));
  catalog.set_cache_folder(memory::sustained_cache_folder());
  if (const auto swap = arguments.text("--memory"))
    PLUMB_TRY(accelerator::swap_memory(catalog, *swap, memory::sustained_cache_folder()));
  return catalog;
}

}  // namespace plumb::cli
