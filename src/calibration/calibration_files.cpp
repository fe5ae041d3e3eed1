// Calibrations as files of the catalog.

#include <map>

#include <fmt/format.h>

#include "base/unit.h"
#include "calibration/calibration.h"

namespace plumb::calibration {
namespace {

/// A text in quotes as TOML has it.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + '"';
}

std::string value_text(const catalog::KernelParameter& parameter, double value) {
  constexpr double nano = 1e-9;
  return parameter.is_time ? quoted(fmt::format("{:.4g} ns", value / nano)) : fmt::format("{:.4g}", value);
}

/// The table of one fit.
struct FitTable {
  const KernelModel* model;
  std::string_view format;
  std::span<const double> values;
  Errors fitted, left_out;
  std::size_t points;
  std::string_view range, source, note;
};

std::string table_text(const FitTable& fit) {
  std::string text = fmt::format("\n[kernel.{}.{}]\n", fit.model->family().name, fit.format);
  const auto parameters = fit.model->family().parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    text += fmt::format("{} = {}\n", parameters[i].key, value_text(parameters[i], fit.values[i]));
  text += fmt::format("fit = {{ error = {:.4f}, left_out = {:.4f}, p90 = {:.4f}, points = {}, range = {}, source = {}",
                      fit.fitted.median, fit.left_out.median, fit.left_out.p90, fit.points, quoted(fit.range),
                      quoted(fit.source));
  if (!fit.note.empty()) text += fmt::format(", note = {}", quoted(fit.note));
  return text + " }\n";
}

std::string head_text(std::string_view of, std::string_view title, std::string_view command) {
  return fmt::format("of = \"{}\"\ntitle = {}\ncommand = {}\n", of, quoted(title), quoted(command));
}

std::string accelerator_text(std::span<const AcceleratorFit* const> fits, std::string_view title,
                             std::string_view command) {
  std::string text = head_text("accelerator", fmt::format("{}: kernels", title), command);
  text += "\n[sources]\n";
  std::map<std::string_view, std::string> sources;
  for (const AcceleratorFit* fit : fits)
    sources[fit->model->family().name] = fit->source.empty() ? fit->path : fit->source;
  for (const auto& [family, source] : sources) text += fmt::format("{} = {}\n", family, quoted(source));
  for (const AcceleratorFit* fit : fits) {
    const KernelCalibration& kernels = fit->kernels;
    std::string note = kernels.passed_over == 0 ? "" : fmt::format("{} points passed over", kernels.passed_over);
    text += table_text({fit->model, kernels.format, kernels.values, kernels.fitted,
                        kernels.grid ? kernels.interpolated : kernels.left_out, kernels.points, kernels.range,
                        fit->model->family().name, note});
  }
  return text;
}

std::string class_text(std::span<const ClassFit* const> fits, std::string_view name, std::string_view command) {
  std::string text =
      head_text("class", fmt::format("Class {}: kernels of accelerators that nobody has measured", name), command);
  text +=
      "\n[sources]\nmedian = \"of each parameter the median over the calibrations of the class's accelerators; the "
      "error is the median over them of what each has with the medians of the others\"\n";
  for (const ClassFit* fit : fits) {
    const std::string range = fmt::format("{}", fmt::join(fit->accelerators, ", "));
    text += table_text({fit->model, fit->format, fit->values, fit->as_new, fit->as_new, fit->accelerators.size(), range,
                        "median", "points and range are accelerators"});
  }
  return text;
}

}  // namespace

std::vector<CalibrationFile> calibration_files(const Calibrated& calibrated, const catalog::Catalog& catalog,
                                               std::string_view command) {
  std::map<std::string, std::vector<const AcceleratorFit*>> by_accelerator;
  std::map<std::string, std::vector<const ClassFit*>> by_class;
  for (const AcceleratorFit& fit : calibrated.accelerators) by_accelerator[fit.accelerator].push_back(&fit);
  for (const ClassFit& fit : calibrated.classes) by_class[fit.efficiency_class].push_back(&fit);
  std::vector<CalibrationFile> files;
  for (const auto& [name, fits] : by_accelerator) {
    files.push_back(
        {fmt::format("calibrations/{}.toml", name), accelerator_text(fits, catalog.accelerator(name)->title, command)});
    catalog::KernelGrids grids;
    for (const AcceleratorFit* fit : fits) {
      if (fit->kernels.grid) grids.put(std::string(fit->model->family().name), fit->kernels.format, *fit->kernels.grid);
    }
    if (!grids.empty()) files.push_back({fmt::format("calibrations/{}.csv", name), grids.text()});
  }
  for (const auto& [name, fits] : by_class)
    files.push_back({fmt::format("calibrations/{}.toml", name), class_text(fits, name, command)});
  return files;
}

}  // namespace plumb::calibration
