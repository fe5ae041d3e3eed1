#include "cli/memory_command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/memory_actions.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{
        "run|list|sustained|gemv",
        "run accesses on a memory; list the memories that are known command by command; show what bandwidth one "
        "sustains by what is asked of it; or have one compute, beside a host that only reads it"},
    OperandSpec{"SPEC",
                "a memory of the catalog (hbm3), one with a preset (hbm3:PRESET) or a file (stack.toml, "
                "stack.toml:PRESET); list shows all of it, or without it all memories",
                false},
};
constexpr std::array options{
    OptionSpec{"--pattern", "NAME|FILE",
               "seq (default), rand, gather, mixs, mix, or a trace of accesses: LD/ST or R/W and an address, or an "
               "address, READ/WRITE and a clock; also .gz and .zst"},
    OptionSpec{"--requests", "N", "how many accesses of one burst each (default: 1000000; all of a trace)"},
    OptionSpec{"--queue", "Q", "entries of a channel's read queue (default: the specification's, else 32)"},
    OptionSpec{"--write-queue", "N", "entries of a channel's write queue (default: the specification's, else 128)"},
    OptionSpec{"--write-high", "N",
               "writes waiting at which a channel turns to them (default: the specification's, else 112; seven eighths "
               "of --write-queue)"},
    OptionSpec{"--write-low", "N",
               "writes waiting at which it turns back to reads (default: the specification's, else 16; an eighth of "
               "--write-queue)"},
    OptionSpec{"--scheduler", "NAME", "fr-fcfs, fcfs or row-grouping (default: the specification's, else fr-fcfs)"},
    OptionSpec{"--row-hit-cap", "N",
               "accesses that an open row may serve while another row of its bank waits; 0: no cap"},
    OptionSpec{"--page-policy", "NAME", "open, closed or adaptive (default: the specification's, else open)"},
    OptionSpec{"--refresh", "MODE",
               "none, all_bank, per_bank or same_bank (default: the specification's, else all_bank)"},
    OptionSpec{"--refresh-postponed", "N", "refreshes that may be owed while requests wait"},
    OptionSpec{"--refresh-pulled-in", "N", "refreshes that may be given ahead of time while no request waits"},
    OptionSpec{"--channels", "C", "channels of a stack (default: the specification's)"},
    OptionSpec{"--stacks", "S", "stacks, chips or modules side by side (default: 1)"},
    OptionSpec{"--plain", "", "the controller that tries every tick: the same commands, slower"},
    OptionSpec{"--commands", "FILE",
               "write every command: .csv, or .pftrace for ui.perfetto.dev; also .gz (docs/memory.md); - for CSV on "
               "standard output"},
    OptionSpec{"--kernel", "NAME", "gemv (default), add, mul, relu or attention: what the memory computes"},
    OptionSpec{"--rows", "M", "outputs of gemv (default: 4096)"},
    OptionSpec{"--columns", "N", "inputs of gemv (default: 4096)"},
    OptionSpec{"--batch", "B", "vectors of gemv (default: 1)"},
    OptionSpec{"--elements", "N", "of add, mul and relu (default: 1048576)"},
    OptionSpec{"--heads", "H", "of attention: heads of keys, over all sequences (default: 64)"},
    OptionSpec{"--context", "L", "of attention: tokens in the cache (default: 2048)"},
    OptionSpec{"--head-size", "D", "of attention (default: 128)"},
    OptionSpec{"--queries", "G", "of attention: heads of queries to one of keys (default: 1)"},
    OptionSpec{"--seed", "N", "seed of the random patterns (default: 1)"},
    OptionSpec{"--csv", "FILE", "write the table of sustained bandwidth; - for standard output"},
    jobs_option,
    json_option,
    catalog_option,
};
constexpr std::array<std::string_view, 10> examples{
    "plumb memory run hbm3 --pattern rand",
    "plumb memory run hbm3 --pattern gather --requests 10000000 --stacks 5",
    "plumb memory run hbm3 --pattern seq --channels 1 --refresh per_bank --json -",
    "plumb memory run examples/memory/custom-stack.toml --pattern examples/memory/accesses.trace --commands run.csv",
    "plumb memory run hbm3 --requests 2000 --commands run.pftrace.gz",
    "plumb memory sustained hbm3e",
    "plumb memory list",
    "plumb memory list hbm3 --json -",
    "plumb memory gemv hbm2-pim:2000 --stacks 4 --rows 4096 --columns 4096 --batch 4",
    "plumb memory gemv hbm3-pim:bank_group --kernel attention --heads 64 --context 2048",
};

std::span<const MemoryAction> actions() {
  static const std::array table{memory_run_action(), memory_list_action(), memory_sustained_action(),
                                memory_gemv_action()};
  return table;
}

/// An option of another action would be ignored without a word.
Status check_options(const Arguments& arguments, const MemoryAction& action) {
  for (const auto& [name, value] : arguments.options) {
    if (std::ranges::find(action.options, std::string_view(name)) == action.options.end())
      return fail(input_error({}, fmt::format("{} says nothing to plumb memory {}", name, action.name),
                              fmt::format("one of {}", fmt::join(action.options, ", "))));
  }
  return {};
}

Result<int> run(const Arguments& arguments) {
  const std::string& name = arguments.operands.front();
  for (const MemoryAction& action : actions()) {
    if (action.name != name) continue;
    PLUMB_TRY(check_options(arguments, action));
    return action.run(arguments);
  }
  std::vector<std::string_view> names;
  for (const MemoryAction& action : actions()) names.push_back(action.name);
  return fail(input_error({}, fmt::format("plumb memory cannot \"{}\"", name),
                          fmt::format("one of {}", fmt::join(names, ", "))));
}

}  // namespace

CommandSpec memory_command() {
  return {
      "memory",
      "DRAM, command by command: bandwidth, latency, row hits, energy",
      "Runs a pattern or a trace of accesses on a memory, with every command at the clock at which its timing allows "
      "it, and prints cycles, bandwidth and its share of the peak, latencies, row hits, commands and energy by part. "
      "Or lists the memories and their presets, with timings and where these come from. docs/memory.md defines every "
      "figure.",
      operands,
      options,
      examples,
      run};
}

}  // namespace plumb::cli
