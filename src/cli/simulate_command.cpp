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
#include "cli/simulation_result.h"
#include "cli/terminal.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"FILE.toml", "a deployment, or a service whose plan's first choice is simulated"}};
constexpr std::array options{
    OptionSpec{"--trace", "FILE", "requests as they were: Azure, BurstGPT, Mooncake or plain CSV, also .gz and .zst"},
    OptionSpec{"--rate", "R",
               "made arrivals, R requests a second over all replicas, or inf for all at once (default: inf; a "
               "service's peak load); with --trace, lengths are drawn from the trace"},
    OptionSpec{"--requests", "N", "how many requests (default: 1000; all of a trace; as in the plan for a service)"},
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
    OptionSpec{"--requests-out", "CSV", "write one row for each request, or to standard output for -"},
    json_option,
    seed_option,
    jobs_option,
    catalog_option,
};
constexpr std::array<std::string_view, 4> examples{
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --rate 10",
    "plumb simulate examples/deployments/llama-3.1-8b-h100.toml --trace examples/traces/azure2023-conversation.csv",
    "plumb simulate examples/deployments/llama-3.1-70b-h100-tp4.toml --rate inf --input-len 1024 --output-len 128",
    "plumb simulate examples/companion.toml --json - --requests-out requests.csv",
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

/// The rate of a trace: arrivals after the first, over the time that they took.
std::optional<double> arrival_rate(const serving::Outcome& outcome) {
  if (outcome.requests.size() < 2) return std::nullopt;
  const double span_s = outcome.requests.back().arrival_s - outcome.requests.front().arrival_s;
  return span_s > 0.0 ? std::optional(static_cast<double>(outcome.requests.size() - 1) / span_s) : std::nullopt;
}

Result<SimulationResult> simulate(const Subject& subject, Load& load, const std::vector<double>& percents) {
  Progress progress;
  serving::SimulationOptions simulation;
  simulation.replicas = subject.replicas;
  simulation.router = subject.router;
  simulation.inter_token_latencies = true;
  simulation.time_shares = !subject.spec().profile;
  simulation.token_rate = true;
  simulation.progress = [&](std::int64_t finished) {
    progress.show("requests finished", static_cast<std::size_t>(finished), static_cast<std::size_t>(load.requests));
    return false;
  };
  SimulationResult result;
  PLUMB_ASSIGN(result.outcome, serving::simulate(*subject.deployment, *load.source, simulation));
  const bool any = std::any_of(result.outcome.requests.begin(), result.outcome.requests.end(),
                               [](const serving::RequestRecord& record) { return record.completed(); });
  if (!any) {
    return fail(
        unmet_error(fmt::format("none of {} requests was served: all are longer than the {} tokens that the "
                                "deployment admits",
                                result.outcome.requests.size(), subject.deployment->max_model_len)));
  }
  result.benchmark = benchmark_of(result.outcome, subject.targets, percents);
  result.targets = serving::measure(subject.targets, result.outcome.requests);
  result.rate_per_s = load.rate_per_s ? load.rate_per_s : arrival_rate(result.outcome);
  if (load.trace != nullptr) result.skipped = load.trace->counts().skipped_without_output;
  return result;
}

Result<int> run(const Arguments& arguments) {
  PLUMB_ASSIGN(const std::vector<double> percents, read_percentiles(arguments));
  const auto json = arguments.text("--json");
  const auto csv = arguments.text("--requests-out");
  if (json == "-" && csv == "-") {
    return fail(input_error({}, "--json and --requests-out both ask for standard output", "a path for one of them"));
  }
  PLUMB_TRY(check_outputs({csv, json}));
  PLUMB_ASSIGN(Subject subject, read_subject(arguments));
  PLUMB_TRY(take_fleet_options(arguments, subject));
  PLUMB_ASSIGN(Load load, make_load(arguments, subject));
  PLUMB_ASSIGN(const SimulationResult result, simulate(subject, load, percents));

  if (csv) PLUMB_TRY(write_file(*csv, request_csv(result.outcome)));
  if (json) PLUMB_TRY(write_file(*json, simulation_json(subject, load, result)));
  if (json != "-" && csv != "-") fmt::print("{}", simulation_text(subject, load, result, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec simulate_command() {
  return {
      "simulate",
      "a deployment under a trace or made arrivals, request by request",
      "Runs every request through the engine's scheduler, cache and steps, and prints what vllm bench serve prints for "
      "a "
      "real server, with what the engine did and what bound it. docs/simulate.md defines every figure. Exits with 1 if "
      "the accelerators cannot hold the model, or nothing meets a service's targets.",
      operands,
      options,
      examples,
      run};
}

}  // namespace plumb::cli
