#include "cli/sweep_kinds.h"

#include <array>

#include <fmt/format.h>

namespace plumb::cli {

std::span<const study::PointKind> point_kinds() {
  static const std::array table{plan_kind(), simulate_kind()};
  return table;
}

Arguments point_arguments(const study::PointInputs& inputs) {
  Arguments arguments;
  for (const auto& [name, option] : inputs.options) arguments.options.emplace(fmt::format("--{}", name), option.text);
  arguments.options.emplace("--jobs", fmt::format("{}", inputs.jobs));
  arguments.operands.push_back(inputs.base.name());
  return arguments;
}

}  // namespace plumb::cli
