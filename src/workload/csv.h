#pragma once
// One line of comma-separated values, as RFC 4180 has them, except that a quoted field ends on its line.
// Thread rule: one thread.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::workload {

class CsvLine {
 public:
  /// Takes the line apart. Fields point into `line`, which has to outlive their use. Errors know their column only.
  [[nodiscard]] Status split(std::string_view line);

  std::size_t size() const { return fields_.size(); }
  /// Without quotes and without blanks around it.
  std::string_view field(std::size_t index) const { return fields_[index].text; }
  /// Where the field starts in its line, in bytes from 1.
  int column(std::size_t index) const { return fields_[index].column; }
  /// The field that is one of `names`.
  std::optional<std::size_t> find(const std::vector<std::string_view>& names) const;

 private:
  struct Field {
    std::string_view text;
    int column = 0;
  };
  [[nodiscard]] Result<std::size_t> take_quoted(std::string_view line, std::size_t start);

  std::vector<Field> fields_;
  std::deque<std::string> unquoted_;  ///< fields that held doubled quotes; a deque does not move its strings
};

/// The whole text as a number. Whole numbers may be written 12.0, as pandas writes them; NaN and infinities are none.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_whole(std::string_view text);

/// A value of the input as messages quote it: clipped, and without characters that a terminal would obey.
std::string quoted(std::string_view value);

}  // namespace plumb::workload
