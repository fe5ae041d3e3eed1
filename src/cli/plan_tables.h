#pragma once
// The tables of a plan, made once for the terminal and the report.

#include <optional>

#include "planner/plan.h"
#include "report/table.h"

namespace plumb::cli {

report::Table fleet_table(const planner::Plan& plan);       ///< what each choice is and costs
report::Table experience_table(const planner::Plan& plan);  ///< what its users feel, what it takes, what binds it
report::Table statement_table(const planner::Plan& plan);   ///< a month's statement of each model's first choice
/// Which operators of each choice run in memory; nothing where no accelerator's memory computes.
std::optional<report::Table> in_memory_table(const planner::Plan& plan);
/// The price behind each accelerator with its date; sources are long and for a page.
report::Table price_table(const planner::Plan& plan, bool with_sources);
report::Table discard_table(const planner::Plan& plan);  ///< what was discarded and by which bound

}  // namespace plumb::cli
