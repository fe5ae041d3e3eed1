#pragma once
// Columns of numbers in a CSV text, plain, .gz or .zst, found by their names in the header, in any order, among others
// that are not read. Blank lines and lines that start with '#' are passed over.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reader.h"
#include "base/result.h"
#include "workload/csv.h"

namespace plumb::workload {

struct NumberColumn {
  std::string_view name;
  Range range;
  bool whole = false;    ///< numbers without a fraction only
  bool required = true;  ///< false: it may be absent, and then has no values
};

/// Thread rule: one thread.
class NumberColumns {
 public:
  /// More rows are refused, so that a wrong path cannot fill the memory.
  static constexpr std::size_t rows_max = 10'000'000;

  /// `name` is what messages call the text.
  NumberColumns(std::string name, std::vector<NumberColumn> wanted);

  /// Reads a whole file. One without rows is an error.
  [[nodiscard]] static Result<NumberColumns> read(const std::string& path, std::vector<NumberColumn> wanted);

  /// Takes the next line.
  [[nodiscard]] Status take(std::string_view line);
  /// The columns as they stand after all lines: an error where there is no row.
  [[nodiscard]] Status finish() const;

  const std::string& name() const { return name_; }
  std::size_t rows() const { return places_.size(); }
  /// The names in the header, in its order, those that are not wanted included.
  const std::vector<std::string>& header() const { return header_; }
  /// The values of the wanted column of that index, row by row; empty if it is absent.
  const std::vector<double>& values(std::size_t column) const { return values_[column]; }
  /// An error at a row, counted from 0.
  Error error(std::size_t row, std::string message, std::string expected = {}) const;

 private:
  [[nodiscard]] Status take_header();
  [[nodiscard]] Status take_row();
  [[nodiscard]] Status take_field(std::size_t column);
  Error at_line(Error error, std::string_view line) const;

  std::string name_;
  std::vector<NumberColumn> wanted_;
  CsvLine line_;
  std::vector<std::string> header_;                 ///< empty before it
  std::vector<std::optional<std::size_t>> fields_;  ///< of the wanted columns
  std::vector<std::vector<double>> values_;
  std::vector<int> places_;  ///< the line of each row
  int line_number_ = 0;
};

}  // namespace plumb::workload
