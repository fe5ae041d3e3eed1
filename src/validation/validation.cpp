#include "validation/validation.h"

#include <cmath>
#include <map>
#include <memory>

#include "base/parallel.h"
#include "serving/deployment.h"
#include "validation/run_simulation.h"
#include "validation/saturation.h"

namespace plumb::validation {
namespace {

/// A deployment and the loads that are simulated on it.
struct Job {
  const RunPlan* plan = nullptr;
  std::map<std::string, const RunPlan*> loads;  ///< by key
};

struct Simulated {
  std::optional<SimulatedRun> run;
  std::string reason;
};

std::string reason_of(const SimulatedRun& run) {
  return run.completed == 0 || run.refused > 0 ? "requests that the engine does not admit" : std::string();
}

/// Simulates every load of the job; the deployment is compiled once.
void simulate_job(const Job& job, std::map<std::string, Simulated>& results) {
  const Result<serving::CompiledDeployment> compiled = serving::compile(job.plan->deployment);
  for (const auto& [key, plan] : job.loads) {
    Simulated& simulated = results[key];
    if (!compiled) {
      simulated.reason = compiled.error().message.find("do not fit") != std::string::npos
                             ? "the model does not fit in the memory"
                             : "the deployment cannot be compiled";
      continue;
    }
    Result<SimulatedRun> run = simulate(*compiled, plan->load);
    if (!run) {
      simulated.reason = "the cache is too small for the load";
      continue;
    }
    simulated.reason = reason_of(*run);
    if (simulated.reason.empty()) simulated.run = std::move(*run);
  }
}

/// Simulated runs by their keys. Jobs share no deployment, so that the order in which they run does not matter.
std::map<std::string, Simulated> simulate_all(const std::vector<RunResult>& runs, int jobs) {
  std::map<std::string, Job> by_deployment;
  for (const RunResult& run : runs) {
    if (!run.plan) continue;
    Job& job = by_deployment[run.plan->deployment_key];
    if (job.plan == nullptr) job.plan = &*run.plan;
    job.loads.emplace(run.plan->key, &*run.plan);
  }
  std::vector<const Job*> ordered;
  for (const auto& [key, job] : by_deployment) ordered.push_back(&job);
  std::vector<std::map<std::string, Simulated>> results(ordered.size());
  parallel_for(ordered.size(), jobs, [&](std::size_t i) { simulate_job(*ordered[i], results[i]); });
  std::map<std::string, Simulated> all;
  for (std::map<std::string, Simulated>& some : results) all.merge(some);
  return all;
}

void fill_row(const MeasuredRow& row, const RunResult& run, const SimulatedRun* simulated, RowResult& result) {
  result.metric = metric_of(row.metric);
  result.skipped = run.reason;
  if (!run.simulated()) return;
  if (!result.metric) {
    result.skipped = "a metric that is neither latency nor throughput";
    return;
  }
  result.simulated = value_of(*result.metric, *run.plan, *simulated);
  if (!result.simulated) {
    result.skipped = "the simulated run has no such figure";
    return;
  }
  if (!row.value) return;  // predicted, with nothing to compare it with
  if (*row.value <= 0.0) {
    result.skipped = "the measured value is zero";
    return;
  }
  result.error = std::log(*result.simulated / *row.value);
}

}  // namespace

Validation validate(std::vector<MeasuredRow> rows, const catalog::Catalog& catalog, const ModelShelf& shelf,
                    const ValidationOptions& options) {
  Validation validation;
  validation.rows = std::move(rows);
  const Planner planner(catalog, shelf);
  for (Run& run : runs_of(validation.rows))
    validation.runs.push_back({.run = std::move(run), .plan = {}, .reason = {}});
  parallel_for(validation.runs.size(), options.jobs, [&](std::size_t i) {
    RunResult& run = validation.runs[i];
    PlanOrReason planned = planner.plan(run.run);
    run.plan = std::move(planned.plan);
    run.reason = std::move(planned.reason);
  });

  const std::map<std::string, Simulated> simulated = simulate_all(validation.runs, options.jobs);
  validation.results.resize(validation.rows.size());
  for (std::size_t i = 0; i < validation.runs.size(); ++i) {
    RunResult& run = validation.runs[i];
    const SimulatedRun* outcome = nullptr;
    if (run.plan) {
      const Simulated& of_run = simulated.at(run.plan->key);
      run.reason = of_run.reason;
      if (of_run.run) outcome = &*of_run.run;
    }
    for (const std::size_t row : run.run.rows) {
      validation.results[row].run = i;
      fill_row(validation.rows[row], run, outcome, validation.results[row]);
    }
  }
  set_aside_saturated(validation);
  return validation;
}

}  // namespace plumb::validation
