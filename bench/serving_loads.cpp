// How fast is the serving simulation on work that flatters nobody's jumping? Requests a second of processor time, each
// over the fastest comparable figure of another simulator, which was measured on a like machine or is its authors' own:
//
//   saturated      more requests than an A100 can serve, 128 and more sequences that preempt each other; BLIS does
//   about
//                  1,050 requests a second of processor time on conversation lengths
//   code           Azure's code trace with its bursts, ten times as fast as it was; BLIS as well
//   mooncake       Mooncake's conversations with their prefixes; Dynamo's offline replay does 770 requests a second

#include <ctime>

#include "bench.h"
#include "serving/deployment_file.h"
#include "serving/simulation.h"
#include "workload/arrivals.h"
#include "workload/trace.h"

namespace plumb::bench {
namespace {

constexpr double blis_requests_per_s = 1050.0, dynamo_requests_per_s = 770.0;

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

serving::CompiledDeployment deployment(std::int64_t max_num_seqs, std::int64_t blocks) {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto file = serving::read_deployment(PLUMB_SOURCE_DIR "/examples/deployments/llama-3.1-8b-h100.toml", *catalog);
  check(file.has_value(), "the deployment is not read");
  auto machine = accelerator::resolve(*catalog, *catalog->accelerator("a100-80gb-sxm"));
  check(machine.has_value(), "the accelerator is not known");
  file->deployment.machine = std::move(*machine);
  file->deployment.engine.max_num_seqs = max_num_seqs;
  file->deployment.engine.max_num_batched_tokens = 2048;
  file->deployment.engine.num_gpu_blocks_override = blocks;
  auto compiled = serving::compile(file->deployment);
  check(compiled.has_value(), "the deployment does not compile");
  return std::move(*compiled);
}

struct Speed {
  double requests_per_s = 0.0;
  serving::EngineCounters counters;
};

template <class MakeSource>
Speed serve(const serving::CompiledDeployment& compiled, MakeSource make_source) {
  Speed speed;
  constexpr int rounds = 7;
  for (int i = 0; i < rounds; ++i) {
    const auto source = make_source();
    const double start_s = cpu_s();
    const auto outcome = serving::simulate(compiled, *source);
    const double seconds = cpu_s() - start_s;
    check(outcome.has_value(), "the simulation fails");
    speed.requests_per_s = std::max(speed.requests_per_s, static_cast<double>(outcome->arrived) / seconds);
    speed.counters = outcome->counters;
  }
  return speed;
}

void report(Figures& figures, const std::string& name, const Speed& speed, double peer_requests_per_s) {
  figures.push_back({"serving_" + name + "_requests_per_cpu_second", speed.requests_per_s, "requests/s"});
  figures.push_back({"serving_" + name + "_over_peer", speed.requests_per_s / peer_requests_per_s, "ratio"});
  figures.push_back({"serving_" + name + "_sequences_mean", speed.counters.sequences_mean(), "sequences"});
  figures.push_back(
      {"serving_" + name + "_preemptions", static_cast<double>(speed.counters.preemptions), "preemptions"});
}

workload::LengthSamplerPtr lengths_of(const std::string& trace) {
  auto requests = workload::read_trace(trace);
  check(requests.has_value(), "the trace is not read");
  std::vector<workload::Lengths> pairs;
  for (const workload::Request& request : *requests) pairs.push_back({request.prompt_tokens, request.output_tokens});
  return workload::lengths_of_pairs(std::move(pairs), trace);
}

workload::RequestSourcePtr made(const workload::LengthSamplerPtr& lengths, double rate_per_s, double burstiness) {
  workload::GeneratorOptions load;
  load.rate_per_s = rate_per_s;
  load.burstiness = burstiness;
  load.count = 10'000;
  return workload::generate_requests(load, lengths);
}

}  // namespace

void serving_loads(Figures& figures) {
  const auto conversation = lengths_of(PLUMB_SOURCE_DIR "/examples/traces/azure2023-conversation.csv");
  const auto saturated = deployment(256, 8000);
  report(figures, "saturated", serve(saturated, [&] { return made(conversation, 100.0, 1.0); }), blis_requests_per_s);
  workload::TraceOptions faster;
  faster.time_scale = 0.1;
  const auto code = workload::read_trace(PLUMB_SOURCE_DIR "/examples/traces/azure2023-code.csv.zst", faster);
  check(code.has_value(), "the trace is not read");
  const auto plain = deployment(256, 0);
  report(figures, "code", serve(plain, [&] { return workload::fixed_requests(*code); }), blis_requests_per_s);
  const auto mooncake = workload::read_trace(PLUMB_SOURCE_DIR "/examples/traces/mooncake-conversation.jsonl.zst");
  check(mooncake.has_value(), "the trace is not read");
  report(figures, "mooncake", serve(plain, [&] { return workload::fixed_requests(*mooncake); }), dynamo_requests_per_s);
}

}  // namespace plumb::bench
