#include "serving/number_table.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/line_reader.h"
#include "workload/csv.h"

namespace plumb::serving {
namespace {

Error at(Error error, const LineReader& lines, std::string_view line) {
  error.place = lines.place(error.place.column);
  if (line.size() < 500) error.excerpt = line;
  return error;
}

}  // namespace

Result<NumberTable> NumberTable::read(const std::string& path) {
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path));
  NumberTable table;
  table.path_ = path;
  workload::CsvLine fields;
  std::string_view line;
  while (true) {
    PLUMB_ASSIGN(const bool more, lines.next(line));
    if (!more) break;
    if (line.empty()) continue;
    if (Status status = fields.split(line); !status) return fail(at(std::move(status).error(), lines, line));
    if (table.names_.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (std::find(table.names_.begin(), table.names_.end(), fields.field(i)) != table.names_.end()) {
          return fail(at(input_error({{}, 0, fields.column(i)}, fmt::format("the column {} stands there twice",
                                                                            workload::quoted(fields.field(i)))),
                         lines, line));
        }
        table.names_.emplace_back(fields.field(i));
      }
      table.columns_.resize(fields.size());
      continue;
    }
    if (fields.size() != table.names_.size()) {
      return fail(at(input_error({{}, 0, 1}, fmt::format("the row has {} fields", fields.size()),
                                 fmt::format("{}, as the header has", table.names_.size())),
                     lines, line));
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto value = workload::parse_number(fields.field(i));
      constexpr double most = 1e9;
      if (!value || *value < 0.0 || *value > most) {
        return fail(at(input_error({{}, 0, fields.column(i)},
                                   fmt::format("{} is {}", table.names_[i], workload::quoted(fields.field(i))),
                                   "a number from 0 to 1e9"),
                       lines, line));
      }
      table.columns_[i].push_back(*value);
    }
  }
  if (table.rows() == 0) return fail(input_error({path, 1, 1}, "the table is empty", "a header and rows of numbers"));
  return table;
}

const std::vector<double>* NumberTable::find(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == name) return &columns_[i];
  }
  return nullptr;
}

Result<const std::vector<double>*> NumberTable::column(std::string_view name) const {
  if (const std::vector<double>* found = find(name)) return found;
  return fail(input_error({path_, 1, 1}, fmt::format("the header has no column \"{}\"", name),
                          fmt::format("it beside {}", fmt::join(names_, ", "))));
}

}  // namespace plumb::serving
