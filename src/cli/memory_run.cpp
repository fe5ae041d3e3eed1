#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/memory_accesses.h"
#include "cli/memory_actions.h"
#include "cli/memory_command_file.h"
#include "cli/memory_result.h"
#include "cli/terminal.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

constexpr std::array<std::string_view, 20> known_options{"--pattern",
                                                         "--requests",
                                                         "--queue",
                                                         "--write-queue",
                                                         "--write-high",
                                                         "--write-low",
                                                         "--scheduler",
                                                         "--row-hit-cap",
                                                         "--page-policy",
                                                         "--refresh",
                                                         "--refresh-postponed",
                                                         "--refresh-pulled-in",
                                                         "--channels",
                                                         "--stacks",
                                                         "--plain",
                                                         "--commands",
                                                         "--seed",
                                                         "--jobs",
                                                         "--json",
                                                         "--catalog"};
constexpr std::int64_t requests_max = std::int64_t{1} << 53;

struct Outputs {
  std::optional<std::string> json, commands;
  bool piped() const { return json == "-" || commands == "-"; }
};

Result<Outputs> read_outputs(const Arguments& arguments) {
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--commands"}));
  Outputs outputs{arguments.text("--json"), arguments.text("--commands")};
  PLUMB_TRY(check_outputs({outputs.json, outputs.commands}));
  return outputs;
}

/// What is asked for, read and checked.
struct Task {
  Outputs outputs;
  MemorySubject subject;
  std::string pattern;
  std::uint64_t seed = 1;
  memory::SimulationOptions options;
};

Result<Task> read_task(const Arguments& arguments) {
  if (arguments.operands.size() < 2)
    return fail(input_error({}, "plumb memory run: SPEC is missing", "a name of plumb memory list, or a file"));
  Task task;
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const std::int64_t seed, arguments.integer("--seed", 1, 0, std::int64_t{1} << 53));
  PLUMB_ASSIGN(task.options.requests, arguments.integer("--requests", 0, 1, requests_max));
  PLUMB_ASSIGN(task.outputs, read_outputs(arguments));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(task.subject, read_memory_subject(arguments, arguments.operands[1], catalog));
  task.pattern = arguments.text("--pattern").value_or("seq");
  task.seed = static_cast<std::uint64_t>(seed);
  task.options.jobs = static_cast<int>(jobs);
  if (arguments.flag("--plain")) task.options.controller = memory::ControllerKind::plain;
  return task;
}

/// Runs with progress on a terminal, an end at a signal or a full disk, and a file of commands where one is asked for,
/// which still has to be finished.
Result<memory::MemoryReport> serve(const Task& task, Interruption& interruption,
                                   std::unique_ptr<MemoryCommandFile>& commands) {
  const memory::Specification& of = task.subject.specification;
  MemoryAccesses accesses;
  PLUMB_TRY(open_accesses(task.pattern, of, task.seed, accesses));
  memory::SimulationOptions options = task.options;
  if (accesses.endless && options.requests == 0) options.requests = requests_default;
  Progress progress;
  options.interrupt = &interruption.flag();
  options.progress = [&](std::int64_t served) {
    progress.show("accesses served", static_cast<std::size_t>(served), static_cast<std::size_t>(options.requests));
  };
  if (task.outputs.commands) {
    PLUMB_ASSIGN(commands, open_memory_command_file(*task.outputs.commands, of));
    options.commands = [&](int channel, std::span<const memory::IssuedCommand> issued) {
      commands->add(channel, issued);
      if (!commands->status()) interruption.stop();
    };
  }
  return memory::simulate(of, *accesses.source, options);
}

Result<int> run(const Arguments& arguments) {
  PLUMB_ASSIGN(const Task task, read_task(arguments));
  Interruption interruption;
  std::unique_ptr<MemoryCommandFile> commands;
  PLUMB_ASSIGN(const memory::MemoryReport report, serve(task, interruption, commands));
  if (const auto status = interruption.exit_status()) {
    fmt::print(stderr, "plumb: interrupted when {} accesses had been served; no file was written\n",
               report::count(report.requests));
    return *status;
  }
  if (commands != nullptr) PLUMB_TRY(commands->finish());
  const MemoryRun made{task.subject, report, task.pattern, task.seed, task.options.controller};
  if (task.outputs.json) PLUMB_TRY(write_file(*task.outputs.json, memory_run_json(made)));
  if (!task.outputs.piped()) fmt::print("{}", memory_run_text(made, terminal_style()));
  return 0;
}

}  // namespace

MemoryAction memory_run_action() { return {"run", known_options, run}; }

}  // namespace plumb::cli
