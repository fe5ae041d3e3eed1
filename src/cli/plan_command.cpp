#include "cli/plan_command.h"

#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/plan_json.h"
#include "cli/plan_report.h"
#include "cli/plan_text.h"
#include "cli/terminal.h"
#include "planner/plan.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"SERVICE.toml", "the service: users or a trace, models, targets, hardware, prices"}};
constexpr std::array options{
    OptionSpec{"--report", "PATH", "write a self-contained HTML page with tables and plots"},
    OptionSpec{"--why", "", "also print what was discarded, and by which bound"},
    OptionSpec{"--choices", "N", "how many plans to rank, shared equally among the models and rounded up (default 10)"},
    OptionSpec{"--requests", "N",
               "requests of each load test (default: 5000, or eight times max_num_seqs if that is more)"},
    json_option,
    seed_option,
    jobs_option,
    catalog_option,
    memory_option,
};
constexpr std::array<std::string_view, 3> examples{
    "plumb plan examples/companion.toml",
    "plumb plan examples/chat.toml --report chat.html",
    "plumb plan examples/document-search.toml --json plan.json --why",
};

Result<int> run(const Arguments& arguments) {
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const std::int64_t choices, arguments.integer("--choices", 10, 1, 1000));
  PLUMB_ASSIGN(const std::int64_t requests, arguments.integer("--requests", 0, 100, 1'000'000));
  const auto json = arguments.text("--json");
  const auto report = arguments.text("--report");
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--report"}));
  PLUMB_TRY(check_outputs({json, report}));
  PLUMB_ASSIGN(catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(planner::Service service, planner::read_service(arguments.operands.front(), catalog));
  PLUMB_ASSIGN(const std::int64_t seed,
               arguments.integer("--seed", static_cast<std::int64_t>(service.seed), 0, std::int64_t{1} << 53));
  service.seed = static_cast<std::uint64_t>(seed);

  planner::PlanOptions plan_options;
  plan_options.jobs = static_cast<int>(jobs);
  plan_options.choices = static_cast<int>(choices);
  plan_options.requests = requests;
  Result<planner::Plan> plan = [&] {
    Progress progress;
    plan_options.progress = [&](std::string_view stage, std::size_t done, std::size_t of) {
      progress.show(stage, done, of);
    };
    return planner::make_plan(service, catalog, plan_options);
  }();
  if (!plan) return fail(std::move(plan).error());

  if (json) PLUMB_TRY(write_file(*json, plan_json(service, *plan)));
  if (report) PLUMB_TRY(write_file(*report, plan_report(service, *plan, arguments.command_line)));
  // Standard output holds one thing: the JSON or the page where it goes there, else the text.
  if (json != "-" && report != "-")
    fmt::print("{}", plan_text(service, *plan, arguments.flag("--why"), terminal_style()));
  return plan->choices.empty() ? exit_status(Fault::unmet) : 0;
}

}  // namespace

CommandSpec plan_command() {
  return {"plan",
          "the cheapest fleets that meet a service's targets",
          "Reads a service, tries every accelerator, parallelism and engine limit that it allows, simulates what can "
          "meet the "
          "targets, sizes fleets for the peak of the day and ranks them by cost, with the service's economics. Exits "
          "with 1, "
          "and says what is nearest, if nothing can meet the targets.",
          operands,
          options,
          examples,
          run};
}

}  // namespace plumb::cli
