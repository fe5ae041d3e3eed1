// How long does a cloud's week take? 27 million requests with the weekly curve and the lengths of the Azure 2024
// conversation trace, over the smallest fleet that meets the targets at the busiest hour and over 300 replicas, on two
// threads; and how long until the first event.

#include <sys/resource.h>

#include <chrono>

#include "bench.h"
#include "serving/deployment_file.h"
#include "serving/simulation.h"
#include "workload/arrivals.h"

namespace plumb::bench {
namespace {

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

struct Week {
  serving::DeploymentFile file;
  serving::CompiledDeployment compiled;
};

Week read() {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto file = serving::read_deployment(PLUMB_SOURCE_DIR "/examples/deployments/llama-3.1-8b-h100-week.toml", *catalog);
  check(file.has_value() && file->load, "the deployment is not read");
  auto compiled = serving::compile(file->deployment);
  check(compiled.has_value(), "the deployment does not compile");
  return {std::move(*file), std::move(*compiled)};
}

struct Run {
  double seconds = 0.0, utilisation = 0.0;
  bool met = false;
};

Run simulate(const Week& week, workload::RequestSource& source, int replicas) {
  serving::TargetMeter targets(week.file.targets);
  serving::SimulationOptions options;
  options.replicas = replicas;
  options.jobs = 2;
  options.keep_records = false;
  options.record = [&](const serving::RequestRecord& record) { targets.add(record); };
  const double start_s = now_s();
  const auto outcome = serving::simulate(week.compiled, source, options);
  const double seconds = now_s() - start_s;
  check(outcome.has_value(), "the simulation fails");
  return {seconds, outcome->counters.busy.seconds() / (outcome->duration_s * replicas), targets.results().met()};
}

/// The fewest replicas that meet the targets over twenty minutes at the rate of the busiest time.
int smallest_fleet(const Week& week) {
  workload::GeneratorOptions peak = week.file.load->arrivals;
  peak.rate_per_s *= peak.curve.peak_over_mean();
  peak.curve = {};
  peak.count = static_cast<std::int64_t>(peak.rate_per_s * 1200.0);
  int few = 0, enough = 300;
  while (enough - few > 1) {
    const int middle = few + (enough - few) / 2;
    const auto source = workload::generate_requests(peak, week.file.lengths);
    (simulate(week, *source, middle).met ? enough : few) = middle;
  }
  return enough;
}

}  // namespace

void serving_week(Figures& figures) {
  const double start_s = now_s();
  const Week week = read();
  const auto first = workload::generate_requests(
      [&] {
        workload::GeneratorOptions one = week.file.load->arrivals;
        one.count = 1;
        return one;
      }(),
      week.file.lengths);
  simulate(week, *first, 1);
  figures.push_back({"serving_start_seconds", now_s() - start_s, "s"});

  const int smallest = smallest_fleet(week);
  check(smallest < 300, "300 replicas do not meet the targets");
  for (const int replicas : {smallest, 300}) {
    const auto source = workload::requests_of(*week.file.load, week.file.lengths);
    const Run run = simulate(week, *source, replicas);
    const std::string name = replicas == smallest ? "serving_week" : "serving_week_300";
    figures.push_back({name + "_seconds", run.seconds, "s"});
    figures.push_back({name + "_replicas", static_cast<double>(replicas), "replicas"});
    figures.push_back({name + "_utilisation", run.utilisation, "share"});
    figures.push_back({name + "_targets_met", run.met ? 1.0 : 0.0, "(1 is yes)"});
  }
  figures.push_back({"serving_week_peak_megabytes", peak_megabytes(), "MB"});
}

}  // namespace plumb::bench
