#pragma once
// What a study may do at each of its points. A new kind is a file of its own, sweep_NAME.cpp, and one line in the table
// of sweep_kinds.cpp.

#include <span>

#include "cli/command.h"
#include "study/point_kind.h"

namespace plumb::cli {

std::span<const study::PointKind> point_kinds();

study::PointKind plan_kind();
study::PointKind simulate_kind();

/// The options of a point as if they had been given on the command line: "rate" is --rate.
Arguments point_arguments(const study::PointInputs& inputs);

}  // namespace plumb::cli
