#include "cli/plan_tables.h"

#include <set>

#include <fmt/format.h>

#include "accelerator/pim_memory.h"
#include "cli/plan_words.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::Align;
using report::human;
using report::RowKind;
using report::Table;

RowKind kind_of(const planner::Choice& choice) { return choice.rank == 1 ? RowKind::best : RowKind::normal; }

/// The cheapest choice of each model, in order of rank.
std::vector<const planner::Choice*> first_choices(const planner::Plan& plan) {
  std::vector<const planner::Choice*> firsts;
  std::set<std::string> seen;
  for (const planner::Choice& choice : plan.choices) {
    if (seen.insert(choice.candidate.model->name).second) firsts.push_back(&choice);
  }
  return firsts;
}

/// "P95" where the service asks for it, else "median".
std::string percentile_words(const std::optional<serving::TargetResult>& result) {
  return result ? fmt::format("P{:g}", result->target.percentile) : "median";
}

std::string gigabytes(double value) { return value > 0.0 ? report::count(value) : "-"; }

}  // namespace

Table fleet_table(const planner::Plan& plan) {
  Table table({{.title = "Rank"},
               {.title = "Model"},
               {.title = "Accelerator"},
               {.title = "Layout"},
               {.title = "Replicas", .align = Align::right},
               {.title = "Accel.", .align = Align::right},
               {.title = "Cost", .align = Align::right},
               {.title = "User-month", .align = Align::right},
               {.title = "M output tokens", .unit = "reserved", .align = Align::right},
               {.title = "M output tokens", .unit = "full use", .align = Align::right},
               {.title = "Power", .align = Align::right},
               {.title = "Evidence"}});
  for (const planner::Choice& choice : plan.choices) {
    table.row({rank_words(choice), choice.candidate.model->name, choice.candidate.accelerator->name,
               layout_words(choice.candidate), report::count(choice.replicas), report::count(choice.accelerators),
               report::per_hour(choice.cost), choice.per_user_month ? human(*choice.per_user_month) : "-",
               human(choice.per_million_output_reserved), human(choice.per_million_output_full), human(choice.power),
               std::string(evidence_name(choice.evidence))},
              kind_of(choice));
  }
  return table;
}

Table experience_table(const planner::Plan& plan) {
  const serving::TargetResults asked =
      plan.choices.empty() ? serving::TargetResults{} : plan.choices.front().at_peak.targets;
  Table table({{.title = "Rank"},
               {.title = "Model on accelerator"},
               {.title = "TTFT", .unit = percentile_words(asked.ttft), .align = Align::right},
               {.title = "TPOT", .unit = percentile_words(asked.tpot), .align = Align::right},
               {.title = "E2E", .unit = percentile_words(asked.e2e), .align = Align::right},
               {.title = "Goodput", .unit = "requests/s/replica", .align = Align::right},
               {.title = "Tokens/s", .unit = "a user", .align = Align::right},
               {.title = "Tokens/s", .unit = "an accelerator", .align = Align::right},
               {.title = "HBM", .unit = "GB/M users", .align = Align::right},
               {.title = "DRAM", .unit = "GB/M users", .align = Align::right},
               {.title = "Binds"}});
  for (const planner::Choice& choice : plan.choices) {
    const planner::LoadResult& peak = choice.at_peak;
    table.row(
        {rank_words(choice), fmt::format("{} on {}", choice.candidate.model->name, choice.candidate.accelerator->name),
         peak.targets.ttft ? latency_words(peak.targets.ttft) : human(Seconds::of(peak.ttft_p50_s)),
         peak.targets.tpot ? latency_words(peak.targets.tpot) : human(Seconds::of(peak.tpot_p50_s)),
         peak.targets.e2e ? latency_words(peak.targets.e2e) : human(Seconds::of(peak.e2e_p50_s)),
         report::significant(choice.goodput_per_s),
         peak.tpot_p50_s > 0.0 ? report::significant(1.0 / peak.tpot_p50_s) : "-",
         report::significant(peak.output_tokens_per_s / choice.candidate.parallelism.ranks()),
         gigabytes(choice.hbm_gb_per_million_users), gigabytes(choice.dram_gb_per_million_users), choice.binding},
        kind_of(choice));
  }
  return table;
}

Table statement_table(const planner::Plan& plan) {
  const std::vector<const planner::Choice*> firsts = first_choices(plan);
  std::vector<report::Column> columns{{.title = "A month"}};
  for (const planner::Choice* choice : firsts) {
    columns.push_back(
        {.title = choice->candidate.model->name, .unit = choice->candidate.accelerator->name, .align = Align::right});
  }
  Table table(std::move(columns));
  const auto row = [&](std::string name, auto&& cell_of, RowKind kind = RowKind::normal) {
    std::vector<std::string> cells{std::move(name)};
    bool any = false;
    for (const planner::Choice* choice : firsts) {
      const std::optional<std::string> cell = cell_of(choice->statement);
      any = any || cell;
      cells.push_back(cell.value_or("-"));
    }
    if (any) table.row(std::move(cells), kind);
  };
  using Statement = economics::MonthlyStatement;
  using Cell = std::optional<std::string>;
  const auto money = [](Dollars dollars) { return dollars.value() != 0.0 ? Cell(human(dollars)) : std::nullopt; };
  row("subscription", [&](const Statement& s) { return money(s.subscription); });
  row("advertising", [&](const Statement& s) { return money(s.advertising); });
  row("device margin", [&](const Statement& s) { return money(s.device); });
  row("rent of accelerators", [&](const Statement& s) { return money(-s.rent); });
  row("depreciation of capital", [&](const Statement& s) { return money(-s.capital); });
  row("power", [&](const Statement& s) { return money(-s.power); });
  row("margin", [](const Statement& s) { return Cell(human(s.margin())); }, RowKind::total);
  row("capital paid at the start", [&](const Statement& s) { return money(s.outlay); });
  row("capital over a year's revenue", [](const Statement& s) {
    const auto ratio = s.outlay_over_yearly_revenue();
    return ratio && s.outlay.value() > 0.0 ? Cell(report::significant(*ratio)) : std::nullopt;
  });
  row("subscription price to break even", [](const Statement& s) {
    return s.break_even_price ? Cell(report::per_month(*s.break_even_price)) : std::nullopt;
  });
  row("paying share to break even", [](const Statement& s) {
    return s.break_even_paying_share ? Cell(report::percent(*s.break_even_paying_share)) : std::nullopt;
  });
  return table;
}

std::optional<Table> in_memory_table(const planner::Plan& plan) {
  Table table({{.title = "Rank"},
               {.title = "Model on accelerator"},
               {.title = "Memory"},
               {.title = "Units at work", .unit = "% of time", .align = Align::right},
               {.title = "Operators that run in memory"}});
  bool any = false;
  for (const planner::Choice& choice : plan.choices) {
    if (choice.time.placed.empty()) continue;
    any = true;
    table.row(
        {rank_words(choice), fmt::format("{} on {}", choice.candidate.model->name, choice.candidate.accelerator->name),
         choice.candidate.deployment->deployment.machine.pim->words(), fmt::format("{:.1f}", choice.time.units * 100.0),
         in_memory_words(choice.time)},
        kind_of(choice));
  }
  return any ? std::optional(std::move(table)) : std::nullopt;
}

Table price_table(const planner::Plan& plan, bool with_sources) {
  std::vector<report::Column> columns{{.title = "Accelerator"}, {.title = "Price"}, {.title = "Evidence"}};
  if (with_sources) columns.push_back({.title = "Source"});
  Table table(std::move(columns));
  std::set<std::string> seen;
  for (const planner::Choice& choice : plan.choices) {
    if (!seen.insert(choice.candidate.accelerator->name).second) continue;
    const economics::ChosenPrice& price = choice.candidate.cost.price;
    std::vector<std::string> cells{choice.candidate.accelerator->name, price_words(price),
                                   std::string(evidence_name(price.evidence))};
    if (with_sources) cells.push_back(price.source);
    table.row(std::move(cells));
  }
  return table;
}

Table discard_table(const planner::Plan& plan) {
  Table table({{.title = "Discarded"}, {.title = "By"}, {.title = "Because"}});
  for (const planner::Discard& discard : plan.discards) {
    table.row({discard.label, std::string(planner::bound_name(discard.bound)), discard.reason});
  }
  return table;
}

}  // namespace plumb::cli
