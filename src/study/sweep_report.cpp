#include <algorithm>

#include <fmt/format.h>

#include "report/html_page.h"
#include "report/units.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

constexpr std::size_t rows_max = 500;  // of the table of all; the CSV has the rest

const Row* best_row(const Study& study, const std::vector<Row>& rows, const Objective& objective) {
  const Row* best = nullptr;
  double best_value = 0.0;
  for (const Row& row : rows) {
    const std::optional<double> value = number_in(study, row, objective.column);
    if (!value || (best != nullptr && (objective.maximise ? *value <= best_value : *value >= best_value))) continue;
    best = &row;
    best_value = *value;
  }
  return best;
}

std::vector<report::Tile> tiles_of(const Study& study, const Sweep& sweep) {
  const std::size_t front = static_cast<std::size_t>(
      std::count_if(sweep.rows.begin(), sweep.rows.end(), [](const Row& row) { return row.pareto; }));
  std::vector<report::Tile> tiles;
  tiles.push_back({"Points", report::count(sweep.rows.size()),
                   fmt::format("{} done, {} cannot be met", report::count(sweep.count(RowStatus::done)),
                               report::count(sweep.count(RowStatus::unmet)))});
  tiles.push_back({"On the Pareto front", report::count(front), objective_words(study)});
  for (const Objective& objective : study.objectives) {
    const Row* best = is_axis(study, objective) ? nullptr : best_row(study, sweep.rows, objective);
    if (best == nullptr) continue;
    const ObjectiveWords words = words_of(study, objective);
    const std::string value = report::significant(*number_in(study, *best, objective.column));
    tiles.push_back({fmt::format("{} {}", objective.maximise ? "Highest" : "Lowest", words.title),
                     words.unit.empty() ? value : fmt::format("{} {}", value, words.unit),
                     point_words(study, best->point)});
  }
  return tiles;
}

void add_fronts(report::HtmlPage& page, const Study& study, const std::vector<Row>& rows) {
  constexpr std::size_t plots_max = 6;
  // Where colours tell the fronts apart, one plot has them all.
  const bool apart = study.each && study.each != study.series;
  const std::size_t plots = apart ? study.axes[*study.each].values.size() : 1;
  for (std::size_t i = 0; i < std::min(plots, plots_max); ++i) {
    const report::ScatterPlot plot = pareto_plot(study, rows, apart ? std::optional(i) : std::nullopt);
    if (plot.series.empty()) continue;
    page.figure(plot,
                "Every point that can be met. Those with a ring are on the Pareto front: none beats them in all "
                "objectives.");
  }
  if (plots > plots_max) page.note(fmt::format("And {} more.", plots - plots_max));
}

void add_axes(report::HtmlPage& page, const Study& study) {
  report::Table table({{.title = "Axis"}, {.title = "Key"}, {.title = "Values"}});
  for (const Axis& axis : study.axes) {
    constexpr std::size_t shown_max = 12;
    std::string values;
    for (std::size_t i = 0; i < axis.labels.size() && i < shown_max; ++i) {
      values += (values.empty() ? "" : ", ") + axis_cell(axis, i);
    }
    if (axis.labels.size() > shown_max) values += fmt::format(", ... ({})", axis.labels.size());
    if (axis.multiply) values += " times the file's";
    if (axis.with) values += fmt::format(", with {}", study.axes[*axis.with].name);
    table.row({axis.name, fmt::format("{}", fmt::join(axis.keys, ", ")), values});
  }
  page.section("Axes");
  page.table(table);
}

}  // namespace

std::string sweep_report(const Study& study, const Sweep& sweep, const std::string& command_line) {
  report::HtmlPage page(study.title);
  page.lead(points_words(study) + ".");
  page.tiles(tiles_of(study, sweep));
  const bool any = sweep.count(RowStatus::done) > 0;
  if (any && study.objectives.size() >= 2) {
    page.section("Pareto front");
    add_fronts(page, study, sweep.rows);
  }
  if (any && !study.objectives.empty()) page.table(row_table(study, sweep.rows, Rows::front, rows_max));
  if (any && plotted_axis(study)) {
    page.section(fmt::format("Along {}", study.axes[*plotted_axis(study)].name));
    for (const Objective& objective : study.objectives) {
      if (is_axis(study, objective)) continue;
      page.figure(axis_plot(study, sweep.rows, objective), "Over everything that is not shown, the best.");
    }
  }
  add_axes(page, study);
  const std::vector<Reason> reasons = reasons_of(sweep.rows);
  if (!reasons.empty()) {
    page.section("What cannot be met");
    report::Table table({{.title = "Points", .align = report::Align::right}, {.title = "First"}, {.title = "Reason"}});
    for (const Reason& reason : reasons) {
      table.row({report::count(reason.count), point_words(study, reason.point), reason.text});
    }
    page.table(table);
  }
  page.section("All points");
  page.table(row_table(study, sweep.rows, Rows::all, rows_max));
  return page.html({.command_line = command_line,
                    .version = fmt::format("plumb {}", PLUMB_VERSION),
                    .notes = {"Figures that an axis has put in place of the catalog's are assumptions, and a row with "
                              "one has the evidence \"assumed\"."}});
}

}  // namespace plumb::study
