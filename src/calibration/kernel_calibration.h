#pragma once
// The fit of one family in one format to what was measured on one accelerator, and how near it comes.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibration/kernel_model.h"
#include "catalog/kernel_grid.h"

namespace plumb::calibration {

/// Median and 90th percentile of |ln(computed / measured)|.
struct Errors {
  double median = 0.0, p90 = 0.0;
};
Errors errors_of(std::span<const double> logarithms);

struct KernelCalibration {
  std::string format;
  std::vector<double> values;   ///< of the parameters, rounded as they are written
  std::size_t points = 0;       ///< that were used
  std::size_t passed_over = 0;  ///< that tell nothing of a step: KernelModel::is_usable
  std::string range;            ///< "m 1-32768, n 32-65536, k 32-65536"
  Errors fitted;                ///< of the equation
  Errors left_out;              ///< of the equation, each point left out of its fit with a tenth of the others
  std::optional<catalog::KernelGrid> grid;
  /// Of equation and grid, each point left out: the equation's parameters as for `left_out`, the grid from the point's
  /// neighbours along each size. As `left_out` where there is no grid.
  Errors interpolated;
  std::vector<KernelPoint> used;
  std::vector<double> computed;  ///< by the equation, of the points that were used
};

/// The family's parameters that the format does not tell are taken from `held`, the family's values in the format of
/// KernelModel::held_by; where that is empty they are fitted, or as good as none where no format holds them. Nothing if
/// too few points can be used.
std::optional<KernelCalibration> calibrate(const KernelModel& model, const Target& target, std::string_view format,
                                           std::span<const KernelPoint> points, std::span<const double> held);

/// Errors on other points with parameters from elsewhere: of another accelerator, of a class.
Errors errors_with(const KernelModel& model, const Target& target, std::string_view format,
                   std::span<const double> values, std::span<const KernelPoint> points);

/// The value of a parameter with as many digits as are written.
double rounded(double value);

}  // namespace plumb::calibration
