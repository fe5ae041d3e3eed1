#pragma once
// A plan as text for the terminal.

#include <string>

#include "planner/plan.h"
#include "report/table.h"

namespace plumb::cli {

std::string plan_text(const planner::Service& service, const planner::Plan& plan, bool why, const report::Style& style);

}  // namespace plumb::cli
