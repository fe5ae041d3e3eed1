// A point of a study that is simulated: a deployment, or the first choice of a service's plan.

#include <array>
#include <string_view>

#include "cli/fleet_options.h"
#include "cli/load.h"
#include "cli/simulation_run.h"
#include "cli/sweep_kinds.h"
#include "planner/service.h"

namespace plumb::cli {
namespace {

using study::Column;
using study::OptionName;

constexpr std::array<std::string_view, 2> bases{"deployment", "service"};
constexpr std::array option_names{
    OptionName{"rate"},      OptionName{"requests"},    OptionName{"max-concurrency"}, OptionName{"burstiness"},
    OptionName{"input-len"}, OptionName{"output-len"},  OptionName{"replicas"},        OptionName{"router"},
    OptionName{"seed"},      OptionName{"trace", true}, OptionName{"profile", true},   OptionName{"memory"},
};
constexpr std::array percents{90.0, 95.0, 99.0};

Result<Subject> subject_of(const study::PointInputs& inputs, const Arguments& arguments) {
  PLUMB_ASSIGN(catalog::Catalog catalog, point_catalog(inputs));
  PLUMB_ASSIGN(Subject subject, make_subject(arguments, {inputs.base, std::move(catalog), inputs.edits, true}));
  PLUMB_TRY(take_fleet_options(arguments, subject));
  return subject;
}

Status check(const study::PointInputs& inputs) {
  if (is_service(inputs.base)) {  // what would follow is a plan
    PLUMB_ASSIGN(catalog::Catalog catalog, point_catalog(inputs));
    PLUMB_TRY(planner::read_service(inputs.base, catalog, inputs.edits));
    return {};
  }
  const Arguments arguments = point_arguments(inputs);
  PLUMB_ASSIGN(const Subject subject, subject_of(inputs, arguments));
  PLUMB_TRY(make_load(arguments, subject));
  return {};
}

Result<Document> run(const study::PointInputs& inputs) {
  const Arguments arguments = point_arguments(inputs);
  PLUMB_ASSIGN(const Subject subject, subject_of(inputs, arguments));
  PLUMB_ASSIGN(Load load, make_load(arguments, subject));
  PLUMB_ASSIGN(const SimulationResult result, run_simulation({subject, load, percents, inputs.jobs}, inputs.interrupt));
  if (!inputs.interrupt) PLUMB_TRY(check_served(subject, result));
  return Document::parse_json(simulation_json(subject, load, result), "simulation");
}

}  // namespace

study::PointKind simulate_kind() {
  std::vector<Column> columns{
      {"usd_per_million_output_tokens", "plumb.usd_per_million_output_tokens", "Cost of output", "$/M tokens"},
      {"output_throughput_per_user", "plumb.output_throughput_per_user", "Speed", "tokens/s a user"},
      {"output_throughput_per_accelerator", "plumb.output_throughput_per_accelerator", "Throughput",
       "tokens/s an accelerator"},
      {"p99_ttft_ms", "p99_ttft_ms", "TTFT P99", "ms"},
      {"p99_tpot_ms", "p99_tpot_ms", "TPOT P99", "ms"},
      {"request_throughput", "request_throughput", "Requests", "1/s"},
      {"request_goodput", "request_goodput", "Goodput", "1/s"},
      {"output_throughput", "output_throughput", "Output", "tokens/s"},
      {"median_ttft_ms", "median_ttft_ms", "TTFT median", "ms"},
      {"median_tpot_ms", "median_tpot_ms", "TPOT median", "ms"},
      {"median_e2el_ms", "median_e2el_ms", "E2E median", "ms"},
      {"p99_e2el_ms", "p99_e2el_ms", "E2E P99", "ms"},
      {"accelerators", "plumb.accelerators", "Accelerators", ""},
      {"cost_usd_per_hour", "plumb.cost_usd_per_hour", "Cost", "$/h"},
      {"mean_sequences", "plumb.mean_sequences", "Sequences", "in a step"},
      {"busy_share", "plumb.busy_share", "Busy", "share"},
      {"kv_cache_peak_share", "plumb.kv_cache_peak_share", "Cache peak", "share"},
      {"preemptions", "plumb.preemptions", "Preemptions", ""},
      {"binding", "plumb.binding", "Binding", ""},
  };
  return {"simulate",
          bases,
          option_names,
          std::move(columns),
          {{"usd_per_million_output_tokens", false}, {"output_throughput_per_user", true}},
          "plumb.evidence",
          check,
          run};
}

}  // namespace plumb::cli
