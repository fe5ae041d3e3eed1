#pragma once
// Grids of what measurements say beyond an equation (catalog/kernel_grid.h), made from the points of a table.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "calibration/kernel_model.h"
#include "catalog/kernel_grid.h"

namespace plumb::calibration {

/// Over the sizes that the points have in these columns. `errors` are ln(computed / measured) of each point; the grid's
/// values are their negatives, the mean where several points are of one size.
catalog::KernelGrid grid_of(const KernelModel& model, const std::array<std::size_t, 3>& columns,
                            std::span<const KernelPoint> points, std::span<const double> errors);

/// ln(computed / measured) of each point by equation and grid without it: `left_out` of the equation, plus the grid's
/// value from the neighbours at most two places away along each size, interpolated between them or, at an end, the
/// only one's; the mean over the sizes.
std::vector<double> left_out_of_grid(const std::array<std::size_t, 3>& columns, std::span<const KernelPoint> points,
                                     std::span<const double> errors, std::span<const double> left_out);

}  // namespace plumb::calibration
