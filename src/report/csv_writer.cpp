#include "report/csv_writer.h"

#include <cassert>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "report/text.h"

namespace plumb::report {

CsvWriter::CsvWriter(std::initializer_list<std::string_view> header) : columns_(header.size()) {
  for (const std::string_view name : header) text(name);
  end_row();
}

CsvWriter::CsvWriter(std::span<const std::string> header) : columns_(header.size()) {
  for (const std::string& name : header) text(name);
  end_row();
}

void CsvWriter::end_row() {
  assert(columns_ > 0 && fields_ == columns_ && "a row has a field for each column");
  // A line with nothing on it would be no record at all to most readers.
  if (columns_ == 1 && (out_.empty() || out_.back() == '\n')) out_ += "\"\"";
  out_ += '\n';
  fields_ = 0;
}

std::string CsvWriter::take() {
  assert(fields_ == 0 && "a row is still open");
  return std::exchange(out_, {});
}

void CsvWriter::text(std::string_view value) {
  const std::string valid = valid_utf8(value);
  if (valid.find_first_of(",\"\r\n") == std::string::npos) return raw(valid);
  std::string quoted = "\"";
  for (const char c : valid) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  raw(quoted + '"');
}

void CsvWriter::number(double value) { raw(std::isfinite(value) ? fmt::format("{}", value) : std::string()); }

void CsvWriter::raw(std::string_view value) {
  if (fields_ > 0) out_ += ',';
  out_ += value;
  ++fields_;
}

}  // namespace plumb::report
