#include "cli/sweep_kinds.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accelerator/memory_swap.h"
#include "base/document_edit.h"
#include "base/reader.h"
#include "memory/specification_checks.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::cli {

std::span<const study::PointKind> point_kinds() {
  static const std::array table{plan_kind(), simulate_kind(), memory_kind()};
  return table;
}

namespace {

constexpr std::string_view memories = "memories/";

/// Whether an accelerator has the memory of that name, or one whose description is like it, or the point puts it in.
bool is_used(const study::PointInputs& inputs, std::string_view name) {
  if (const auto swap = inputs.options.find("memory");
      swap != inputs.options.end() && swap->second.text.find(name) != std::string::npos)
    return true;
  return std::ranges::any_of(inputs.catalog.accelerators(), [&](const auto& entry) {
    const catalog::Memory* memory = inputs.catalog.memory(entry.second.memory_kind);
    if (memory == nullptr || memory->name == name) return memory != nullptr;
    const Node* dram = memory->document ? memory->document->root().find("dram") : nullptr;
    const Node* like = dram == nullptr ? nullptr : dram->find("like");
    return like != nullptr && like->string.substr(0, like->string.find(':')) == name;
  });
}

Error useless(const Edit& edit, std::string message, std::string expected) {
  Node at = edit.value;
  at.origin = edit.origin.get();
  return edit.origin->document.error_at(at, std::move(message), std::move(expected));
}

/// Of a memory's file, plans and simulations read its commands and its prices.
Status check_memory_edits(const study::PointInputs& inputs) {
  for (const auto& [subject, edits] : inputs.edits.all()) {
    if (!subject.starts_with(memories)) continue;
    const std::string name = subject.substr(memories.size());
    for (const Edit& edit : edits) {
      const std::string& table = edit.path.front();
      if (table != "dram" && table != "price")
        return fail(useless(edit, fmt::format("nothing is computed from \"{}\" of a memory", fmt::join(edit.path, ".")),
                            fmt::format("a key of its commands, memory.{}.dram..., of its prices, or of an "
                                        "accelerator's memory: accelerator.NAME.memory.bandwidth",
                                        name)));
      if (table == "dram") {
        PLUMB_ASSIGN(const memory::Specification of, memory::find_specification(name, inputs.catalog));
        PLUMB_TRY(check_timing_edits(inputs, subject, of));
      }
      if (!is_used(inputs, name))
        return fail(
            useless(edit, fmt::format("no accelerator has the memory {}", in_quotes(name)),
                    "a memory that `plumb catalog` shows of an accelerator, or an option memory = \"OLD->NEW\""));
    }
  }
  return {};
}

}  // namespace

Status check_timing_edits(const study::PointInputs& inputs, std::string_view subject, const memory::Specification& of) {
  for (const Edit& edit : inputs.edits.of(subject)) {
    if (edit.path.size() < 3 || edit.path[0] != "dram" || edit.path[1] != "timing") continue;
    const std::string& name = edit.path[2];
    if (memory::uses_timing(of, name)) continue;
    std::vector<std::string> known;
    for (const memory::Parameter& parameter : of.parameters)
      if (parameter.name != name) known.push_back(parameter.name);
    const std::string near = nearest_word(name, known);
    return fail(
        useless(edit, fmt::format("nothing depends on a timing {} of this memory", in_quotes(name)),
                near.empty() ? fmt::format("one of {}", fmt::join(known, ", ")) : fmt::format("perhaps {}", near)));
  }
  return {};
}

Result<catalog::Catalog> point_catalog(const study::PointInputs& inputs) {
  PLUMB_TRY(check_memory_edits(inputs));
  const std::string folder = memory::sustained_cache_folder();
  catalog::Catalog catalog = inputs.catalog;
  catalog.set_cache_folder(folder);
  PLUMB_TRY(accelerator::follow_memory_edits(catalog, folder));
  if (const auto swap = inputs.options.find("memory"); swap != inputs.options.end()) {
    Status swapped = accelerator::swap_memory(catalog, swap->second.text, folder);
    if (!swapped && swapped.error().place.file.empty()) swapped.error().message.insert(0, "--memory ");
    PLUMB_TRY(swapped);
  }
  return catalog;
}

Arguments point_arguments(const study::PointInputs& inputs) {
  Arguments arguments;
  for (const auto& [name, option] : inputs.options) arguments.options.emplace(fmt::format("--{}", name), option.text);
  arguments.options.emplace("--jobs", fmt::format("{}", inputs.jobs));
  arguments.operands.push_back(inputs.base.name());
  return arguments;
}

}  // namespace plumb::cli
