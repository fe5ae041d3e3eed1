#include "workload/trace_csv.h"

#include <climits>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "workload/csv.h"

namespace plumb::workload {
namespace {

struct CsvColumns {
  std::size_t count = 0, time = 0, prompt = 0, output = 0;
  std::optional<std::size_t> session, priority, deadline, cancel;
};

class CsvTraceParser : public TraceParser {
 public:
  CsvTraceParser(const CsvShape& shape, const CsvLine& header, CsvColumns columns) : shape_(shape), columns_(columns) {
    for (std::size_t i = 0; i < header.size(); ++i) names_.emplace_back(header.field(i));
  }

  Status parse(std::string_view line, TraceRow& row) override {
    PLUMB_TRY(line_.split(line));
    if (line_.size() != columns_.count) {
      return fail(input_error({{}, 0, 1}, fmt::format("the row has {} fields", line_.size()),
                              fmt::format("{}, as the header has", columns_.count)));
    }
    PLUMB_ASSIGN(row.ticks, time());
    PLUMB_ASSIGN(row.output_tokens, tokens(columns_.output, 0));
    // A request that failed may have been refused before its prompt was counted.
    PLUMB_ASSIGN(row.prompt_tokens, tokens(columns_.prompt, row.output_tokens == 0 ? 0 : 1));
    row.session = session();
    if (columns_.priority) {
      PLUMB_ASSIGN(row.priority, priority(*columns_.priority));
    }
    if (columns_.deadline) {
      PLUMB_ASSIGN(row.deadline_s, time_after_arrival(*columns_.deadline));
    }
    if (columns_.cancel) {
      PLUMB_ASSIGN(row.cancel_s, time_after_arrival(*columns_.cancel));
    }
    return {};
  }

  Error out_of_order(std::string_view) const override {
    return wrong(
        columns_.time,
        fmt::format("{} {} is before the request above it", names_[columns_.time], quoted(line_.field(columns_.time))),
        "times that never decrease");
  }

 private:
  Error wrong(std::size_t field, std::string message, std::string expected) const {
    return input_error({{}, 0, line_.column(field)}, std::move(message), std::move(expected));
  }

  Error wrong_value(std::size_t field, std::string expected) const {
    return wrong(field, fmt::format("{} is {}", names_[field], quoted(line_.field(field))), std::move(expected));
  }

  Result<double> time() const {
    const std::optional<double> ticks = shape_.parse_time(line_.field(columns_.time));
    const double least = shape_.counts_from_start ? 0.0 : -time_s_max;
    if (!ticks || !(*ticks >= least * shape_.ticks_per_s && *ticks <= time_s_max * shape_.ticks_per_s)) {
      return fail(wrong_value(columns_.time, std::string(shape_.time_expected)));
    }
    return *ticks;
  }

  Result<std::int64_t> tokens(std::size_t field, std::int64_t least) const {
    const std::optional<std::int64_t> value = parse_whole(line_.field(field));
    if (!value || *value < least || *value > tokens_max) {
      return fail(wrong_value(field, fmt::format("a whole number from {} to {}", least, tokens_max)));
    }
    return *value;
  }

  std::int64_t session() {
    if (!columns_.session) return -1;
    const std::string_view name = line_.field(*columns_.session);
    return name.empty() ? -1 : sessions_.number(name);
  }

  Result<int> priority(std::size_t field) const {
    if (line_.field(field).empty()) return 0;
    const std::optional<std::int64_t> value = parse_whole(line_.field(field));
    if (!value || *value < INT_MIN || *value > INT_MAX) {
      return fail(wrong_value(field, fmt::format("a whole number from {} to {}, lower is sooner", INT_MIN, INT_MAX)));
    }
    return static_cast<int>(*value);
  }

  Result<double> time_after_arrival(std::size_t field) const {
    if (line_.field(field).empty()) return std::numeric_limits<double>::infinity();
    const std::optional<double> value = parse_number(line_.field(field));
    if (!value || !(*value > 0.0 && *value <= time_s_max)) {
      return fail(wrong_value(field, "seconds from the arrival on, above 0, or a blank field for none"));
    }
    return *value;
  }

  const CsvShape& shape_;
  CsvColumns columns_;
  std::vector<std::string> names_;
  CsvLine line_;
  SessionNumbers sessions_;
};

class CsvTraceFormat : public TraceFormat {
 public:
  explicit CsvTraceFormat(CsvShape shape) : shape_(std::move(shape)) {}

  std::string_view name() const override { return shape_.name; }
  std::string_view example() const override { return shape_.header; }
  double ticks_per_s() const override { return shape_.ticks_per_s; }
  bool counts_from_start() const override { return shape_.counts_from_start; }
  bool has_header() const override { return true; }

  bool recognises(std::string_view first_line) const override {
    CsvLine header;
    if (!header.split(first_line)) return false;
    return header.find(shape_.time) || header.find(shape_.prompt) || header.find(shape_.output);
  }

  Result<std::unique_ptr<TraceParser>> parser(std::string_view first_line) const override {
    CsvLine header;
    PLUMB_TRY(header.split(first_line));
    CsvColumns columns;
    columns.count = header.size();
    PLUMB_ASSIGN(columns.time, column(header, shape_.time));
    PLUMB_ASSIGN(columns.prompt, column(header, shape_.prompt));
    PLUMB_ASSIGN(columns.output, column(header, shape_.output));
    columns.session = header.find(shape_.session);
    columns.priority = header.find(shape_.priority);
    columns.deadline = header.find(shape_.deadline);
    columns.cancel = header.find(shape_.cancel);
    return std::make_unique<CsvTraceParser>(shape_, header, columns);
  }

 private:
  Result<std::size_t> column(const CsvLine& header, const std::vector<std::string_view>& names) const {
    if (const std::optional<std::size_t> found = header.find(names)) return *found;
    return fail(input_error({{}, 0, 1}, fmt::format("the header has no column \"{}\"", fmt::join(names, "\" or \"")),
                            fmt::format("the header of the {} format, {}", shape_.name, shape_.header)));
  }

  CsvShape shape_;
};

}  // namespace

TraceFormatPtr csv_trace_format(CsvShape shape) { return std::make_unique<CsvTraceFormat>(std::move(shape)); }

}  // namespace plumb::workload
