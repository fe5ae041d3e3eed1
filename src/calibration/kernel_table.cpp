#include "calibration/kernel_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/line_reader.h"

namespace plumb::calibration {
namespace {

constexpr std::string_view source_mark = "# source: ";
constexpr double largest = 1e12;

}  // namespace

KernelTableReader::KernelTableReader(std::string name, const KernelModel& model)
    : name_(std::move(name)), model_(model) {}

Error KernelTableReader::error(std::size_t field, std::string message, std::string expected) const {
  const int column = field < line_.size() ? line_.column(field) : 0;
  return input_error({name_, line_number_, column}, std::move(message), std::move(expected));
}

Status KernelTableReader::take(std::string_view line) {
  ++line_number_;
  if (line.starts_with(source_mark)) table_.source = std::string(line.substr(source_mark.size()));
  if (line.empty() || line.front() == '#') return {};
  if (Status split = line_.split(line); !split) {
    Error wrong = std::move(split).error();
    wrong.place = {name_, line_number_, wrong.place.column};
    return fail(std::move(wrong));
  }
  return fields_ == 0 ? take_header() : take_row();
}

Status KernelTableReader::take_header() {
  const auto missing = [&](std::string_view column) {
    return fail(error(line_.size(), fmt::format("the table has no column \"{}\"", column),
                      fmt::format("the columns format, {}, latency_us", fmt::join(model_.columns(), ", "))));
  };
  for (const std::string_view column : model_.columns()) {
    const auto found = line_.find({column});
    if (!found) return missing(column);
    sizes_.push_back(*found);
  }
  format_ = line_.find({"format"});
  const auto in_us = line_.find({"latency_us"}), in_ms = line_.find({"latency_ms"});
  if (!in_us && !in_ms) return missing("latency_us");
  latency_ = in_us ? *in_us : *in_ms;
  latency_unit_s_ = in_us ? 1e-6 : 1e-3;
  fields_ = line_.size();
  return {};
}

Result<double> KernelTableReader::number(std::size_t field, std::string_view column, double low) const {
  const std::optional<double> value = workload::parse_number(line_.field(field));
  if (!value || *value < low || *value > largest) {
    return fail(error(field, fmt::format("{} is {}", column, workload::quoted(line_.field(field))),
                      fmt::format("a number from {:g} to {:g}", low, largest)));
  }
  return *value;
}

Status KernelTableReader::take_row() {
  if (line_.size() != fields_)
    return fail(
        error(line_.size(), fmt::format("{} fields", line_.size()), fmt::format("{}, as the header has", fields_)));
  if (rows_ == rows_max) return fail(error(0, "too many rows", fmt::format("at most {}", rows_max)));
  std::string format = "bf16";
  if (format_) {
    format = std::string(line_.field(*format_));
    const auto& known = catalog::kernel_formats;
    if (std::find(std::begin(known), std::end(known), format) == std::end(known)) {
      return fail(error(*format_, fmt::format("the format is {}", workload::quoted(format)),
                        fmt::format("one of {}", fmt::join(known, ", "))));
    }
  }
  KernelPoint point;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    const std::string_view column = model_.columns()[i];
    PLUMB_ASSIGN(point.at[i], number(sizes_[i], column, column == "zipf" || column == "window" ? 0.0 : 1.0));
  }
  PLUMB_ASSIGN(const double latency, number(latency_, "the time", 1e-6));
  point.seconds = latency * latency_unit_s_;
  table_.points[format].push_back(point);
  ++rows_;
  return {};
}

Result<KernelTable> KernelTableReader::finish() {
  if (rows_ == 0) return fail(input_error({name_, line_number_, 0}, "the table has no rows", "a header and a row"));
  return std::move(table_);
}

Result<KernelTable> read_kernel_table(const std::string& path, const KernelModel& model) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path));
  KernelTableReader reader(path, model);
  std::string_view line;
  for (;;) {
    PLUMB_ASSIGN(const bool more, lines.next(line));
    if (!more) break;
    PLUMB_TRY(reader.take(line));
  }
  return reader.finish();
}

}  // namespace plumb::calibration
