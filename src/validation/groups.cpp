#include "validation/groups.h"

#include <array>
#include <map>

#include <fmt/format.h>

namespace plumb::validation {
namespace {

std::string name_in(const Validation& validation, std::size_t row, Grouping grouping) {
  const RowResult& result = validation.results[row];
  const MeasuredRow& measured = validation.rows[row];
  const RunPlan& plan = *validation.runs[result.run].plan;
  switch (grouping) {
    case Grouping::family: return std::string(family_name(result.metric->family()));
    case Grouping::kind: return cell_of(validation, row).kind;
    case Grouping::device: return measured.device;
    case Grouping::model: return measured.model_key;
    case Grouping::engine: return std::string(engine_name(plan.software.engine));
    case Grouping::batch: return batch_band(plan);
    case Grouping::length: return length_band(plan);
    case Grouping::metric: return measured.metric;
  }
  return {};
}

}  // namespace

std::string_view grouping_name(Grouping grouping) {
  switch (grouping) {
    case Grouping::family: return "metric family";
    case Grouping::kind: return "kind";
    case Grouping::device: return "device";
    case Grouping::model: return "model";
    case Grouping::engine: return "engine";
    case Grouping::batch: return "sequences at once";
    case Grouping::length: return "length";
    case Grouping::metric: return "metric";
  }
  return {};
}

std::string batch_band(const RunPlan& plan) {
  if (plan.load.scenario == Scenario::offline) return "as many as fit";
  if (plan.load.scenario == Scenario::rate) return "by the rate";
  const std::int64_t sequences = plan.load.concurrency > 0 ? plan.load.concurrency : plan.load.requests;
  static constexpr std::array<std::pair<std::int64_t, std::string_view>, 6> bands{
      {{1, "1"}, {8, "2 to 8"}, {32, "9 to 32"}, {128, "33 to 128"}, {512, "129 to 512"}, {1LL << 60, "over 512"}}};
  for (const auto& [most, name] : bands) {
    if (sequences <= most) return std::string(name);
  }
  return {};
}

std::string length_band(const RunPlan& plan) {
  const double tokens = plan.load.prompts.mean + plan.load.outputs.mean;
  static constexpr std::array<std::pair<double, std::string_view>, 5> bands{{{512.0, "up to 512"},
                                                                             {1024.0, "513 to 1 Ki"},
                                                                             {2048.0, "1 Ki to 2 Ki"},
                                                                             {4096.0, "2 Ki to 4 Ki"},
                                                                             {1e30, "over 4 Ki"}}};
  for (const auto& [most, name] : bands) {
    if (tokens <= most) return std::string(name);
  }
  return {};
}

std::vector<Group> groups_of(const Validation& validation, const std::vector<Cell>& cells, Grouping grouping) {
  struct Parts {
    std::vector<Cell> cells;
    std::vector<double> errors;
  };
  std::map<std::string, Parts> parts;
  for (const Cell& cell : cells) {
    if (cell.name.assumed) continue;
    std::map<std::string, std::vector<std::size_t>> rows;
    for (const std::size_t row : cell.rows) rows[name_in(validation, row, grouping)].push_back(row);
    for (auto& [name, own] : rows) {
      std::vector<double> errors;
      for (const std::size_t row : own) errors.push_back(*validation.results[row].error);
      Parts& part = parts[name];
      part.errors.insert(part.errors.end(), errors.begin(), errors.end());
      part.cells.push_back({cell.name, std::move(own), figures_of(std::move(errors))});
    }
  }
  std::vector<Group> groups;
  for (auto& [name, part] : parts) {
    std::vector<const Cell*> pointers;
    for (const Cell& cell : part.cells) pointers.push_back(&cell);
    groups.push_back({name, over_cells(pointers), figures_of(std::move(part.errors))});
  }
  return groups;
}

}  // namespace plumb::validation
