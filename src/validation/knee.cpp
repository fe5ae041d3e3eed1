#include "validation/knee.h"

#include <cmath>
#include <map>
#include <string>

#include <fmt/format.h>

#include "base/parallel.h"
#include "base/statistics.h"
#include "validation/accuracy.h"
#include "validation/plan_keys.h"
#include "validation/run_simulation.h"
#include "validation/words.h"

namespace plumb::validation {
namespace {

constexpr std::int64_t offline_requests = 600, rate_requests = 1500;
constexpr int halvings = 8;
constexpr double percent = 99.0;

struct Question {
  const RunPlan* plan = nullptr;
  Limits limits;
};

bool keeps(const serving::CompiledDeployment& deployment, LoadPlan load, double rate_per_s, const Limits& limits) {
  load.rate_per_s = rate_per_s;
  load.requests = rate_requests;
  const Result<SimulatedRun> run = simulate(deployment, load);
  if (!run || run->completed == 0 || run->refused > 0) return false;
  const bool paced = run->tpot_s.empty() || percentile_sorted(run->tpot_s, percent) <= limits.tpot_s;
  return paced && percentile_sorted(run->ttft_s, percent) <= limits.ttft_s;
}

/// Requests a second of one engine; 0 where it keeps the limits at no rate.
double knee_of(const Question& question) {
  const Result<serving::CompiledDeployment> deployment = serving::compile(question.plan->deployment);
  if (!deployment) return 0.0;
  LoadPlan offline = question.plan->load;
  offline.scenario = Scenario::offline;
  offline.requests = offline_requests;
  const Result<SimulatedRun> at_once = simulate(*deployment, offline);
  if (!at_once || at_once->completed == 0) return 0.0;
  const double saturation = static_cast<double>(at_once->completed) / at_once->duration_s;
  double low = 0.05 * saturation, high = 1.2 * saturation;
  if (!keeps(*deployment, question.plan->load, low, question.limits)) return 0.0;
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (keeps(*deployment, question.plan->load, middle, question.limits) ? low : high) = middle;
  }
  return low;
}

}  // namespace

std::optional<Limits> limits_in(std::string_view notes) {
  if (!says_word(notes, "limits")) return std::nullopt;
  const auto ttft_ms = number_after(notes, "ttft"), tpot_ms = number_after(notes, "tpot");
  if (!ttft_ms || !tpot_ms || *ttft_ms <= 0.0 || *tpot_ms <= 0.0) return std::nullopt;
  constexpr double ms = 1e-3;
  return Limits{*ttft_ms * ms, *tpot_ms * ms};
}

std::vector<Knee> knees_of(const Validation& validation, int jobs) {
  std::map<std::string, Question> questions;
  std::vector<std::pair<std::size_t, std::string>> asked;
  for (std::size_t i = 0; i < validation.runs.size(); ++i) {
    const RunResult& run = validation.runs[i];
    if (!run.simulated() || run.plan->load.scenario != Scenario::rate) continue;
    const std::optional<Limits> limits = limits_in(run.run.configuration.notes);
    if (!limits) continue;
    LoadPlan load = run.plan->load;
    load.rate_per_s = 0.0;
    load.requests = 0;
    const std::string key =
        fmt::format("{}{}|{},{}", run.plan->deployment_key, load_key(load), limits->ttft_s, limits->tpot_s);
    questions.emplace(key, Question{&*run.plan, *limits});
    asked.emplace_back(i, key);
  }
  std::vector<const Question*> ordered;
  std::map<std::string, std::size_t> places;
  for (const auto& [key, question] : questions) {
    places[key] = ordered.size();
    ordered.push_back(&question);
  }
  std::vector<double> rates(ordered.size());
  parallel_for(ordered.size(), jobs, [&](std::size_t i) { rates[i] = knee_of(*ordered[i]); });
  std::vector<Knee> knees;
  for (const auto& [run, key] : asked) {
    const RunPlan& plan = *validation.runs[run].plan;
    const double rate = rates[places.at(key)];
    if (rate > 0.0) knees.push_back({run, plan.load.rate_per_s * plan.replicas, rate * plan.replicas});
  }
  return knees;
}

KneeFigures figures_of(const Validation& validation, const std::vector<Knee>& knees) {
  std::map<std::pair<std::string, std::string>, std::vector<double>> cells;
  for (const Knee& knee : knees) {
    const MeasuredRow& row = validation.runs[knee.run].run.configuration;
    cells[{row.device, row.model_key}].push_back(std::log(knee.simulated_per_s / knee.measured_per_s));
  }
  std::vector<double> medians, biases;
  for (auto& [name, errors] : cells) {
    const ErrorFigures figures = figures_of(std::move(errors));
    medians.push_back(figures.median);
    biases.push_back(figures.bias);
  }
  return {cells.size(), knees.size(), percentile(medians, 50.0), percentile(medians, 90.0),
          percentile(std::move(biases), 50.0)};
}

}  // namespace plumb::validation
