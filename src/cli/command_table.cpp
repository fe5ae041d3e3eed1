#include "cli/command.h"

#include <array>

#include "cli/calibrate_command.h"
#include "cli/catalog_command.h"
#include "cli/compare_command.h"
#include "cli/explain_command.h"
#include "cli/memory_command.h"
#include "cli/plan_command.h"
#include "cli/simulate_command.h"
#include "cli/sweep_command.h"
#include "cli/validate_command.h"

namespace plumb::cli {

std::span<const CommandSpec> commands() {
  static const std::array table{
      plan_command(),   simulate_command(), compare_command(), explain_command(),   sweep_command(),
      memory_command(), validate_command(), catalog_command(), calibrate_command(),
  };
  return table;
}

const CommandSpec* find_command(std::string_view name) {
  for (const CommandSpec& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace plumb::cli
