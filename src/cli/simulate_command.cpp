#include "cli/simulate_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/fleet_options.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/simulation_files.h"
#include "cli/simulation_run.h"
#include "cli/terminal.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"FILE.toml", "a deployment, or a service whose plan's first choice is simulated"}};
constexpr std::array options{
    OptionSpec{"--trace", "FILE", "requests as they were: Azure, BurstGPT, Mooncake or plain CSV, also .gz and .zst"},
    OptionSpec{"--rate", "R",
               "made arrivals, R requests a second over all replicas, or inf for all at once (default: inf; a "
               "service's peak load); with --trace, lengths are drawn from the trace"},
    OptionSpec{
        "--requests", "N",
        "how many requests, or sessions of [sessions] (default: 1000; all of a trace; as in the plan for a service)"},
    OptionSpec{"--max-concurrency", "N", "at most N requests at a time; others wait with their client"},
    OptionSpec{"--burstiness", "B",
               "shape of the gamma-distributed gaps between made arrivals: 1 is Poisson (default), "
               "less is burstier"},
    OptionSpec{"--input-len", "N", "every made request has N prompt tokens"},
    OptionSpec{"--output-len", "N", "every made request has N output tokens"},
    replicas_option,
    router_option,
    OptionSpec{"--profile", "DIR",
               "measured kernel times in place of the accelerator's (docs/profiles.md), for a deployment file"},
    OptionSpec{"--metric-percentiles", "LIST",
               "percentiles to report beside the median, such as 50,90,95,99 (default 99)"},
    OptionSpec{
        "--requests-out", "CSV",
        "write one row for each request, as it ends; like the files below compressed by its name (.gz, .zst), or "
        "to standard output for -"},
    OptionSpec{"--steps-out", "CSV", "write one row for each step of an engine (docs/outputs.md)"},
    OptionSpec{"--steps-every", "N",
               "of each replica the first step and every Nth after it (default: 1, all); 1 also makes a slice of each "
               "step in the timeline, where equal steps that follow each other are one otherwise"},
    OptionSpec{"--timeline", "PFTRACE", "write a timeline for ui.perfetto.dev: steps, queue, cache, power, requests"},
    OptionSpec{"--metrics-out", "PROM", "write a snapshot of the end for Prometheus, with the names of vLLM"},
    json_option,
    seed_option,
    jobs_option,
    catalog_option,
    memory_option,
};
constexpr std::array<std::string_view, 6> examples{
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --rate 10",
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --trace examples/traces/azure2023-conversation.csv",
    "plumb simulate examples/deployments/llama-3.1-70b-h100-tp4.toml --rate inf --input-len 1024 --output-len 128",
    "plumb simulate examples/companion.toml --json - --requests-out requests.csv",
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --rate 10 --timeline run.pftrace.gz",
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --rate 10 --requests 1000000 --steps-out steps.csv.zst "
    "--steps-every 1000 --metrics-out run.prom",
};

Result<std::vector<double>> read_percentiles(const Arguments& arguments) {
  const std::string list = arguments.text("--metric-percentiles").value_or("99");
  std::vector<double> percents;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    double percent = -1.0;
    const auto [stop, code] = std::from_chars(list.data() + begin, list.data() + end, percent);
    if (code != std::errc{} || stop != list.data() + end || !(percent >= 0.0 && percent <= 100.0)) {
      return fail(input_error({}, fmt::format("--metric-percentiles is \"{}\"", list),
                              "numbers from 0 to 100 with commas between them, such as 50,90,99"));
    }
    percents.push_back(percent);
    begin = end + 1;
  }
  std::sort(percents.begin(), percents.end());
  percents.erase(std::unique(percents.begin(), percents.end()), percents.end());
  return percents;
}

Result<SimulationPaths> read_paths(const Arguments& arguments) {
  SimulationPaths paths{arguments.text("--requests-out"), arguments.text("--steps-out"), arguments.text("--timeline"),
                        arguments.text("--metrics-out")};
  PLUMB_ASSIGN(paths.steps_every, arguments.integer("--steps-every", 1, 1, std::int64_t{1} << 53));
  paths.each_step = arguments.flag("--steps-every") && paths.steps_every == 1;
  if (arguments.flag("--steps-every") && !paths.steps && !paths.timeline) {
    return fail(input_error({}, "--steps-every says nothing without a file of steps", "--steps-out or --timeline"));
  }
  PLUMB_TRY(
      check_standard_output(arguments, {"--json", "--requests-out", "--steps-out", "--timeline", "--metrics-out"}));
  PLUMB_TRY(check_outputs({paths.requests, paths.steps, paths.timeline, paths.metrics, arguments.text("--json")}));
  return paths;
}

int report_interrupted(const Load& load, const SimulationResult& result, int status) {
  const std::string of = load.requests > 0 ? fmt::format(" of {}", report::count(load.requests)) : std::string();
  fmt::print(stderr, "plumb: interrupted when {}{} requests had finished; no file was written\n",
             report::count(result.benchmark.completed), of);
  return status;
}

Result<int> run(const Arguments& arguments) {
  PLUMB_ASSIGN(const std::vector<double> percents, read_percentiles(arguments));
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const SimulationPaths paths, read_paths(arguments));
  PLUMB_ASSIGN(Subject subject, read_subject(arguments));
  PLUMB_TRY(take_fleet_options(arguments, subject));
  PLUMB_ASSIGN(Load load, make_load(arguments, subject));

  Interruption interruption;
  PLUMB_ASSIGN(SimulationFiles files, SimulationFiles::create(paths, *subject.deployment, subject.replicas));
  PLUMB_ASSIGN(const SimulationResult result,
               run_simulation({subject, load, percents, static_cast<int>(jobs)}, files, interruption));
  if (const auto status = interruption.exit_status()) return report_interrupted(load, result, *status);
  PLUMB_TRY(files.status());
  PLUMB_TRY(check_served(subject, result));
  PLUMB_TRY(files.finish(subject.spec().model->name));
  const auto json = arguments.text("--json");
  if (json) PLUMB_TRY(write_file(*json, simulation_json(subject, load, result)));
  const bool piped = std::ranges::count(std::array{json, paths.requests, paths.steps, paths.timeline, paths.metrics},
                                        std::optional<std::string>("-")) > 0;
  if (!piped) fmt::print("{}", simulation_text(subject, load, result, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec simulate_command() {
  return {
      "simulate",
      "a deployment under a trace or made arrivals, request by request",
      "Runs every request through the engine's scheduler, cache and steps, and prints what vllm bench serve prints for "
      "a "
      "real server, with what the engine did and what bound it. docs/simulate.md defines every figure, docs/outputs.md "
      "every file. Exits with 1 if the accelerators cannot hold the model, or nothing meets a service's targets, and "
      "with 130 if it is interrupted, which leaves no file behind.",
      operands,
      options,
      examples,
      run};
}

}  // namespace plumb::cli
