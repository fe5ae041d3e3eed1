#pragma once
// A row of a sweep: what became of one point. Figures are kept as the texts that the CSV has, so that a row that was
// read back is the row that was written.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "study/study.h"

namespace plumb::study {

enum class RowStatus {
  missing,  ///< not run yet
  done,
  unmet,  ///< what the point asks for cannot be met; `reason` says why
};

struct Row {
  std::size_t point = 0;  ///< from 0; shown from 1
  RowStatus status = RowStatus::missing;
  std::vector<std::string> figures;  ///< one for each column of the study; empty where there is none
  std::string evidence;
  bool pareto = false;
  std::string reason;
  std::string inputs;  ///< digest of everything that the row depends on (inputs_digest.h)
};

/// The value at a place of a result ("choices.0.cost_usd_per_hour") as the CSV has it: empty where there is none, or no
/// plain value.
std::string figure_at(const Document& result, std::string_view place);

/// A figure as a number; nothing for a text or an empty one.
std::optional<double> figure_number(std::string_view figure);

/// A figure of a row that is a number, by its column's name, or by that of an axis the row's place on it; nothing for a
/// row that is not done.
std::optional<double> number_in(const Study& study, const Row& row, std::string_view name);

/// The row of a point whose result is there.
Row done_row(const Study& study, std::size_t point, const Document& result);

/// Marks the rows that no other beats (pareto.h), of all or of those with the same value of Study::each. A row without
/// a number for some objective is not marked.
void mark_pareto(const Study& study, std::vector<Row>& rows);

/// The rows as CSV: point, status, the axes, the columns, evidence, pareto, reason, inputs. docs/sweep.md.
std::string rows_csv(const Study& study, const std::vector<Row>& rows);

/// Rows of a CSV that a sweep has written, of this study or of another one: those that have all of the study's columns.
/// A table that no sweep has written is an error.
[[nodiscard]] Result<std::vector<Row>> read_rows(const Study& study, const std::string& path);

}  // namespace plumb::study
