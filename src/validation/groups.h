#pragma once
// Rows put together by device, by model, by engine, by size of batch or length: where errors are large.

#include <vector>

#include "validation/accuracy.h"

namespace plumb::validation {

/// Groups of the rows of cells that are not assumed. A group's own cells are the cells cut down to its rows.
std::vector<Group> groups_of(const Validation& validation, const std::vector<Cell>& cells, Grouping grouping);

/// "33 to 128": the sequences under way on one engine, or "a rate", "offline".
std::string batch_band(const RunPlan& plan);
/// "1 Ki to 2 Ki": prompt and output together.
std::string length_band(const RunPlan& plan);

}  // namespace plumb::validation
