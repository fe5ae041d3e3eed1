// Words and tables of a sweep.

#include <algorithm>

#include <fmt/format.h>

#include "report/text.h"
#include "report/units.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

constexpr int figures_shown = 4;

std::string cell_of(const std::string& figure) {
  const std::optional<double> number = figure_number(figure);
  return number ? report::significant(*number, figures_shown) : figure;
}

/// The columns in the order of how much they matter: objectives first.
std::vector<std::size_t> columns_by_weight(const Study& study) {
  std::vector<std::size_t> order;
  const auto add = [&](std::size_t column) {
    if (std::find(order.begin(), order.end(), column) == order.end()) order.push_back(column);
  };
  for (const Objective& objective : study.objectives) {
    for (std::size_t i = 0; i < study.columns.size(); ++i) {
      if (study.columns[i].name == objective.column) add(i);
    }
  }
  for (std::size_t i = 0; i < study.columns.size(); ++i) add(i);
  return order;
}

bool shown(const Row& row, Rows which) {
  return row.status != RowStatus::missing && (which == Rows::all || row.pareto);
}

std::string figure_of(const Row& row, std::size_t column) {
  return column < row.figures.size() ? cell_of(row.figures[column]) : std::string();
}

bool is_number(const std::vector<Row>& rows, std::size_t column) {
  return std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
    return column >= row.figures.size() || row.figures[column].empty() || figure_number(row.figures[column]);
  });
}

/// Those of the columns that fit, by weight.
std::vector<std::size_t> fitting(const Study& study, const std::vector<Row>& rows, Rows which, std::size_t width,
                                 std::size_t columns_max) {
  constexpr std::size_t gap = 2;
  std::vector<std::size_t> found;
  for (const std::size_t column : columns_by_weight(study)) {
    std::size_t widest =
        std::max(report::display_width(study.columns[column].title), report::display_width(study.columns[column].unit));
    bool any = false;
    for (const Row& row : rows) {
      if (!shown(row, which)) continue;
      const std::string cell = figure_of(row, column);
      any = any || !cell.empty();
      widest = std::max(widest, report::display_width(cell));
    }
    if (!any) continue;
    if (columns_max > 0 && width + gap + widest > columns_max) continue;
    width += gap + widest;
    found.push_back(column);
  }
  return found;
}

}  // namespace

std::string ObjectiveWords::both() const { return unit.empty() ? title : fmt::format("{} ({})", title, unit); }

bool is_axis(const Study& study, const Objective& objective) {
  return std::none_of(study.columns.begin(), study.columns.end(),
                      [&](const Column& column) { return column.name == objective.column; });
}

ObjectiveWords words_of(const Study& study, const Objective& objective) {
  for (const Column& column : study.columns) {
    if (column.name == objective.column) return {column.title, column.unit};
  }
  for (const Axis& axis : study.axes) {
    if (axis.name == objective.column) return {axis.name, axis.multiply ? "times the file's" : axis.unit()};
  }
  return {objective.column, {}};
}

std::string axis_cell(const Axis& axis, std::size_t position) {
  const Node& value = axis.values[position];
  const bool named = axis.labels[position] != value_text(value);
  if (!named && value.kind == NodeKind::number) return report::significant(value.number, figures_shown);
  return !named && value.kind == NodeKind::integer ? report::count(value.integer) : axis.labels[position];
}

std::string points_words(const Study& study) {
  std::string axes;
  for (const Axis& axis : study.axes) {
    if (axis.with) {
      axes += fmt::format(" with {}", axis.name);
    } else {
      axes += fmt::format("{}{} ({})", axes.empty() ? "" : " x ", axis.name, axis.values.size());
    }
  }
  const std::size_t points = study.points();
  return fmt::format("{} {} of {} {}: {}", report::count(points), points == 1 ? "point" : "points", study.kind->name,
                     study.base, axes);
}

std::string point_words(const Study& study, std::size_t point) {
  const std::vector<std::size_t> positions = study.positions(point);
  std::string words;
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    words +=
        fmt::format("{}{} {}", words.empty() ? "" : ", ", study.axes[i].name, axis_cell(study.axes[i], positions[i]));
  }
  return words;
}

std::string objective_words(const Study& study) {
  std::string words;
  for (const Objective& objective : study.objectives) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", objective.maximise ? "maximise" : "minimise",
                         objective.column);
  }
  if (study.each) words += fmt::format(", for each {}", study.axes[*study.each].name);
  return words;
}

report::Table row_table(const Study& study, const std::vector<Row>& rows, Rows which, std::size_t rows_max,
                        std::size_t columns_max) {
  std::vector<report::Column> columns{{.title = ""}, {.title = "Point", .align = report::Align::right}};
  std::size_t width = 1 + 2 + 5;
  for (const Axis& axis : study.axes) {
    const bool numeric = axis.numeric();
    columns.push_back({.title = axis.name, .align = numeric ? report::Align::right : report::Align::left});
    std::size_t widest = report::display_width(axis.name);
    for (std::size_t i = 0; i < axis.values.size(); ++i) {
      widest = std::max(widest, report::display_width(axis_cell(axis, i)));
    }
    width += 2 + widest;
  }
  const std::vector<std::size_t> figures = fitting(study, rows, which, width, columns_max);
  for (const std::size_t column : figures) {
    const Column& spec = study.columns[column];
    columns.push_back({.title = spec.title,
                       .unit = spec.unit,
                       .align = is_number(rows, column) ? report::Align::right : report::Align::left});
  }
  report::Table table(std::move(columns));
  std::size_t left_out = 0;
  for (const Row& row : rows) {
    if (!shown(row, which)) continue;
    if (table.rows().size() == rows_max) {
      ++left_out;
      continue;
    }
    const std::vector<std::size_t> positions = study.positions(row.point);
    std::vector<std::string> cells{row.pareto ? "*" : "", report::count(row.point + 1)};
    for (std::size_t i = 0; i < study.axes.size(); ++i) cells.push_back(axis_cell(study.axes[i], positions[i]));
    for (const std::size_t column : figures) {
      cells.push_back(row.status == RowStatus::unmet ? "-" : figure_of(row, column));
    }
    const bool unmet = row.status == RowStatus::unmet;
    table.row(std::move(cells), unmet        ? report::RowKind::muted
                                : row.pareto ? report::RowKind::best
                                             : report::RowKind::normal);
  }
  if (left_out > 0) table.note(fmt::format("And {} more: the CSV has them all.", report::count(left_out)));
  return table;
}

std::vector<Reason> reasons_of(const std::vector<Row>& rows) {
  std::vector<Reason> reasons;
  for (const Row& row : rows) {
    if (row.status != RowStatus::unmet) continue;
    const auto found =
        std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) { return reason.text == row.reason; });
    if (found == reasons.end()) {
      reasons.push_back({row.reason, 1, row.point});
    } else {
      ++found->count;
    }
  }
  return reasons;
}

}  // namespace plumb::study
