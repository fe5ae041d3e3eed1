#include "cli/compare_command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "base/parallel.h"
#include "cli/comparison_result.h"
#include "cli/fleet_options.h"
#include "cli/inputs.h"
#include "cli/terminal.h"
#include "workload/measured_load.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"DEPLOYMENT.toml", "the deployment that the server ran, as docs/deployment.md describes it"},
    OperandSpec{"RESULT.json",
                "what vllm bench serve --save-result [--save-detailed] or GuideLLM wrote; both are recognised"}};
constexpr std::array options{
    OptionSpec{"--benchmark", "N", "which benchmark of a result that holds several, from 1"},
    replicas_option,
    router_option,
    OptionSpec{"--report", "PATH", "write a self-contained HTML page with tables and plots"},
    OptionSpec{"--requests-out", "CSV", "write both sides of each request, or to standard output for -"},
    json_option,
    seed_option,
    jobs_option,
    catalog_option,
    memory_option,
};
constexpr std::array<std::string_view, 2> examples{
    "plumb compare examples/deployments/llama-3.1-8b-rtx4090.toml examples/results/llama-3.1-8b-rtx4090.json",
    "plumb compare examples/deployments/llama-3.1-8b-rtx4090.toml examples/results/llama-3.1-8b-rtx4090.json "
    "--report compare.html --requests-out requests.csv",
};

/// A load simulated, and where arrivals were made a second one with arrivals of another seed.
struct Simulations {
  workload::MeasuredLoad load;
  serving::Outcome outcome;
  LatencyFigures itl;
  std::vector<serving::RequestRecord> other_arrivals;
};

Result<serving::Outcome> simulate(const Subject& subject, workload::RequestSource& source) {
  serving::SimulationOptions simulation;
  simulation.replicas = subject.replicas;
  simulation.router = subject.router;
  simulation.inter_token_latencies = true;
  return serving::simulate(*subject.deployment, source, simulation);
}

Result<Simulations> simulate_run(const Subject& subject, const workload::MeasuredRun& run, int jobs) {
  Simulations made;
  PLUMB_ASSIGN(made.load, workload::measured_load(run, subject.seed));
  PLUMB_ASSIGN(const workload::MeasuredLoad other, workload::measured_load(run, subject.seed + 1));
  // Without requests in the file there is nothing that arrivals could be told from.
  const bool twice = made.load.arrivals_made && !made.load.lengths_made;
  std::array<Result<serving::Outcome>, 2> outcomes;
  parallel_for(twice ? 2 : 1, jobs,
               [&](std::size_t i) { outcomes[i] = simulate(subject, i == 0 ? *made.load.source : *other.source); });
  for (const Result<serving::Outcome>& outcome : outcomes) {
    if (!outcome) return fail(outcome.error());
  }
  made.outcome = std::move(*outcomes[0]);
  made.other_arrivals = std::move(outcomes[1]->requests);
  made.itl = figures_of(made.outcome.gaps, percents_of(run));
  return made;
}

Status check_served(const Subject& subject, const serving::Outcome& outcome) {
  const bool any = std::any_of(outcome.requests.begin(), outcome.requests.end(),
                               [](const serving::RequestRecord& record) { return record.completed(); });
  if (any) return {};
  return fail(unmet_error(fmt::format(
      "none of {} requests was served: all are longer than the {} tokens that the deployment admits, or such "
      "as its scheduler would never run",
      outcome.requests.size(), subject.deployment->max_model_len)));
}

Result<ComparisonResult> make_comparison(const Arguments& arguments) {
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  constexpr std::int64_t benchmarks_max = 1'000'000;
  PLUMB_ASSIGN(const std::int64_t benchmark, arguments.integer("--benchmark", 0, 1, benchmarks_max));
  ComparisonResult result;
  result.result_file = arguments.operands[1];
  PLUMB_ASSIGN(result.subject, read_subject(arguments));
  PLUMB_TRY(take_fleet_options(arguments, result.subject));
  PLUMB_ASSIGN(result.run, workload::read_measured_run(result.result_file, static_cast<int>(benchmark)));
  auto made = simulate_run(result.subject, result.run, static_cast<int>(jobs));
  if (!made) {
    Error error = std::move(made).error();
    if (error.place.file.empty()) error.place.file = result.result_file;
    return fail(std::move(error));
  }
  PLUMB_TRY(check_served(result.subject, made->outcome));
  result.load = made->load.words;
  result.comparison = compare(result.run, made->load, {made->outcome.requests, made->itl, made->other_arrivals});
  return result;
}

Result<int> run(const Arguments& arguments) {
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--requests-out", "--report"}));
  const auto json = arguments.text("--json"), csv = arguments.text("--requests-out"), page = arguments.text("--report");
  PLUMB_TRY(check_outputs({json, csv, page}));
  PLUMB_ASSIGN(const ComparisonResult result, make_comparison(arguments));
  if (csv && result.comparison.pairs.empty()) {
    return fail(input_error({result.result_file, 0, 0}, "the result has no requests to write with --requests-out",
                            "a result with the lists of --save-detailed"));
  }
  if (csv) PLUMB_TRY(write_file(*csv, comparison_csv(result.comparison)));
  if (json) PLUMB_TRY(write_file(*json, comparison_json(result)));
  if (page) PLUMB_TRY(write_file(*page, comparison_report(result, arguments.command_line)));
  if (json != "-" && csv != "-" && page != "-") fmt::print("{}", comparison_text(result, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec compare_command() {
  return {
      "compare",
      "a real server's benchmark against the simulation of its load",
      "Reads what a benchmark of a real server wrote, simulates the same requests on the deployment, and shows the "
      "differences by percentile and by request, with what each is put down to: arrivals, queue, prefill, overhead, "
      "cache, decode, batch, preemption. docs/compare.md states the rule. Exits with 1 if the load cannot be made "
      "again, or the accelerators cannot hold the model.",
      operands,
      options,
      examples,
      run};
}

}  // namespace plumb::cli
