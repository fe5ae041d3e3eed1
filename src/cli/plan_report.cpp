#include "cli/plan_report.h"

#include <fmt/format.h>

#include "cli/plan_plots.h"
#include "cli/plan_tables.h"
#include "cli/plan_words.h"
#include "report/html_page.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::human;

std::vector<report::Tile> tiles_of(const planner::Plan& plan) {
  const planner::Choice& best = plan.choices.front();
  std::vector<report::Tile> tiles;
  tiles.push_back({"Cost", report::per_hour(best.cost),
                   best.per_user_month ? human(*best.per_user_month) + " a user and month" : std::string()});
  tiles.push_back({"Accelerators", report::count(best.accelerators),
                   fmt::format("{} of {} {}", replica_words(best.replicas), best.candidate.parallelism.ranks(),
                               best.candidate.accelerator->title)});
  tiles.push_back({"A million output tokens", human(best.per_million_output_reserved),
                   human(best.per_million_output_full) + " at full use"});
  tiles.push_back({"Power", human(best.power), "servers and data centre, design load"});
  if (best.statement.break_even_price) {
    tiles.push_back({"Break-even subscription", report::per_month(*best.statement.break_even_price),
                     human(best.statement.margin()) + " margin a month at the price asked"});
  }
  return tiles;
}

void add_choices(report::HtmlPage& page, const planner::Service& service, const planner::Plan& plan) {
  page.tiles(tiles_of(plan));
  page.section("Fleets that meet the targets");
  page.table(fleet_table(plan));
  page.note(fmt::format(
      "Sized for the peak of the day. Costs within {} of each other tie: the evidence cannot tell them apart.",
      report::percent(planner::tie_share)));
  if (const std::string unplanned = unplanned_words(service, plan); !unplanned.empty()) page.paragraph(unplanned);
  page.section("What users feel at the peak");
  page.table(experience_table(plan));
  for (const planner::ModelChoice& model : service.models) {
    page.figure(frontier_plot(plan, model.name),
                "Every point is a simulated replica at some load. The line joins the best that meet the targets.");
  }
  page.section("Over the day");
  page.figure(day_plot(service, plan), "Load against what the first choice's fleet carries within the targets.");
  page.section("Where the time goes");
  page.figure(
      time_plot(plan),
      "Time of all steps at the peak of the day, by what bounds it; the word at the end is what binds the fleet.");
  if (const auto in_memory = in_memory_table(plan)) {
    page.section("What is computed in memory");
    page.table(*in_memory);
    page.note("At the peak of the day; a percentage behind an operator is the share of its time that runs there.");
  }
  page.section("Where the money goes");
  page.figure(money_plot(plan), "Shares of what each fleet costs an hour.");
  page.table(statement_table(plan));
  page.section("Prices");
  page.table(price_table(plan, true));
}

}  // namespace

std::string plan_report(const planner::Service& service, const planner::Plan& plan, const std::string& command_line) {
  report::HtmlPage page(service.title);
  page.lead(demand_words(service, plan) + ".");
  page.paragraph(fmt::format("Targets: {}.", target_words(service.targets)));
  if (plan.choices.empty()) {
    page.paragraph(unmet_words(plan));
  } else {
    add_choices(page, service, plan);
  }
  if (!plan.discards.empty()) {
    page.section("What was discarded");
    page.table(discard_table(plan));
  }
  return page.html(
      {.command_line = command_line,
       .version = fmt::format("plumb {}, seed {}", PLUMB_VERSION, service.seed),
       .notes = {"Latencies and throughputs come from simulations at the service's own lengths; step times "
                 "from a roofline with class-wide efficiencies, not calibrated on these accelerators."}});
}

}  // namespace plumb::cli
