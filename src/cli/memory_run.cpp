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

memory::SimulationOptions simulation_options(std::int64_t requests, std::int64_t jobs, bool plain) {
  memory::SimulationOptions options;
  options.requests = requests;
  options.jobs = static_cast<int>(jobs);
  options.controller = plain ? memory::ControllerKind::plain : memory::ControllerKind::event_driven;
  return options;
}

Result<int> run(const Arguments& arguments) {
  if (arguments.operands.size() < 2)
    return fail(input_error({}, "plumb memory run: SPEC is missing", "a name of plumb memory list, or a file"));
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const std::int64_t seed, arguments.integer("--seed", 1, 0, std::int64_t{1} << 53));
  PLUMB_ASSIGN(const std::int64_t asked, arguments.integer("--requests", 0, 1, requests_max));
  PLUMB_ASSIGN(const Outputs outputs, read_outputs(arguments));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const MemorySubject subject, read_memory_subject(arguments, arguments.operands[1], catalog));
  const memory::Specification& of = subject.specification;
  const std::string pattern = arguments.text("--pattern").value_or("seq");
  Source source;
  PLUMB_TRY(open_source(pattern, of, static_cast<std::uint64_t>(seed), source));
  const std::int64_t requests = asked == 0 && source.endless ? requests_default : asked;

  Interruption interruption;
  Progress progress;
  std::unique_ptr<MemoryCommandFile> commands;
  memory::SimulationOptions options = simulation_options(requests, jobs, arguments.flag("--plain"));
  options.interrupt = &interruption.flag();
  options.progress = [&](std::int64_t served) {
    progress.show("accesses served", static_cast<std::size_t>(served), static_cast<std::size_t>(requests));
  };
  if (outputs.commands) {
    PLUMB_ASSIGN(commands, open_memory_command_file(*outputs.commands, of));
    options.commands = [&](int channel, std::span<const memory::IssuedCommand> issued) {
      commands->add(channel, issued);
      if (!commands->status()) interruption.stop();
    };
  }
  PLUMB_ASSIGN(const memory::MemoryReport report, memory::simulate(of, *source.accesses, options));
  if (const auto status = interruption.exit_status()) {
    fmt::print(stderr, "plumb: interrupted when {} accesses had been served; no file was written\n",
               report::count(report.requests));
    return *status;
  }
  if (commands != nullptr) PLUMB_TRY(commands->finish());
  const MemoryRun made{subject, report, pattern, static_cast<std::uint64_t>(seed), options.controller};
  if (outputs.json) PLUMB_TRY(write_file(*outputs.json, memory_run_json(made)));
  if (!outputs.piped()) fmt::print("{}", memory_run_text(made, terminal_style()));
  return 0;
}

}  // namespace

MemoryAction memory_run_action() { return {"run", known_options, run}; }

}  // namespace plumb::cli
