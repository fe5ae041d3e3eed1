#pragma once
// What `plumb memory` can do: an action is a file and a line in the table of memory_command.cpp.

#include <span>
#include <string_view>

#include "cli/command.h"

namespace plumb::cli {

struct MemoryAction {
  std::string_view name;                      ///< "run"
  std::span<const std::string_view> options;  ///< those of the command that mean something to it
  Result<int> (*run)(const Arguments& arguments);
};

MemoryAction memory_run_action();
MemoryAction memory_list_action();
MemoryAction memory_sustained_action();
MemoryAction memory_gemv_action();

}  // namespace plumb::cli
