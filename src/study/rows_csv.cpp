// Rows as CSV, and back.

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/line_reader.h"
#include "report/csv_writer.h"
#include "study/row.h"
#include "workload/csv.h"

namespace plumb::study {
namespace {

constexpr std::string_view done_word = "done", unmet_word = "unmet";

/// Where the columns stand that a row is read from.
struct Header {
  std::map<std::string, std::size_t, std::less<>> at;

  const std::size_t* find(std::string_view name) const {
    const auto found = at.find(name);
    return found == at.end() ? nullptr : &found->second;
  }
};

Error no_sweep(const std::string& path) {
  return input_error({path, 1, 1}, "is no table of a sweep",
                     "a CSV with the columns point, status and inputs; or a path where nothing is yet");
}

Result<Header> read_header(const std::string& path, std::string_view line) {
  workload::CsvLine fields;
  if (!fields.split(line)) return fail(no_sweep(path));
  Header header;
  for (std::size_t i = 0; i < fields.size(); ++i) header.at.emplace(fields.field(i), i);
  for (const std::string_view name : {"point", "status", "evidence", "reason", "inputs"}) {
    if (header.find(name) == nullptr) return fail(no_sweep(path));
  }
  return header;
}

/// Where the study's figures stand; nothing where one of them is not there.
std::optional<std::vector<std::size_t>> figures_in(const Study& study, const Header& header) {
  std::vector<std::size_t> figures;
  for (const Column& column : study.columns) {
    const std::size_t* at = header.find(column.name);
    if (at == nullptr) return std::nullopt;
    figures.push_back(*at);
  }
  return figures;
}

}  // namespace

std::string rows_csv(const Study& study, const std::vector<Row>& rows) {
  std::vector<std::string> header{"point", "status"};
  for (const Axis& axis : study.axes) header.push_back(axis.name);
  for (const Column& column : study.columns) header.push_back(column.name);
  for (const char* name : {"evidence", "pareto", "reason", "inputs"}) header.emplace_back(name);
  report::CsvWriter csv(header);
  for (const Row& row : rows) {
    if (row.status == RowStatus::missing) continue;
    const std::vector<std::size_t> positions = study.positions(row.point);
    csv.field(row.point + 1);
    csv.field(row.status == RowStatus::done ? done_word : unmet_word);
    for (std::size_t i = 0; i < study.axes.size(); ++i) csv.field(study.axes[i].labels[positions[i]]);
    for (std::size_t i = 0; i < study.columns.size(); ++i) {
      csv.field(i < row.figures.size() ? std::string_view(row.figures[i]) : std::string_view());
    }
    csv.field(row.evidence);
    csv.field(row.pareto);
    csv.field(row.reason);
    csv.field(row.inputs);
    csv.end_row();
  }
  return csv.take();
}

Result<std::vector<Row>> read_rows(const Study& study, const std::string& path) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path));
  std::vector<Row> rows;
  std::string_view line;
  PLUMB_ASSIGN(const bool any, lines.next(line));
  if (!any) return rows;
  PLUMB_ASSIGN(const Header header, read_header(path, line));
  const std::optional<std::vector<std::size_t>> figures = figures_in(study, header);
  if (!figures) return rows;
  for (;;) {
    PLUMB_ASSIGN(const bool more, lines.next(line));
    if (!more) return rows;
    workload::CsvLine fields;
    // A row that is broken, as by a disk that was full, is one that was not run.
    if (!fields.split(line) || fields.size() != header.at.size()) continue;
    const std::string_view status = fields.field(*header.find("status"));
    if (status != done_word && status != unmet_word) continue;
    Row row;
    row.status = status == done_word ? RowStatus::done : RowStatus::unmet;
    if (row.status == RowStatus::done) {
      for (const std::size_t at : *figures) row.figures.emplace_back(fields.field(at));
    }
    row.evidence = fields.field(*header.find("evidence"));
    row.reason = fields.field(*header.find("reason"));
    row.inputs = fields.field(*header.find("inputs"));
    rows.push_back(std::move(row));
  }
}

}  // namespace plumb::study
