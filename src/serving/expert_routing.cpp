#include "serving/expert_routing.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

#include "workload/named_file.h"
#include "workload/number_columns.h"

namespace plumb::serving {
namespace {

using Placement = model::ExpertRouting::Placement;

constexpr std::int64_t experts_max = 8192;  // as in a config.json
constexpr double zipf_exponent_max = 10.0;

/// Where experts lie if the table does not say: Zipf's numbering is by load, which no checkpoint's is, so as numbered
/// would be the worst of all placements.
Placement usual_placement(const model::ExpertRouting& routing) {
  if (routing.redundant_experts > 0) return Placement::balanced;
  return routing.shares.empty() ? Placement::round_robin : Placement::linear;
}

}  // namespace

Result<std::vector<double>> read_expert_loads(const std::string& path) {
  const Range numbers{0.0, static_cast<double>(experts_max - 1)}, amounts{0.0, 1e18};
  PLUMB_ASSIGN(const workload::NumberColumns table,
               workload::NumberColumns::read(path, {{"expert", numbers, true}, {"load", amounts}}));
  const std::vector<double>&experts = table.values(0), &amount = table.values(1);
  std::vector<double> loads;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto expert = static_cast<std::size_t>(experts[row]);
    if (expert >= loads.size()) loads.resize(expert + 1, -1.0);
    if (loads[expert] >= 0.0) return fail(table.error(row, fmt::format("expert {} is given twice", expert)));
    loads[expert] = amount[row];
  }
  for (std::size_t i = 0; i < loads.size(); ++i) {
    if (loads[i] < 0.0) return fail(input_error({path}, fmt::format("expert {} has no line", i)));
  }
  if (std::accumulate(loads.begin(), loads.end(), 0.0) <= 0.0) {
    return fail(input_error({path}, "no expert has a load", "at least one above 0"));
  }
  return loads;
}

Result<std::shared_ptr<const model::ExpertRouting>> read_expert_routing(Reader& table, const std::string& folder) {
  static constexpr std::array<std::string_view, 1> words{"uniform"};
  // In the order of ExpertRouting::Placement.
  static constexpr std::array<std::string_view, 3> placements{"linear", "round_robin", "balanced"};
  model::ExpertRouting routing;
  if (table.kind("routing") == NodeKind::table) {
    Reader form = table.table("routing");
    if (form.has("file")) {
      const std::string file = form.text("file");
      auto loads = read_expert_loads(workload::path_in(folder, file));
      if (!loads) return fail(workload::at_key(std::move(loads).error(), form, "file"));
      routing.shares = std::move(*loads);
    } else {
      routing.zipf_exponent = form.number("zipf", {0.0, zipf_exponent_max});
    }
  } else {
    table.choice("routing", words, 0);
  }
  static constexpr std::array<std::string_view, 2> choices{"mean", "drawn"};
  routing.drawn = table.choice("choices", choices, 0) == 1;
  const Range redundant{0.0, static_cast<double>(experts_max)};
  routing.redundant_experts = table.integer_if("redundant_experts", redundant).value_or(0);
  const auto usual = static_cast<std::size_t>(usual_placement(routing));
  routing.placement = static_cast<Placement>(table.choice("placement", placements, usual));
  if (routing.redundant_experts > 0 && routing.placement != Placement::balanced) {
    table.reject("placement", "redundant experts are placed by load", "placement = \"balanced\"");
  }
  return std::make_shared<const model::ExpertRouting>(std::move(routing));
}

}  // namespace plumb::serving
