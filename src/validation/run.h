#pragma once
// Rows grouped into runs: what one measured configuration says of itself, and its metrics.

#include <optional>
#include <string>
#include <vector>

#include "validation/measured_row.h"

namespace plumb::validation {

struct Run {
  MeasuredRow configuration;      ///< of any of its rows; metric and value mean nothing
  std::vector<std::size_t> rows;  ///< indices of its rows, ascending
};

/// Runs in order of their identities, whatever the order of the rows. Rows that share a run_id and differ in what
/// describes the run are taken as runs of their own.
std::vector<Run> runs_of(const std::vector<MeasuredRow>& rows);

/// The metric's value in the run, where it is told.
std::optional<double> value_of(const Run& run, const std::vector<MeasuredRow>& rows, std::string_view metric);

}  // namespace plumb::validation
