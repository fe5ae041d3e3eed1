#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/memory_actions.h"
#include "cli/memory_command_file.h"
#include "cli/memory_result.h"
#include "cli/terminal.h"
#include "memory/access_trace.h"
#include "memory/address_mapping.h"
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
constexpr std::int64_t requests_default = 1'000'000, requests_max = std::int64_t{1} << 53;

/// Where the accesses come from, and what that needs while it is read.
struct Source {
  std::unique_ptr<memory::AccessSource> accesses;
  bool endless = true;
  memory::AddressMapping mapping;
};

Error unknown_pattern(const std::string& name) {
  std::vector<std::string_view> names;
  for (const memory::PatternName& pattern : memory::pattern_names()) names.push_back(pattern.name);
  const std::string near = nearest_word(name, names);
  return input_error({}, fmt::format("no pattern and no file is called \"{}\"", name),
                     near.empty() ? fmt::format("one of {}, or the path of a trace", fmt::join(names, ", "))
                                  : fmt::format("perhaps {}", near));
}

/// `source` must stay where it is while accesses are read.
Status open_source(const std::string& name, const memory::Specification& of, std::uint64_t seed, Source& source) {
  source.accesses = memory::make_pattern(name, memory::space_of(of, seed));
  if (source.accesses != nullptr) return {};
  source.endless = false;
  PLUMB_ASSIGN(source.mapping, memory::AddressMapping::make(of.mapping, of.organisation, {}));
  auto trace = memory::open_access_trace(name, {of, source.mapping});
  // A word without a path in it was more likely meant as a pattern.
  if (!trace && name.find_first_of("./") == std::string::npos) return fail(unknown_pattern(name));
  if (!trace) return fail(std::move(trace).error());
  source.accesses = std::move(*trace);
  return {};
}

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
  Source source;
  PLUMB_TRY(open_source(task.pattern, of, task.seed, source));
  memory::SimulationOptions options = task.options;
  if (source.endless && options.requests == 0) options.requests = requests_default;
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
  return memory::simulate(of, *source.accesses, options);
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
