#include "calibration/kernel_calibration.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/statistics.h"
#include "calibration/grid_fit.h"
#include "calibration/least_squares.h"

namespace plumb::calibration {
namespace {

constexpr double scale = 0.1;  ///< residuals beyond a tenth count less and less
constexpr std::size_t folds = 10;

/// Fits to those of the points that are not in a fold.
class Fitting {
 public:
  Fitting(const KernelModel& model, const Target& target, std::string_view format, std::span<const double> held)
      : model_(model), target_(target), format_(format) {
    const auto parameters = model.family().parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      base_.push_back(held.empty() ? parameters[i].low : held[i]);
      if (!model.is_told(i, format) && (!held.empty() || model.held_by(format).empty())) continue;
      told_.push_back(i);
      unknowns_.push_back({parameters[i].low, parameters[i].high, parameters[i].start});
    }
  }

  std::vector<double> fit(std::span<const KernelPoint> points) const {
    std::vector<double> measured;
    for (const KernelPoint& point : points) measured.push_back(std::log(point.seconds));
    const Residuals residuals = [&](std::span<const double> values, std::span<double> into) {
      model_.seconds(target_, format_, whole(values), points, into);
      for (std::size_t i = 0; i < into.size(); ++i) into[i] = std::log(into[i]) - measured[i];
    };
    return whole(least_squares(unknowns_, points.size(), scale, residuals));
  }

  /// Later fits begin at these values.
  void begin_at(std::span<const double> values) {
    for (std::size_t i = 0; i < told_.size(); ++i) unknowns_[i].start = values[told_[i]];
  }

  std::size_t unknowns() const { return unknowns_.size(); }

 private:
  std::vector<double> whole(std::span<const double> told) const {
    std::vector<double> values = base_;
    for (std::size_t i = 0; i < told_.size(); ++i) values[told_[i]] = told[i];
    return values;
  }

  const KernelModel& model_;
  const Target& target_;
  std::string_view format_;
  std::vector<double> base_;
  std::vector<std::size_t> told_;
  std::vector<Unknown> unknowns_;
};

std::vector<double> logarithms(const KernelModel& model, const Target& target, std::string_view format,
                               std::span<const double> values, std::span<const KernelPoint> points) {
  std::vector<double> errors(points.size());
  model.seconds(target, format, values, points, errors);
  for (std::size_t i = 0; i < points.size(); ++i) errors[i] = std::log(errors[i] / points[i].seconds);
  return errors;
}

/// ln(computed / measured) of each point, by a fit to nine tenths of the points that it is not among.
std::vector<double> left_out_logarithms(Fitting& fitting, const KernelModel& model, const Target& target,
                                        std::string_view format, std::span<const KernelPoint> points) {
  std::vector<double> errors(points.size());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<KernelPoint> inside, outside;
    for (std::size_t i = 0; i < points.size(); ++i) (i % folds == fold ? outside : inside).push_back(points[i]);
    const std::vector<double> of_fold = logarithms(model, target, format, fitting.fit(inside), outside);
    for (std::size_t i = fold, j = 0; i < points.size(); i += folds, ++j) errors[i] = of_fold[j];
  }
  return errors;
}

std::string range_of(const KernelModel& model, std::span<const KernelPoint> points) {
  std::string text;
  for (std::size_t i = 0; i < model.columns().size(); ++i) {
    const auto [low, high] = std::minmax_element(points.begin(), points.end(),
                                                 [i](const auto& a, const auto& b) { return a.at[i] < b.at[i]; });
    text += fmt::format("{}{} {:g}", text.empty() ? "" : ", ", model.columns()[i], low->at[i]);
    if (high->at[i] > low->at[i]) text += fmt::format("-{:g}", high->at[i]);
  }
  return text;
}

/// By sizes, so that the order of a file changes nothing.
std::vector<KernelPoint> usable(const KernelModel& model, const Target& target, std::string_view format,
                                std::span<const KernelPoint> points) {
  std::vector<KernelPoint> used;
  for (const KernelPoint& point : points) {
    if (model.is_usable(target, format, point)) used.push_back(point);
  }
  std::sort(used.begin(), used.end(), [](const KernelPoint& a, const KernelPoint& b) {
    return a.at != b.at ? a.at < b.at : a.seconds < b.seconds;
  });
  return used;
}

}  // namespace

Errors errors_of(std::span<const double> values) {
  std::vector<double> sizes;
  for (const double value : values) sizes.push_back(std::abs(value));
  std::sort(sizes.begin(), sizes.end());
  return {percentile_sorted(sizes, 50.0), percentile_sorted(sizes, 90.0)};
}

double rounded(double value) {
  constexpr int digits = 4;
  if (value == 0.0) return 0.0;
  const double unit = std::pow(10.0, digits - 1 - std::floor(std::log10(std::abs(value))));
  return std::round(value * unit) / unit;
}

std::optional<KernelCalibration> calibrate(const KernelModel& model, const Target& target, std::string_view format,
                                           std::span<const KernelPoint> points, std::span<const double> held) {
  KernelCalibration result;
  result.format = std::string(format);
  result.used = usable(model, target, format, points);
  result.points = result.used.size();
  result.passed_over = points.size() - result.points;
  Fitting fitting(model, target, format, held);
  constexpr std::size_t points_per_unknown = 5;
  if (result.points < points_per_unknown * fitting.unknowns()) return std::nullopt;
  result.range = range_of(model, result.used);
  const auto parameters = model.family().parameters;
  const std::vector<double> fitted = fitting.fit(result.used);
  for (std::size_t i = 0; i < fitted.size(); ++i)
    result.values.push_back(std::clamp(rounded(fitted[i]), parameters[i].low, parameters[i].high));
  result.computed.resize(result.points);
  model.seconds(target, format, result.values, result.used, result.computed);
  const std::vector<double> errors = logarithms(model, target, format, result.values, result.used);
  result.fitted = errors_of(errors);
  fitting.begin_at(fitted);
  const std::vector<double> left_out = left_out_logarithms(fitting, model, target, format, result.used);
  result.left_out = result.interpolated = errors_of(left_out);
  if (const auto columns = model.grid_columns()) {
    result.grid = grid_of(model, *columns, result.used, errors);
    result.interpolated = errors_of(left_out_of_grid(*columns, result.used, errors, left_out));
  }
  return result;
}

Errors errors_with(const KernelModel& model, const Target& target, std::string_view format,
                   std::span<const double> values, std::span<const KernelPoint> points) {
  return errors_of(logarithms(model, target, format, values, usable(model, target, format, points)));
}

}  // namespace plumb::calibration
