#pragma once
// What `plumb memory` found, as text and as JSON. docs/memory.md names the fields.

#include <span>
#include <string>

#include "cli/memory_options.h"
#include "memory/simulation.h"
#include "report/json_writer.h"
#include "report/table.h"

namespace plumb::cli {

struct MemoryRun {
  const MemorySubject& subject;
  const memory::MemoryReport& report;
  std::string pattern;  ///< a name, or the path of a trace
  std::uint64_t seed = 1;
  memory::ControllerKind controller = memory::ControllerKind::event_driven;
};

std::string memory_run_text(const MemoryRun& run, const report::Style& style);
std::string memory_run_json(const MemoryRun& run);

/// One line a specification.
std::string memory_list_text(std::span<const memory::Specification> specifications, const report::Style& style);
/// All that is known of one.
std::string memory_show_text(const memory::Specification& specification, const report::Style& style);
std::string memory_list_json(std::span<const memory::Specification> specifications);

/// Members of the object at hand that say which memory it is: memory, preset, title, evidence.
void write_identity(report::JsonWriter& json, const memory::Specification& specification);

}  // namespace plumb::cli
