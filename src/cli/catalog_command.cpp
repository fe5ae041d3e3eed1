#include "cli/catalog_command.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/catalog_text.h"
#include "cli/inputs.h"
#include "cli/terminal.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"list|show", "list entries with their key figures, or show all that is known of one"},
    OperandSpec{"WHAT",
                "of list: accelerators (default), memories, links, classes, tiers or calibrations; of show: a name",
                false},
};
constexpr std::array options{json_option, catalog_option};
constexpr std::array<std::string_view, 4> examples{
    "plumb catalog list",
    "plumb catalog list memories",
    "plumb catalog show h100-sxm",
    "plumb catalog show hbm4 --json -",
};

/// Entries to tell of, and how they read on a terminal.
struct Answer {
  std::vector<CatalogEntry> entries;
  std::string text;
};

Result<Answer> list(const Arguments& arguments, const catalog::Catalog& catalog) {
  const std::string kind = arguments.operands.size() > 1 ? arguments.operands[1] : "accelerators";
  const std::vector<std::string_view> kinds = catalog_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    return fail(input_error({}, fmt::format("the catalog has no list of \"{}\"", kind),
                            fmt::format("one of {}", fmt::join(kinds, ", "))));
  }
  Answer answer{entries_of(catalog, kind), {}};
  answer.text = render_text(catalog_table(kind, answer.entries), terminal_style());
  return answer;
}

Error unknown_name(const catalog::Catalog& catalog, const std::string& name) {
  std::vector<std::string> names;
  for (const std::string_view kind : catalog_kinds()) {
    for (const CatalogEntry& entry : entries_of(catalog, kind)) names.push_back(entry.name);
  }
  std::vector<std::string> meant;
  for (const std::string& known : names) {
    if (known.starts_with(name)) meant.push_back(known);
  }
  if (meant.empty()) {
    if (std::string near = nearest_word(name, names); !near.empty()) meant.push_back(std::move(near));
  }
  std::sort(meant.begin(), meant.end());  // an accelerator's calibration has its name
  meant.erase(std::unique(meant.begin(), meant.end()), meant.end());
  return input_error(
      {}, fmt::format("the catalog has no \"{}\"", name),
      meant.empty() ? "a name of plumb catalog list" : fmt::format("perhaps {}", fmt::join(meant, ", ")));
}

Result<Answer> show(const Arguments& arguments, const catalog::Catalog& catalog) {
  if (arguments.operands.size() < 2) {
    return fail(input_error({}, "plumb catalog show: the name is missing", "a name of plumb catalog list"));
  }
  const std::string& name = arguments.operands[1];
  Answer answer{entries_named(catalog, name), {}};
  if (answer.entries.empty()) return fail(unknown_name(catalog, name));
  for (const CatalogEntry& entry : answer.entries) {
    if (!answer.text.empty()) answer.text += "\n";
    answer.text += catalog_entry_text(entry, terminal_style());
  }
  return answer;
}

Result<int> run(const Arguments& arguments) {
  const std::string& action = arguments.operands.front();
  if (action != "list" && action != "show") {
    return fail(input_error({}, fmt::format("plumb catalog cannot \"{}\"", action), "list or show"));
  }
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const Answer answer, action == "list" ? list(arguments, catalog) : show(arguments, catalog));
  const auto json = arguments.text("--json");
  if (json) PLUMB_TRY(write_file(*json, catalog_json(answer.entries)));
  if (json != "-") fmt::print("{}", answer.text);
  return 0;
}

}  // namespace

CommandSpec catalog_command() {
  return {"catalog",
          "the facts: accelerators, memories, links, with sources and evidence",
          "Lists what the program knows of hardware, or shows every figure of one thing with its source, its evidence "
          "and the "
          "line of the catalog that says so. What is not known is shown as unknown.",
          operands,
          options,
          examples,
          run};
}

}  // namespace plumb::cli
