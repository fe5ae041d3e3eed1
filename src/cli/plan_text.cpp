#include "cli/plan_text.h"

#include <fmt/format.h>

#include "cli/plan_tables.h"
#include "cli/plan_words.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::heading_text;
using report::paragraph_text;
using report::render_text;

/// "312 deployments considered: 41 simulated, 120 by memory, ..."
std::string search_words(const planner::Plan& plan) {
  const std::string words =
      fmt::format("{} considered, {} simulated at several rates", plan.considered, plan.simulated);
  return plan.discards.empty() ? words + "." : fmt::format("{}, {} (--why lists them).", words, discard_words(plan));
}

std::string choices_text(const planner::Service& service, const planner::Plan& plan, const report::Style& style) {
  std::string text = heading_text("Fleets, cheapest first", style) + render_text(fleet_table(plan), style);
  text += paragraph_text(fmt::format("Costs within {} of each other tie: the evidence cannot tell them apart.",
                                     report::percent(planner::tie_share)),
                         style, true);
  if (const std::string unplanned = unplanned_words(service, plan); !unplanned.empty()) {
    text += paragraph_text(unplanned, style);
  }
  text += "\n" + heading_text("At the peak of the day", style) + render_text(experience_table(plan), style);
  if (const auto in_memory = in_memory_table(plan)) {
    text += "\n" + heading_text("Computed in memory, at the peak of the day", style) + render_text(*in_memory, style);
  }
  text += "\n" + heading_text("Prices", style) + render_text(price_table(plan, false), style);
  if (service.revenue.any() || service.demand.monthly_users > 0.0) {
    text += "\n" + heading_text("Economics of each model's first choice", style);
    text += render_text(statement_table(plan), style);
  }
  return text;
}

}  // namespace

std::string plan_text(const planner::Service& service, const planner::Plan& plan, bool why,
                      const report::Style& style) {
  std::string text = heading_text(service.title, style);
  text += paragraph_text(demand_words(service, plan) + ".", style);
  text += paragraph_text(fmt::format("Targets: {}.", target_words(service.targets)), style);
  text += "\n";
  text += plan.choices.empty() ? paragraph_text(unmet_words(plan), style) : choices_text(service, plan, style);
  text += "\n" + paragraph_text(search_words(plan), style, true);
  if (why && !plan.discards.empty())
    text += "\n" + heading_text("Discarded", style) + render_text(discard_table(plan), style);
  return text;
}

}  // namespace plumb::cli
