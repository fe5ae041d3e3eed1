#pragma once
// The tables of an explanation.

#include "cli/explanation.h"
#include "report/table.h"

namespace plumb::cli {

report::Table ladder_table(const Subject& subject, const Explanation& explanation);  ///< a rung a row, what binds last
report::Table operator_table(const StepView& view);                                  ///< the operators of a rank
report::Table bill_table(const Explanation& explanation);  ///< what the request takes of a replica

}  // namespace plumb::cli
