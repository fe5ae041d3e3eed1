#include "validation/measured_row.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "validation/carried.h"
#include "workload/csv.h"

namespace plumb::validation {
namespace {

constexpr std::size_t rows_max = 5'000'000;
constexpr std::size_t line_bytes_max = std::size_t{1} << 20;

struct TextColumn {
  std::string_view name;
  std::string MeasuredRow::* field;
  bool required;
};
constexpr std::array columns{
    TextColumn{"run_id", &MeasuredRow::run_id, true},
    TextColumn{"metric", &MeasuredRow::metric, true},
    TextColumn{"device", &MeasuredRow::device, true},
    TextColumn{"model_key", &MeasuredRow::model_key, true},
    TextColumn{"model", &MeasuredRow::model, true},
    TextColumn{"software", &MeasuredRow::software, true},
    TextColumn{"precision", &MeasuredRow::precision, true},
    TextColumn{"parallelism", &MeasuredRow::parallelism, true},
    TextColumn{"scenario", &MeasuredRow::scenario, true},
    TextColumn{"input_tokens", &MeasuredRow::input_tokens, true},
    TextColumn{"output_tokens", &MeasuredRow::output_tokens, true},
    TextColumn{"concurrency_or_qps", &MeasuredRow::concurrency, true},
    TextColumn{"notes", &MeasuredRow::notes, true},
    TextColumn{"trust", &MeasuredRow::trust, true},
    TextColumn{"source", &MeasuredRow::source, false},
    TextColumn{"date", &MeasuredRow::date, false},
    TextColumn{"system", &MeasuredRow::system, false},
};

class RowReader {
 public:
  explicit RowReader(LineReader& lines) : lines_(lines) {}

  Result<std::vector<MeasuredRow>> read() {
    std::vector<MeasuredRow> rows;
    std::string_view line;
    for (;;) {
      PLUMB_ASSIGN(const bool more, lines_.next(line));
      if (!more) break;
      if (line.find_first_not_of(" \t,") == std::string_view::npos) continue;
      if (Status split = csv_.split(line); !split) return fail(placed(std::move(split).error(), line));
      if (fields_ == 0) {
        PLUMB_TRY(take_header(line));
        continue;
      }
      if (rows.size() == rows_max)
        return fail(error(0, "the file has too many rows", fmt::format("at most {}", rows_max), line));
      PLUMB_ASSIGN(MeasuredRow row, take_row(line));
      rows.push_back(std::move(row));
    }
    if (rows.empty())
      return fail(input_error({lines_.path(), 0, 0}, "no measurements in the file", "a header and rows"));
    return rows;
  }

 private:
  Error placed(Error error, std::string_view line) const {
    error.place = lines_.place(error.place.column);
    error.excerpt = line;
    return error;
  }
  Error error(int column, std::string message, std::string expected, std::string_view line) const {
    return placed(input_error({{}, 0, column}, std::move(message), std::move(expected)), line);
  }

  Status take_header(std::string_view line) {
    const auto find = [&](std::string_view name, bool required, std::optional<std::size_t>& index) -> Status {
      index = csv_.find({name});
      if (index || !required) return {};
      return fail(
          error(1, fmt::format("the header has no column \"{}\"", name), "the columns of docs/validation.md", line));
    };
    for (std::size_t i = 0; i < columns.size(); ++i) PLUMB_TRY(find(columns[i].name, columns[i].required, indices_[i]));
    PLUMB_TRY(find("value", true, value_));
    PLUMB_TRY(find("n_devices", true, devices_));
    fields_ = csv_.size();
    return {};
  }

  Result<MeasuredRow> take_row(std::string_view line) const {
    if (csv_.size() != fields_) {
      return fail(
          error(1, fmt::format("the row has {} fields", csv_.size()), fmt::format("{}, as the header", fields_), line));
    }
    MeasuredRow row;
    row.line = lines_.place().line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (indices_[i]) row.*columns[i].field = std::string(csv_.field(*indices_[i]));
    }
    if (const std::string_view text = csv_.field(*value_); !text.empty()) {
      row.value = workload::parse_number(text);
      if (!row.value || *row.value < 0.0) {
        return fail(
            error(csv_.column(*value_), fmt::format("value is {}", workload::quoted(text)), "a number from 0", line));
      }
    }
    if (const std::string_view text = csv_.field(*devices_); !text.empty()) {
      row.n_devices = workload::parse_whole(text);
      if (!row.n_devices || *row.n_devices < 1 || *row.n_devices > 1'000'000) {
        return fail(error(csv_.column(*devices_), fmt::format("n_devices is {}", workload::quoted(text)),
                          "a whole number from 1, or nothing", line));
      }
    }
    if (row.run_id.empty()) {
      return fail(error(csv_.column(*indices_[0]), "the row has no run_id", "a name that the run's rows share", line));
    }
    return row;
  }

  LineReader& lines_;
  workload::CsvLine csv_;
  std::size_t fields_ = 0;  ///< of the header; 0 before it
  std::array<std::optional<std::size_t>, columns.size()> indices_;
  std::optional<std::size_t> value_, devices_;
};

}  // namespace

Result<std::vector<MeasuredRow>> read_measured_rows(LineReader& lines) { return RowReader(lines).read(); }

Result<std::vector<MeasuredRow>> read_measured_rows(const std::string& path) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path, line_bytes_max));
  return read_measured_rows(lines);
}

Result<std::vector<MeasuredRow>> carried_measured_rows() {
  PLUMB_ASSIGN(LineReader lines, LineReader::of(carried_measured_bytes(), std::string(carried_name), line_bytes_max));
  return read_measured_rows(lines);
}

}  // namespace plumb::validation
