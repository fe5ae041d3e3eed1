#pragma once
// A plan as one self-contained HTML page: what to buy first, then why.

#include <string>

#include "planner/plan.h"

namespace plumb::cli {

std::string plan_report(const planner::Service& service, const planner::Plan& plan, const std::string& command_line);

}  // namespace plumb::cli
