#include "cli/calibration_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/json_writer.h"
#include "report/plot.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using calibration::AcceleratorFit;
using calibration::Calibrated;
using calibration::ClassFit;
using calibration::Errors;

/// Of the share as files of the catalog have it, so that both say the same.
std::string percent(double share) { return fmt::format("{:.1f}", std::round(1e4 * share) / 100.0); }

/// The columns of the table of errors, and a line of it.
constexpr std::array<std::string_view, 9> columns{"Accelerator", "Kernels", "Points", "fit", "left out",
                                                  "with grid",   "p90",     "as new", "p90"};

std::vector<std::string> line_of(const AcceleratorFit& fit) {
  const auto& kernels = fit.kernels;
  return {fit.accelerator,
          fmt::format("{} {}", fit.model->family().name, kernels.format),
          fmt::format("{}", kernels.points),
          percent(kernels.fitted.median),
          percent(kernels.left_out.median),
          kernels.grid ? percent(kernels.interpolated.median) : "-",
          percent(kernels.interpolated.p90),
          fit.as_new ? percent(fit.as_new->median) : "-",
          fit.as_new ? percent(fit.as_new->p90) : "-"};
}

std::string parameters_of(const calibration::KernelModel& model, const std::vector<double>& values) {
  std::string text;
  const auto parameters = model.family().parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!text.empty()) text += "  ";
    text += fmt::format(
        "{} {}", parameters[i].key,
        parameters[i].is_time ? fmt::format("{:.3g} ns", values[i] * 1e9) : fmt::format("{:.3g}", values[i]));
  }
  return text;
}

void write_errors(report::JsonWriter& json, std::string_view key, const Errors& errors) {
  json.begin_object(key);
  json.member("median", errors.median);
  json.member("p90", errors.p90);
  json.end_object();
}

void write_parameters(report::JsonWriter& json, const calibration::KernelModel& model,
                      const std::vector<double>& values) {
  json.begin_object("parameters");
  const auto parameters = model.family().parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    json.member(fmt::format("{}{}", parameters[i].key, parameters[i].is_time ? "_s" : ""), values[i]);
  json.end_object();
}

}  // namespace

std::string calibration_text(const Calibrated& calibrated, const report::Style& style) {
  std::vector<report::Column> heads;
  for (std::size_t i = 0; i < columns.size(); ++i)
    heads.push_back({std::string(columns[i]), i < 3 ? "" : "%", i < 2 ? report::Align::left : report::Align::right});
  report::Table table(std::move(heads));
  table.caption = "Median of |ln(computed / measured)|";
  for (const AcceleratorFit& fit : calibrated.accelerators) table.row(line_of(fit));
  table.note(
      "fit: by the equation. left out: each point by a fit without it. with grid: interpolated from measured "
      "neighbours, each point without itself, and p90 of that. as new: with the median parameters of the other "
      "accelerators of the class.");
  std::string text = render_text(table, style);
  for (const AcceleratorFit& fit : calibrated.accelerators) {
    text += fmt::format("\n{} {} {}\n  {}\n", fit.accelerator, fit.model->family().name, fit.kernels.format,
                        parameters_of(*fit.model, fit.kernels.values));
  }
  for (const ClassFit& fit : calibrated.classes) {
    text += fmt::format("\nclass {} {} {}, of {}\n  {}\n", fit.efficiency_class, fit.model->family().name, fit.format,
                        fmt::join(fit.accelerators, ", "), parameters_of(*fit.model, fit.values));
  }
  return text;
}

std::string calibration_markdown(const Calibrated& calibrated) {
  std::string text = fmt::format("| {} |\n", fmt::join(columns, " | "));
  text += "| --- | --- |";
  for (std::size_t i = 2; i < columns.size(); ++i) text += " ---: |";
  text += "\n";
  for (const AcceleratorFit& fit : calibrated.accelerators)
    text += fmt::format("| {} |\n", fmt::join(line_of(fit), " | "));
  return text;
}

std::string calibration_json(const Calibrated& calibrated) {
  report::JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.calibration/1");
  json.begin_array("accelerators");
  for (const AcceleratorFit& fit : calibrated.accelerators) {
    json.begin_object();
    json.member("accelerator", fit.accelerator);
    json.member("family", fit.model->family().name);
    json.member("format", fit.kernels.format);
    json.member("points", fit.kernels.points);
    json.member("points_passed_over", fit.kernels.passed_over);
    json.member("range", fit.kernels.range);
    json.member("source", fit.source);
    write_parameters(json, *fit.model, fit.kernels.values);
    write_errors(json, "fit", fit.kernels.fitted);
    write_errors(json, "left_out", fit.kernels.left_out);
    if (fit.kernels.grid) write_errors(json, "with_grid", fit.kernels.interpolated);
    if (fit.as_new) write_errors(json, "as_new", *fit.as_new);
    json.end_object();
  }
  json.end_array();
  json.begin_array("classes");
  for (const ClassFit& fit : calibrated.classes) {
    json.begin_object();
    json.member("class", fit.efficiency_class);
    json.member("family", fit.model->family().name);
    json.member("format", fit.format);
    json.member_array("accelerators", fit.accelerators);
    write_parameters(json, *fit.model, fit.values);
    write_errors(json, "as_new", fit.as_new);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string calibration_plot(const Calibrated& calibrated) {
  constexpr std::size_t points_of_a_fit = 400;
  constexpr double micro = 1e6;
  report::ScatterPlot plot;
  plot.title = "Computed against measured time";
  plot.description = "Every point is a kernel of one size; on the line both times are equal.";
  plot.x = {.title = "Measured (us)", .log = true};
  plot.y = {.title = "Computed by the equation (us)", .log = true};
  plot.frontier_name = "equal";
  double least = 1e300, most = 0.0;
  for (const AcceleratorFit& fit : calibrated.accelerators) {
    report::ScatterSeries series{fmt::format("{} {} {}", fit.accelerator, fit.model->family().name, fit.kernels.format),
                                 {}};
    const std::size_t every = fit.kernels.points / points_of_a_fit + 1;
    for (std::size_t i = 0; i < fit.kernels.points; i += every) {
      const double measured = micro * fit.kernels.used[i].seconds;
      series.points.push_back({.x = measured, .y = micro * fit.kernels.computed[i]});
      least = std::min(least, measured);
      most = std::max(most, measured);
    }
    plot.series.push_back(std::move(series));
  }
  if (most > 0.0) plot.frontier = {{least, least}, {most, most}};
  return plot.svg();
}

}  // namespace plumb::cli
