#pragma once
// The rows that are most off, each with what they share with others that are: an error that a whole device has is not a
// mystery of the row.

#include <string>
#include <vector>

#include "validation/accuracy.h"

namespace plumb::validation {

struct WorstRow {
  std::size_t row = 0;
  /// "vLLM on MI300X leans -108 %": the group of its rows whose median error takes most of its own away, and what is
  /// left; or that no group explains it.
  std::string why;
};

/// At most `count`, the largest |e| first, one of a run: other metrics of a run say the same again.
std::vector<WorstRow> worst_rows(const Validation& validation, std::size_t count);

}  // namespace plumb::validation
