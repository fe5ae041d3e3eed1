#include "validation/worst.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/statistics.h"
#include "validation/groups.h"

namespace plumb::validation {
namespace {

/// The groups that a row is in, from the widest to the narrowest.
std::vector<std::string> groups_of_row(const Validation& validation, std::size_t row) {
  const MeasuredRow& measured = validation.rows[row];
  const RowResult& result = validation.results[row];
  const RunPlan& plan = *validation.runs[result.run].plan;
  const std::string family(family_name(result.metric->family()));
  const std::string engine(engine_name(plan.software.engine));
  return {fmt::format("{} with {}", family, engine),
          fmt::format("{} on {}", family, measured.device),
          fmt::format("{} of {}", family, measured.model_key),
          fmt::format("{} with {} on {}", family, engine, measured.device),
          fmt::format("{} of {} on {}", family, measured.model_key, measured.device),
          fmt::format("{} on {} with {} sequences", family, measured.device, batch_band(plan))};
}

std::map<std::string, double> leanings(const Validation& validation, const std::set<std::size_t>& rows) {
  constexpr std::size_t rows_least = 8;
  std::map<std::string, std::vector<double>> errors;
  for (const std::size_t row : rows) {
    for (const std::string& group : groups_of_row(validation, row))
      errors[group].push_back(*validation.results[row].error);
  }
  std::map<std::string, double> medians;
  for (auto& [group, values] : errors) {
    if (values.size() >= rows_least) medians[group] = percentile(std::move(values), 50.0);
  }
  return medians;
}

std::string explain(const Validation& validation, std::size_t row, const std::map<std::string, double>& medians) {
  const double error = *validation.results[row].error;
  const std::string* best = nullptr;
  double left = std::abs(error), lean = 0.0;
  for (const std::string& group : groups_of_row(validation, row)) {
    const auto found = medians.find(group);
    if (found == medians.end() || std::abs(error - found->second) >= left) continue;
    best = &found->first;
    lean = found->second;
    left = std::abs(error - lean);
  }
  constexpr double part = 0.75;
  if (best == nullptr || left > part * std::abs(error)) return "nothing that it shares with others";
  return fmt::format("{} leans {:+.0f} %; {:.0f} % is left", *best, 100.0 * lean, 100.0 * left);
}

}  // namespace

std::vector<WorstRow> worst_rows(const Validation& validation, std::size_t count) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < validation.results.size(); ++row) {
    if (validation.results[row].scored()) rows.push_back(row);
  }
  const std::map<std::string, double> medians = leanings(validation, {rows.begin(), rows.end()});
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    const double of_a = std::abs(*validation.results[a].error), of_b = std::abs(*validation.results[b].error);
    if (of_a != of_b) return of_a > of_b;
    return std::pair(validation.rows[a].run_id, validation.rows[a].metric) <
           std::pair(validation.rows[b].run_id, validation.rows[b].metric);
  });
  std::set<std::size_t> runs;
  std::vector<WorstRow> worst;
  for (const std::size_t row : rows) {
    if (worst.size() == count) break;
    if (!runs.insert(validation.results[row].run).second) continue;
    worst.push_back({row, explain(validation, row, medians)});
  }
  return worst;
}

}  // namespace plumb::validation
