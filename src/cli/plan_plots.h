#pragma once
// The plots of a plan's report. Each is empty-handed about nothing: callers draw them only for a plan with choices.

#include <string>

#include "planner/plan.h"
#include "report/line_plot.h"
#include "report/scatter_plot.h"
#include "report/stacked_bars.h"

namespace plumb::cli {

/// Tokens/s an accelerator against tokens/s a user for one model: every load test that ran to its end, and the frontier
/// of those that met the targets.
report::ScatterPlot frontier_plot(const planner::Plan& plan, const std::string& model);
/// Requests/s over the day against what the first choice's fleet carries.
report::LinePlot day_plot(const planner::Service& service, const planner::Plan& plan);
/// Where the time of a step goes at the peak of the day, by what binds.
report::StackedBars time_plot(const planner::Plan& plan);
/// Where the money goes: shares of the cost an hour by part.
report::StackedBars money_plot(const planner::Plan& plan);

}  // namespace plumb::cli
