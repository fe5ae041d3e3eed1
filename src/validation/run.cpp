#include "validation/run.h"

#include <map>

namespace plumb::validation {
namespace {

/// All that tells runs apart, run_id first so that runs are in its order.
std::vector<std::string> identity(const MeasuredRow& row) {
  return {row.run_id,       row.device,        row.model_key,   row.software,
          row.model,        row.precision,     row.parallelism, row.scenario,
          row.input_tokens, row.output_tokens, row.concurrency, row.notes,
          row.trust,        row.system,        row.date,        row.n_devices ? std::to_string(*row.n_devices) : ""};
}

}  // namespace

std::vector<Run> runs_of(const std::vector<MeasuredRow>& rows) {
  std::map<std::vector<std::string>, Run> runs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Run& run = runs[identity(rows[i])];
    if (run.rows.empty()) run.configuration = rows[i];
    run.rows.push_back(i);
  }
  std::vector<Run> ordered;
  ordered.reserve(runs.size());
  for (auto& [key, run] : runs) ordered.push_back(std::move(run));
  return ordered;
}

std::optional<double> value_of(const Run& run, const std::vector<MeasuredRow>& rows, std::string_view metric) {
  for (const std::size_t row : run.rows) {
    if (rows[row].metric == metric) return rows[row].value;
  }
  return std::nullopt;
}

}  // namespace plumb::validation
