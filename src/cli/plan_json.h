#pragma once
// A plan as JSON. docs/plan.schema.json names every field with its unit.

#include <string>

#include "planner/plan.h"

namespace plumb::cli {

std::string plan_json(const planner::Service& service, const planner::Plan& plan);

}  // namespace plumb::cli
