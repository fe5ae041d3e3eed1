// A point of a study that is planned: the figures are those of the plan's first choice.

#include <array>
#include <string_view>

#include "cli/plan_json.h"
#include "cli/plan_words.h"
#include "cli/sweep_kinds.h"
#include "planner/plan.h"

namespace plumb::cli {
namespace {

using study::Column;

constexpr std::array<std::string_view, 1> bases{"service"};
constexpr std::array option_names{study::OptionName{"requests"}, study::OptionName{"choices"},
                                  study::OptionName{"seed"}, study::OptionName{"memory"}};

Result<planner::PlanOptions> options_of(const Arguments& arguments, planner::Service& service) {
  planner::PlanOptions options;
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const std::int64_t choices, arguments.integer("--choices", 1, 1, 1000));
  PLUMB_ASSIGN(options.requests, arguments.integer("--requests", 0, 100, 1'000'000));
  PLUMB_ASSIGN(const std::int64_t seed,
               arguments.integer("--seed", static_cast<std::int64_t>(service.seed), 0, std::int64_t{1} << 53));
  options.jobs = static_cast<int>(jobs);
  options.choices = static_cast<int>(choices);
  service.seed = static_cast<std::uint64_t>(seed);
  return options;
}

Status check(const study::PointInputs& inputs) {
  PLUMB_ASSIGN(catalog::Catalog catalog, point_catalog(inputs));
  PLUMB_ASSIGN(planner::Service service, planner::read_service(inputs.base, catalog, inputs.edits));
  PLUMB_TRY(options_of(point_arguments(inputs), service));
  return {};
}

Result<Document> run(const study::PointInputs& inputs) {
  PLUMB_ASSIGN(catalog::Catalog catalog, point_catalog(inputs));
  PLUMB_ASSIGN(planner::Service service, planner::read_service(inputs.base, catalog, inputs.edits));
  PLUMB_ASSIGN(const planner::PlanOptions options, options_of(point_arguments(inputs), service));
  PLUMB_ASSIGN(const planner::Plan plan, planner::make_plan(service, catalog, options));
  if (plan.choices.empty()) return fail(unmet_error(unmet_words(plan)));
  return Document::parse_json(plan_json(service, plan), "plan");
}

}  // namespace

study::PointKind plan_kind() {
  std::vector<Column> columns{
      {"model", "choices.0.model", "Model", ""},
      {"accelerator", "choices.0.accelerator", "Accelerator", ""},
      {"tensor_parallel_size", "choices.0.tensor_parallel_size", "TP", ""},
      {"pipeline_parallel_size", "choices.0.pipeline_parallel_size", "PP", ""},
      {"cost_usd_per_hour", "choices.0.cost_usd_per_hour", "Cost", "$/h"},
      {"output_throughput_per_user", "choices.0.at_peak.output_throughput_per_user", "Speed", "tokens/s a user"},
      {"accelerators", "choices.0.accelerators", "Accelerators", ""},
      {"usd_per_million_output_tokens", "choices.0.usd_per_million_output_tokens_reserved", "Cost of output",
       "$/M tokens"},
      {"usd_per_user_month", "choices.0.usd_per_user_month", "Cost of a user", "$/month"},
      {"ttft_ms", "choices.0.at_peak.ttft.measured_ms", "TTFT at its percentile", "ms"},
      {"tpot_ms", "choices.0.at_peak.tpot.measured_ms", "TPOT at its percentile", "ms"},
      {"replicas", "choices.0.replicas", "Replicas", ""},
      {"goodput_requests_per_s_per_replica", "choices.0.goodput_requests_per_s_per_replica", "Goodput",
       "requests/s a replica"},
      {"utilisation_at_peak", "choices.0.utilisation_at_peak", "Utilisation", "of peak"},
      {"power_w", "choices.0.power_w", "Power", "W"},
      {"capital_usd", "choices.0.monthly_statement.capital_usd", "Capital", "$"},
      {"margin_usd", "choices.0.monthly_statement.margin_usd", "Margin", "$/month"},
      {"break_even_subscription_usd_per_month", "choices.0.monthly_statement.break_even_subscription_usd_per_month",
       "Break-even subscription", "$/month"},
      {"binding", "choices.0.binding", "Binding", ""},
  };
  return {"plan",
          bases,
          option_names,
          std::move(columns),
          {{"cost_usd_per_hour", false}, {"output_throughput_per_user", true}},
          "choices.0.evidence",
          check,
          run};
}

}  // namespace plumb::cli
