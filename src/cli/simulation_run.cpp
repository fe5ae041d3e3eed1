#include "cli/simulation_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/terminal.h"

namespace plumb::cli {
namespace {

/// "6 d 23:12:33"
std::string clock_words(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
  const std::string time = fmt::format("{}:{:02}:{:02}", whole % day / hour, whole % hour / minute, whole % minute);
  return whole < day ? time : fmt::format("{} d {}", whole / day, time);
}

serving::SimulationOptions options_of(const SimulationRun& run) {
  serving::SimulationOptions options;
  options.replicas = run.subject.replicas;
  options.router = run.subject.router;
  options.jobs = run.jobs;
  options.inter_token_latencies = true;
  options.time_shares = !run.subject.spec().profile;
  options.token_rate = true;
  options.keep_records = false;
  return options;
}

/// Simulates, and takes the figures as requests end. `options.record`, where it is set, sees every record too.
Result<SimulationResult> measure(const SimulationRun& run, serving::SimulationOptions options) {
  BenchmarkMeter meter(run.subject.targets);
  options.record = [&meter, record = std::move(options.record)](const serving::RequestRecord& ended) {
    meter.add(ended);
    if (record) record(ended);
  };
  SimulationResult result;
  PLUMB_ASSIGN(result.outcome, serving::simulate(*run.subject.deployment, *run.load.source, options));
  result.benchmark = meter.benchmark(result.outcome, run.percents);
  result.targets = meter.targets();
  result.rate_per_s = run.load.rate_per_s ? run.load.rate_per_s : meter.arrival_rate();
  if (run.load.trace != nullptr) result.skipped = run.load.trace->counts().skipped_without_output;
  return result;
}

}  // namespace

Result<SimulationResult> run_simulation(const SimulationRun& run, const std::atomic<bool>& interrupt) {
  serving::SimulationOptions options = options_of(run);
  options.interrupt = &interrupt;
  return measure(run, std::move(options));
}

Result<SimulationResult> run_simulation(const SimulationRun& run, SimulationFiles& files, Interruption& interruption) {
  Progress progress;
  double finished_s = 0.0;
  serving::SimulationOptions options = options_of(run);
  options.interrupt = &interruption.flag();
  options.record = [&](const serving::RequestRecord& record) {
    if (record.completed()) finished_s = std::max(finished_s, record.finish_s);
    files.add(record);
  };
  options.progress = [&](std::int64_t finished) {
    progress.show("requests finished", static_cast<std::size_t>(finished), static_cast<std::size_t>(run.load.requests),
                  fmt::format("{} simulated", clock_words(finished_s)));
    return false;
  };
  files.listen(options, interruption);
  return measure(run, std::move(options));
}

}  // namespace plumb::cli
