#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/memory_actions.h"
#include "cli/memory_result.h"
#include "cli/terminal.h"
#include "memory/specification_file.h"

namespace plumb::cli {
namespace {

constexpr std::array<std::string_view, 2> known_options{"--json", "--catalog"};

Result<int> run(const Arguments& arguments) {
  const auto json = arguments.text("--json");
  PLUMB_TRY(check_outputs({json}));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  const bool one = arguments.operands.size() > 1;
  const std::vector<std::string> names =
      one ? std::vector{arguments.operands[1]} : memory::specification_names(catalog);
  std::vector<memory::Specification> found;
  for (const std::string& name : names) {
    PLUMB_ASSIGN(memory::Specification specification, memory::find_specification(name, catalog));
    found.push_back(std::move(specification));
  }
  if (json) PLUMB_TRY(write_file(*json, memory_list_json(found)));
  if (json == "-") return 0;
  fmt::print("{}", one ? memory_show_text(found.front(), terminal_style()) : memory_list_text(found, terminal_style()));
  return 0;
}

}  // namespace

MemoryAction memory_list_action() { return {"list", known_options, run}; }

}  // namespace plumb::cli
