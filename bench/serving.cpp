// How fast does the plain stepper serve? Llama-3.1-8B on one H100, Azure's conversation lengths, Poisson arrivals at a
// rate that keeps some thirty sequences running.

#include "serving/simulation.h"

#include <ctime>

#include "bench.h"
#include "serving/deployment_file.h"
#include "workload/arrivals.h"
#include "workload/trace.h"

namespace plumb::bench {
namespace {

constexpr std::int64_t requests = 10'000;

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

serving::CompiledDeployment deployment() {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto file = serving::read_deployment(PLUMB_SOURCE_DIR "/examples/deployments/llama-3.1-8b-h100.toml", *catalog);
  check(file.has_value(), "the deployment is not read");
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

}  // namespace

void serving_plain(Figures& figures) {
  const serving::CompiledDeployment compiled = deployment();
  const workload::LengthSamplerPtr lengths = conversation_lengths();
  std::int64_t steps = 0;
  const Work work = [&] {
    workload::GeneratorOptions options;
    options.rate_per_s = 10.0;
    options.count = requests;
    const auto source = workload::generate_requests(options, lengths);
    const auto outcome = serving::simulate(compiled, *source);
    check(outcome.has_value() && outcome->requests.size() == requests, "requests are missing");
    for (const serving::RequestRecord& record : outcome->requests) check(record.completed(), "a request is not done");
    steps = outcome->counters.steps;
  };
  const double start_s = cpu_s();
  constexpr int rounds = 5;
  for (int i = 0; i < rounds; ++i) work();
  const double seconds = (cpu_s() - start_s) / rounds;
  figures.push_back({"serving_plain_requests_per_cpu_second", requests / seconds, "requests/s"});
  figures.push_back({"serving_plain_iterations_per_cpu_second", static_cast<double>(steps) / seconds, "iterations/s"});
  figures.push_back({"serving_plain_time_over_integer_chain", ratio(work, integer_chain(10'000'000)), "ratio"});
}

}  // namespace plumb::bench
