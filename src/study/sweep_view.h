#pragma once
// A sweep as people read it: on the terminal, as JSON and as a page with plots.

#include <string>

#include "report/line_plot.h"
#include "report/scatter_plot.h"
#include "report/table.h"
#include "study/sweep.h"

namespace plumb::study {

/// "24 points of plan companion.toml: accelerator (6) x rate (4)"
std::string points_words(const Study& study);
/// "accelerator h100-sxm, rate 8": where a point lies.
std::string point_words(const Study& study, std::size_t point);
/// "minimise cost_usd_per_hour, maximise output_throughput_per_user"
std::string objective_words(const Study& study);
/// What an objective is, for tables and plots: its column's title and unit, or its axis.
struct ObjectiveWords {
  std::string title, unit;
  std::string both() const;  ///< "Cost ($/h)"
};
/// Whether the objective is an axis, of which nothing is found out.
bool is_axis(const Study& study, const Objective& objective);
ObjectiveWords words_of(const Study& study, const Objective& objective);
/// A value of an axis in a table: a fraction in four figures.
std::string axis_cell(const Axis& axis, std::size_t position);

/// Which rows a table has.
enum class Rows { all, front };
/// As many columns as fit into `columns_max` characters (0: all), the axes and the objectives first. Rows of the front
/// are marked. Rows beyond `rows_max` are left out, and a note says so.
report::Table row_table(const Study& study, const std::vector<Row>& rows, Rows which, std::size_t rows_max,
                        std::size_t columns_max = 0);

/// Why points could not be met: each reason once, with how many points have it.
struct Reason {
  std::string text;
  std::size_t count = 0;
  std::size_t point = 0;  ///< the first that has it
};
std::vector<Reason> reasons_of(const std::vector<Row>& rows);

/// The first objective against the second, one series for each value of the study's series axis. With a
/// `position`, of the points there on the axis Study::each alone.
report::ScatterPlot pareto_plot(const Study& study, const std::vector<Row>& rows,
                                std::optional<std::size_t> position = std::nullopt);
/// An objective along the longest axis that is a number; over the others, the best.
report::LinePlot axis_plot(const Study& study, const std::vector<Row>& rows, const Objective& objective);
/// The axis that axis_plot() goes along; nothing where there is none.
std::optional<std::size_t> plotted_axis(const Study& study);

/// docs/sweep.md describes every line, member and part.
std::string sweep_text(const Study& study, const Sweep& sweep, const report::Style& style);
std::string sweep_json(const Study& study, const std::vector<Row>& rows);
std::string sweep_report(const Study& study, const Sweep& sweep, const std::string& command_line);

}  // namespace plumb::study
