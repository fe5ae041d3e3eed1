#pragma once
// Published measurements as a CSV file: a row a metric, the columns below in any order, plain, .gz or .zst. Columns of
// other names are passed over, and blank lines. What the cells mean is told by the other headers of this room; here a
// cell is a text, but for the value and the number of devices.
//
//   run_id         measured configuration; its rows are one run
//   device         accelerator, as catalog files name it or list it among their aliases
//   n_devices      how many; empty: not stated
//   model_key, model              the model's common name, and as the source writes it
//   software, precision, parallelism, scenario, input_tokens, output_tokens, concurrency_or_qps, notes
//   metric, value  "ttft_ms_p99", 412.5; an empty value is one that is not told: it is simulated all the same
//   trust          A, B, or C (orientation only)
//   source, date, system          may be missing
// Thread rule: a row is a value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/line_reader.h"
#include "base/result.h"

namespace plumb::validation {

struct MeasuredRow {
  int line = 0;  ///< of the file
  std::string run_id, metric;
  std::optional<double> value;
  std::optional<std::int64_t> n_devices;
  std::string source, date, system, software, model, precision, parallelism, scenario, input_tokens, output_tokens,
      concurrency, notes, device, model_key, trust;
};

/// Rows in the order of the file. A missing column, a row of another length, a value that is no number and a file
/// without rows are errors at their place.
[[nodiscard]] Result<std::vector<MeasuredRow>> read_measured_rows(const std::string& path);
[[nodiscard]] Result<std::vector<MeasuredRow>> read_measured_rows(LineReader& lines);

/// The rows that the program carries: validation/measured.csv.zst of the repository.
[[nodiscard]] Result<std::vector<MeasuredRow>> carried_measured_rows();
/// What messages and reports call them.
inline constexpr std::string_view carried_name = "validation/measured.csv.zst";

}  // namespace plumb::validation
