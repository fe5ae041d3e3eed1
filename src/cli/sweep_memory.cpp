// A point of a study that is a run of accesses on a memory, as `plumb memory run` does it. The base is a memory of the
// catalog or a file, or at each point what the option "spec" names.

#include <array>
#include <string_view>

#include "cli/memory_accesses.h"
#include "cli/memory_options.h"
#include "cli/memory_result.h"
#include "cli/sweep_kinds.h"
#include "memory/simulation.h"
#include "memory/specification_file.h"

namespace plumb::cli {
namespace {

using study::Column;
using study::OptionName;

constexpr std::array<std::string_view, 1> bases{"specification"};
constexpr std::array option_names{
    OptionName{"spec"},       OptionName{"pattern"},   OptionName{"trace", true},       OptionName{"requests"},
    OptionName{"queue"},      OptionName{"scheduler"}, OptionName{"row-hit-cap"},       OptionName{"page-policy"},
    OptionName{"refresh"},    OptionName{"channels"},  OptionName{"refresh-postponed"}, OptionName{"write-queue"},
    OptionName{"write-high"}, OptionName{"write-low"}, OptionName{"refresh-pulled-in"}, OptionName{"stacks"},
    OptionName{"seed"},
};

/// A memory of the catalog as the point edits it, or the base's file with its edits.
Result<memory::Specification> specification_of(const study::PointInputs& inputs) {
  if (const auto spec = inputs.options.find("spec"); spec != inputs.options.end()) {
    auto found = memory::find_specification(spec->second.text, inputs.catalog);
    if (found || !found.error().place.file.empty()) return found;
    return fail(input_error({}, "--spec: " + found.error().message, found.error().expected));
  }
  const std::string& name = inputs.base_name;
  const bool is_file = name.find('/') != std::string::npos || name.ends_with(".toml");
  if (!is_file) return memory::find_specification(name, inputs.catalog);
  return memory::read_specification(inputs.base, name, {}, memory::documents_of(inputs.catalog));
}

struct Run {
  MemorySubject subject;
  std::string pattern;
  std::uint64_t seed = 1;
  memory::SimulationOptions options;
  MemoryAccesses accesses;
};

Status prepare(const study::PointInputs& inputs, Run& run) {
  const Arguments arguments = point_arguments(inputs);
  PLUMB_ASSIGN(memory::Specification specification, specification_of(inputs));
  for (const auto& [subject, edits] : inputs.edits.all()) PLUMB_TRY(check_timing_edits(inputs, subject, specification));
  PLUMB_ASSIGN(run.subject, read_memory_subject(arguments, std::move(specification)));
  PLUMB_ASSIGN(run.options.requests, arguments.integer("--requests", 0, 1, std::int64_t{1} << 53));
  PLUMB_ASSIGN(const std::int64_t seed, arguments.integer("--seed", 1, 0, std::int64_t{1} << 53));
  run.seed = static_cast<std::uint64_t>(seed);
  run.options.jobs = inputs.jobs;
  run.options.interrupt = &inputs.interrupt;
  const auto pattern = arguments.text("--pattern"), trace = arguments.text("--trace");
  if (pattern && trace)
    return fail(input_error({}, "--trace and a pattern both say what is asked of the memory", "one of the two"));
  run.pattern = trace ? *trace : pattern.value_or("seq");
  PLUMB_TRY(open_accesses(run.pattern, run.subject.specification, run.seed, run.accesses));
  if (run.accesses.endless && run.options.requests == 0) run.options.requests = requests_default;
  return {};
}

Status check(const study::PointInputs& inputs) {
  Run run;
  return prepare(inputs, run);
}

Result<Document> run(const study::PointInputs& inputs) {
  Run made;
  PLUMB_TRY(prepare(inputs, made));
  PLUMB_ASSIGN(const memory::MemoryReport report,
               memory::simulate(made.subject.specification, *made.accesses.source, made.options));
  const MemoryRun result{made.subject, report, made.pattern, made.seed, made.options.controller};
  return Document::parse_json(memory_run_json(result), "memory run");
}

}  // namespace

study::PointKind memory_kind() {
  std::vector<Column> columns{
      {"bandwidth_gb_s", "bandwidth_gb_s", "Bandwidth", "GB/s"},
      {"energy_pj_per_bit", "energy_pj_per_bit", "Energy", "pJ/bit"},
      {"peak_share", "peak_share", "Of peak", "share"},
      {"latency_mean_ns", "latency_mean_ns", "Latency, mean", "ns"},
      {"latency_p99_ns", "latency_p99_ns", "Latency P99", "ns"},
      {"unloaded_latency_ns", "unloaded_latency_ns", "Latency unloaded", "ns"},
      {"peak_gb_s", "peak_gb_s", "Peak", "GB/s"},
      {"capacity_bytes", "system.capacity_bytes", "Capacity", "bytes"},
      {"row_hits", "row_hits", "Row hits", ""},
      {"row_misses", "row_misses", "Row misses", ""},
      {"row_conflicts", "row_conflicts", "Row conflicts", ""},
      {"refreshes", "refreshes", "Refreshes", ""},
      {"energy_j", "energy_j", "Energy of the run", "J"},
      {"cycles", "cycles", "Cycles", ""},
      {"requests", "requests", "Accesses", ""},
  };
  return {"memory",
          bases,
          option_names,
          std::move(columns),
          {{"bandwidth_gb_s", true}, {"energy_pj_per_bit", false}},
          "evidence",
          check,
          run,
          true};
}

}  // namespace plumb::cli
