#include "workload/number_columns.h"

#include <fmt/format.h>

#include "base/line_reader.h"

namespace plumb::workload {
namespace {

bool in_range(double value, Range range) {
  return (range.open_low ? value > range.low : value >= range.low) && value <= range.high;
}

std::string words(Range range) {
  if (range.high < std::numeric_limits<double>::infinity()) {
    return fmt::format("a number from {} to {}", range.low, range.high);
  }
  return fmt::format("a number {} {}", range.open_low ? "above" : "of at least", range.low);
}

std::string header_of(const std::vector<NumberColumn>& columns) {
  std::string header;
  for (const NumberColumn& column : columns) header += fmt::format("{}{}", header.empty() ? "" : ",", column.name);
  return header;
}

}  // namespace

NumberColumns::NumberColumns(std::string name, std::vector<NumberColumn> wanted)
    : name_(std::move(name)), wanted_(std::move(wanted)), values_(wanted_.size()) {}

Result<NumberColumns> NumberColumns::read(const std::string& path, std::vector<NumberColumn> wanted) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path));
  NumberColumns columns(path, std::move(wanted));
  for (;;) {
    std::string_view line;
    PLUMB_ASSIGN(const bool more, lines.next(line));
    if (!more) break;
    PLUMB_TRY(columns.take(line));
  }
  PLUMB_TRY(columns.finish());
  return columns;
}

Status NumberColumns::take(std::string_view line) {
  ++line_number_;
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos || line[first] == '#') return {};
  Status status = line_.split(line);
  if (status) status = fields_ == 0 ? take_header() : take_row();
  if (!status) return fail(at_line(std::move(status).error(), line));
  return {};
}

Status NumberColumns::take_header() {
  for (const NumberColumn& column : wanted_) {
    const std::optional<std::size_t> index = line_.find({column.name});
    if (!index) {
      return fail(input_error({{}, 0, 1}, fmt::format("the header has no column \"{}\"", column.name),
                              fmt::format("a header such as {}", header_of(wanted_))));
    }
    indices_.push_back(*index);
  }
  fields_ = line_.size();
  return {};
}

Status NumberColumns::take_row() {
  if (line_.size() != fields_) {
    return fail(input_error({{}, 0, 1}, fmt::format("the row has {} fields", line_.size()),
                            fmt::format("{}, as the header has", fields_)));
  }
  if (places_.size() == rows_max) {
    return fail(input_error({{}, 0, 1}, "the table goes on", fmt::format("at most {} rows", rows_max)));
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    const std::optional<double> value = parse_number(line_.field(indices_[i]));
    if (!value || !in_range(*value, wanted_[i].range)) {
      return fail(input_error({{}, 0, line_.column(indices_[i])},
                              fmt::format("{} is {}", wanted_[i].name, quoted(line_.field(indices_[i]))),
                              words(wanted_[i].range)));
    }
    values_[i].push_back(*value);
  }
  places_.push_back(line_number_);
  return {};
}

Status NumberColumns::finish() const {
  if (!places_.empty()) return {};
  return fail(input_error({name_, std::max(line_number_, 1), 1}, "the table has no rows",
                          fmt::format("rows under a header such as {}", header_of(wanted_))));
}

Error NumberColumns::error(std::size_t row, std::string message, std::string expected) const {
  return input_error({name_, places_[row], 1}, std::move(message), std::move(expected));
}

Error NumberColumns::at_line(Error error, std::string_view line) const {
  constexpr std::size_t excerpt_length_max = 500;
  error.place.file = name_;
  error.place.line = line_number_;
  if (line.size() <= excerpt_length_max) error.excerpt = line;
  return error;
}

}  // namespace plumb::workload
