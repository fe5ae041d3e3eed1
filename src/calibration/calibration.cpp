#include "calibration/calibration.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/parallel.h"
#include "base/statistics.h"

namespace plumb::calibration {
namespace {

/// "h100-sxm.gemm.csv.zst" -> h100-sxm, gemm.
struct FileName {
  std::string accelerator, family;
};
std::optional<FileName> file_name(std::string name) {
  for (const std::string_view extension : {".gz", ".zst"}) {
    if (name.ends_with(extension)) name.resize(name.size() - extension.size());
  }
  constexpr std::string_view csv = ".csv";
  if (!name.ends_with(csv)) return std::nullopt;
  name.resize(name.size() - csv.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  return FileName{name.substr(0, dot), name.substr(dot + 1)};
}

/// Fits all formats of one table, those first that others hold to.
std::vector<AcceleratorFit> fits_of(const Measured& measured, const Target& target, std::string_view of_class) {
  std::vector<AcceleratorFit> fits;
  for (const std::string_view format : catalog::kernel_formats) {
    const auto points = measured.table.points.find(format);
    if (points == measured.table.points.end() || !peak_flops_per_s(target.machine, format)) continue;
    std::vector<double> held;
    for (const AcceleratorFit& fit : fits) {
      if (fit.kernels.format == measured.model->held_by(format)) held = fit.kernels.values;
    }
    auto kernels = calibrate(*measured.model, target, format, points->second, held);
    if (!kernels) continue;
    fits.push_back({measured.accelerator, std::string(of_class), measured.model, *std::move(kernels), std::nullopt,
                    measured.table.source, measured.path});
  }
  return fits;
}

/// The median of each parameter by logarithm.
std::vector<double> medians(const std::vector<const AcceleratorFit*>& fits) {
  std::vector<double> values;
  for (std::size_t i = 0; i < fits.front()->kernels.values.size(); ++i) {
    std::vector<double> logarithms;
    for (const AcceleratorFit* fit : fits) logarithms.push_back(std::log(fit->kernels.values[i]));
    const catalog::KernelParameter& parameter = fits.front()->model->family().parameters[i];
    values.push_back(std::clamp(rounded(std::exp(percentile(logarithms, 50.0))), parameter.low, parameter.high));
  }
  return values;
}

void transfer(std::vector<AcceleratorFit>& fits, const std::map<std::string, Target, std::less<>>& targets,
              std::vector<ClassFit>& classes) {
  std::map<std::tuple<std::string, std::string_view, std::string>, std::vector<AcceleratorFit*>> groups;
  for (AcceleratorFit& fit : fits)
    groups[{fit.efficiency_class, fit.model->family().name, fit.kernels.format}].push_back(&fit);
  for (auto& [key, group] : groups) {
    if (group.size() < 2) continue;
    ClassFit of_class{std::get<0>(key), group.front()->model, std::get<2>(key), {}, {}, {}};
    of_class.values = medians({group.begin(), group.end()});
    std::vector<double> median_errors, p90_errors;
    for (AcceleratorFit* fit : group) {
      std::vector<const AcceleratorFit*> others;
      std::copy_if(group.begin(), group.end(), std::back_inserter(others),
                   [&](const auto* other) { return other != fit; });
      const Target& target = targets.find(fit->accelerator)->second;
      fit->as_new = errors_with(*fit->model, target, fit->kernels.format, medians(others), fit->kernels.used);
      median_errors.push_back(fit->as_new->median);
      p90_errors.push_back(fit->as_new->p90);
      of_class.accelerators.push_back(fit->accelerator);
    }
    of_class.as_new = {percentile(median_errors, 50.0), percentile(p90_errors, 50.0)};
    classes.push_back(std::move(of_class));
  }
}

}  // namespace

Result<std::vector<Measured>> read_kernel_tables(const std::string& folder, std::string_view accelerator,
                                                 std::string_view family) {
  std::error_code code;
  std::set<std::string> names;
  for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    names.insert(at->path().filename().string());
  if (code) {
    return fail(input_error({folder, 0, 0}, fmt::format("cannot read the folder: {}", code.message()),
                            "a folder of tables ACCELERATOR.FAMILY.csv"));
  }
  std::vector<Measured> tables;
  for (const std::string& name : names) {
    const std::optional<FileName> parts = file_name(name);
    const KernelModel* model = parts ? kernel_model(parts->family) : nullptr;
    if (model == nullptr || (!accelerator.empty() && parts->accelerator != accelerator) ||
        (!family.empty() && parts->family != family))
      continue;
    const std::string path = (std::filesystem::path(folder) / name).string();
    PLUMB_ASSIGN(KernelTable table, read_kernel_table(path, *model));
    tables.push_back({parts->accelerator, model, std::move(table), path});
  }
  return tables;
}

Result<Calibrated> calibrate(const catalog::Catalog& catalog, const std::vector<Measured>& measured, int jobs) {
  std::map<std::string, Target, std::less<>> targets;
  for (const Measured& table : measured) {
    const catalog::Accelerator* accelerator = catalog.accelerator(table.accelerator);
    if (accelerator == nullptr) return fail(catalog.unknown_accelerator(table.accelerator, {table.path, 0, 0}));
    PLUMB_ASSIGN(accelerator::Machine machine, accelerator::resolve(catalog, *accelerator));
    const double sram = accelerator->sram ? accelerator->sram->value.value() : 0.0;
    targets.insert_or_assign(table.accelerator, Target{std::move(machine), sram});
  }
  std::vector<std::vector<AcceleratorFit>> of_tables(measured.size());
  parallel_for(measured.size(), jobs, [&](std::size_t i) {
    const catalog::Accelerator& accelerator = *catalog.accelerator(measured[i].accelerator);
    of_tables[i] = fits_of(measured[i], targets.find(measured[i].accelerator)->second, accelerator.efficiency_class);
  });
  Calibrated calibrated;
  for (std::vector<AcceleratorFit>& fits : of_tables)
    std::move(fits.begin(), fits.end(), std::back_inserter(calibrated.accelerators));
  transfer(calibrated.accelerators, targets, calibrated.classes);
  return calibrated;
}

}  // namespace plumb::calibration
