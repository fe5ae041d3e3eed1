#include "workload/number_columns.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/line_reader.h"

namespace plumb::workload {
namespace {

bool fits(const NumberColumn& column, double value) {
  const Range range = column.range;
  return (range.open_low ? value > range.low : value >= range.low) && value <= range.high &&
         (!column.whole || value == std::floor(value));
}

std::string words(const NumberColumn& column) {
  const std::string_view kind = column.whole ? "a whole number" : "a number";
  const Range range = column.range;
  if (range.high < std::numeric_limits<double>::infinity()) {
    return fmt::format("{} {} {} to {}", kind, range.open_low ? "above" : "from", range.low, range.high);
  }
  return fmt::format("{} {} {}", kind, range.open_low ? "above" : "of at least", range.low);
}

std::string header_of(const std::vector<NumberColumn>& columns) {
  std::string header;
  for (const NumberColumn& column : columns) {
    if (column.required) header += fmt::format("{}{}", header.empty() ? "" : ",", column.name);
  }
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
  if (status) status = header_.empty() ? take_header() : take_row();
  if (!status) return fail(at_line(std::move(status).error(), line));
  return {};
}

Status NumberColumns::take_header() {
  for (const NumberColumn& column : wanted_) {
    const std::optional<std::size_t> index = line_.find({column.name});
    if (!index && column.required) {
      return fail(input_error({{}, 0, 1}, fmt::format("the header has no column \"{}\"", column.name),
                              fmt::format("a header such as {}", header_of(wanted_))));
    }
    fields_.push_back(index);
  }
  for (std::size_t i = 0; i < line_.size(); ++i) {
    const std::string_view name = line_.field(i);
    if (std::find(header_.begin(), header_.end(), name) != header_.end()) {
      return fail(input_error({{}, 0, line_.column(i)}, fmt::format("the column {} stands there twice", quoted(name))));
    }
    header_.emplace_back(name);
  }
  return {};
}

Status NumberColumns::take_row() {
  if (line_.size() != header_.size()) {
    return fail(input_error({{}, 0, 1}, fmt::format("the row has {} fields", line_.size()),
                            fmt::format("{}, as the header has", header_.size())));
  }
  if (places_.size() == rows_max) {
    return fail(input_error({{}, 0, 1}, "the table goes on", fmt::format("at most {} rows", rows_max)));
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (fields_[i]) PLUMB_TRY(take_field(i));
  }
  places_.push_back(line_number_);
  return {};
}

Status NumberColumns::take_field(std::size_t column) {
  const NumberColumn& wanted = wanted_[column];
  const std::size_t field = *fields_[column];
  const std::optional<double> value = parse_number(line_.field(field));
  if (!value || !fits(wanted, *value)) {
    return fail(input_error({{}, 0, line_.column(field)},
                            fmt::format("{} is {}", wanted.name, quoted(line_.field(field))), words(wanted)));
  }
  values_[column].push_back(*value);
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
