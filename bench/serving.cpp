// How fast does the serving simulation run, and what does a request cost it?
//
// The work is that of the peers' published speeds: one replica, a 7-8B model on an A100, Azure's conversation lengths,
// Poisson arrivals at 3 requests/s, chunks of 512 tokens, at most 128 sequences, 10,000 requests. Making the requests
// is part of it.

#include "serving/simulation.h"

#include <ctime>

#include "bench.h"
#include "serving/deployment_file.h"
#include "workload/arrivals.h"
#include "workload/trace.h"

namespace plumb::bench {
namespace {

constexpr std::int64_t requests = 10'000;
constexpr double rate_per_s = 3.0;

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

serving::CompiledDeployment deployment() {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto file = serving::read_deployment(PLUMB_SOURCE_DIR "/examples/deployments/llama-3.1-8b-h100.toml", *catalog);
  check(file.has_value(), "the deployment is not read");
  auto machine = accelerator::resolve(*catalog, *catalog->accelerator("a100-80gb-sxm"));
  check(machine.has_value(), "the accelerator is not known");
  file->deployment.machine = std::move(*machine);
  file->deployment.engine.max_num_seqs = 128;
  file->deployment.engine.max_num_batched_tokens = 512;
  auto compiled = serving::compile(file->deployment);
  check(compiled.has_value(), "the deployment does not compile");
  return std::move(*compiled);
}

workload::LengthSamplerPtr conversation_lengths() {
  auto trace = workload::read_trace(PLUMB_SOURCE_DIR "/examples/traces/azure2023-conversation.csv");
  check(trace.has_value(), "the trace is not read");
  std::vector<workload::Lengths> pairs;
  for (const workload::Request& request : *trace) pairs.push_back({request.prompt_tokens, request.output_tokens});
  return workload::lengths_of_pairs(std::move(pairs), "Azure 2023 conversation");
}

struct Speed {
  double seconds = 0.0;  ///< of processor time, the shortest of several rounds
  serving::EngineCounters counters;
};

Speed serve(const serving::CompiledDeployment& compiled, const workload::LengthSamplerPtr& lengths,
            serving::Stepping stepping, int rounds) {
  Speed speed{1e9, {}};
  for (int i = 0; i < rounds; ++i) {
    const double start_s = cpu_s();
    workload::GeneratorOptions load;
    load.rate_per_s = rate_per_s;
    load.count = requests;
    const auto source = workload::generate_requests(load, lengths);
    serving::SimulationOptions options;
    options.stepping = stepping;
    const auto outcome = serving::simulate(compiled, *source, options);
    speed.seconds = std::min(speed.seconds, cpu_s() - start_s);
    check(outcome.has_value() && outcome->requests.size() == requests, "requests are missing");
    for (const serving::RequestRecord& record : outcome->requests) check(record.completed(), "a request is not done");
    speed.counters = outcome->counters;
  }
  return speed;
}

}  // namespace

void serving_s1(Figures& figures) {
  const serving::CompiledDeployment compiled = deployment();
  const workload::LengthSamplerPtr lengths = conversation_lengths();
  const Speed runs = serve(compiled, lengths, serving::Stepping::runs, 25);
  const Speed plain = serve(compiled, lengths, serving::Stepping::plain, 5);
  check(runs.counters.busy == plain.counters.busy, "runs and single steps disagree");
  const auto steps = static_cast<double>(runs.counters.steps);
  figures.push_back({"serving_requests_per_cpu_second", requests / runs.seconds, "requests/s"});
  figures.push_back({"serving_iterations_per_cpu_second", steps / runs.seconds, "iterations/s"});
  figures.push_back({"serving_plain_requests_per_cpu_second", requests / plain.seconds, "requests/s"});
  figures.push_back({"serving_plain_iterations_per_cpu_second", steps / plain.seconds, "iterations/s"});
  figures.push_back({"serving_runs_over_plain", plain.seconds / runs.seconds, "ratio"});
  figures.push_back({"serving_events_per_request", static_cast<double>(runs.counters.events) / requests, "events"});
  figures.push_back({"serving_nanoseconds_per_request", runs.seconds / requests * 1e9, "ns"});
  figures.push_back({"serving_sequences_mean", runs.counters.sequences_mean(), "sequences"});
}

}  // namespace plumb::bench
