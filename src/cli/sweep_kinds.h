#pragma once
// What a study may do at each of its points. A new kind is a file of its own, sweep_NAME.cpp, and one line in the table
// of sweep_kinds.cpp.

#include <span>

#include "cli/command.h"
#include "memory/specification.h"
#include "study/point_kind.h"

namespace plumb::cli {

std::span<const study::PointKind> point_kinds();

study::PointKind plan_kind();
study::PointKind simulate_kind();
study::PointKind memory_kind();

/// The options of a point as if they had been given on the command line: "rate" is --rate.
Arguments point_arguments(const study::PointInputs& inputs);

/// Refuses an edit of a timing that nothing in the memory's description depends on. `subject`: "memories/hbm3", "base".
[[nodiscard]] Status check_timing_edits(const study::PointInputs& inputs, std::string_view subject,
                                        const memory::Specification& of);

/// The catalog of a point that is planned or simulated: accelerators follow what the point edits of their memories, and
/// then take those of the option "memory". An edit that could change nothing is an error at its place.
[[nodiscard]] Result<catalog::Catalog> point_catalog(const study::PointInputs& inputs);

}  // namespace plumb::cli
