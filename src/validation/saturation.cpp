#include "validation/saturation.h"

#include <algorithm>
#include <map>
#include <vector>

#include "validation/validation.h"
#include "validation/words.h"

namespace plumb::validation {
namespace {

constexpr double keeps_up = 0.95, far_from_knee = 0.8;

/// What is one system but for the rate: the rows of a sweep of rates share it.
std::vector<std::string> system_of(const RunResult& run) {
  const MeasuredRow& row = run.run.configuration;
  return {row.device,        row.n_devices ? std::to_string(*row.n_devices) : "",
          row.system,        row.model_key,
          row.software,      row.precision,
          row.parallelism,   row.input_tokens,
          row.output_tokens, row.scenario};
}

struct Sweep {
  std::vector<std::size_t> runs;
  double knee_per_s = 0.0;  ///< 0: no rate was kept up with
  bool varied = false;
};

double whole_rate(const RunResult& run) { return run.plan->load.rate_per_s * run.plan->replicas; }

/// Requests a second that were completed, as measured; nothing where that is not told.
std::optional<double> completed_per_s(const Validation& validation, const RunResult& run) {
  if (const auto requests = value_of(run.run, validation.rows, "req_s")) return requests;
  const auto tokens = value_of(run.run, validation.rows, "output_tok_s");
  if (!tokens) return std::nullopt;
  return *tokens / run.plan->load.outputs.mean;
}

void find_knee(const Validation& validation, Sweep& sweep) {
  double least = 0.0, most = 0.0;
  for (const std::size_t i : sweep.runs) {
    const RunResult& run = validation.runs[i];
    const double rate = whole_rate(run);
    least = least == 0.0 ? rate : std::min(least, rate);
    most = std::max(most, rate);
    const auto completed = completed_per_s(validation, run);
    if (completed && *completed >= keeps_up * rate) sweep.knee_per_s = std::max(sweep.knee_per_s, rate);
  }
  sweep.varied = most > 1.02 * least;
}

}  // namespace

void set_aside_saturated(Validation& validation) {
  std::map<std::vector<std::string>, Sweep> sweeps;
  for (std::size_t i = 0; i < validation.runs.size(); ++i) {
    const RunResult& run = validation.runs[i];
    if (run.simulated() && run.plan->load.scenario == Scenario::rate) sweeps[system_of(run)].runs.push_back(i);
  }
  for (auto& [system, sweep] : sweeps) {
    find_knee(validation, sweep);
    for (const std::size_t i : sweep.runs) {
      const RunResult& run = validation.runs[i];
      const bool at_knee = says_word(run.run.configuration.scenario, "MLPerf") || sweep.knee_per_s == 0.0;
      const bool queued = sweep.varied ? whole_rate(run) > far_from_knee * sweep.knee_per_s : at_knee;
      if (!queued) continue;
      for (const std::size_t row : run.run.rows) {
        RowResult& result = validation.results[row];
        if (!result.scored()) continue;
        const Family family = result.metric->family();
        if (family == Family::ttft || family == Family::latency) result.skipped = saturated_reason;
      }
    }
  }
}

}  // namespace plumb::validation
