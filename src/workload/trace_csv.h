#pragma once
// What the CSV formats share: columns found by their names in the header, in any order, among others that are not read.

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "workload/trace_format.h"

namespace plumb::workload {

struct CsvShape {
  std::string_view name;
  std::string_view header;  ///< as messages show it
  // The names that a column may have. Formats are told apart by them, so no two formats share a name.
  std::vector<std::string_view> time, prompt, output;
  // Columns that a trace need not have; a blank field is no session, priority 0, no deadline, no cancellation.
  std::vector<std::string_view> session = {}, priority = {}, deadline = {}, cancel = {};
  double ticks_per_s = 1.0;
  bool counts_from_start = false;
  std::optional<double> (*parse_time)(std::string_view text) = nullptr;  ///< in ticks
  std::string_view time_expected;
};

TraceFormatPtr csv_trace_format(CsvShape shape);

}  // namespace plumb::workload
