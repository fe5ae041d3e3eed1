#include "catalog/kernel_grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace plumb::catalog {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Between which two sizes one lies, and how far from the first, by logarithms.
struct Between {
  std::size_t low = 0, high = 0;
  double share = 0.0;
};

std::optional<Between> between(const std::vector<double>& sizes, double size) {
  if (sizes.empty() || size < sizes.front() || size > sizes.back()) return std::nullopt;
  const auto above = std::lower_bound(sizes.begin(), sizes.end(), size);
  const auto high = static_cast<std::size_t>(above - sizes.begin());
  if (*above == size) return Between{high, high, 0.0};
  return Between{high - 1, high, std::log(size / sizes[high - 1]) / std::log(sizes[high] / sizes[high - 1])};
}

}  // namespace

std::optional<double> GridLine::value(double size) const {
  if (at_.empty() || size <= 0.0) return std::nullopt;
  const double at = std::log(size);
  constexpr double rounding = 1e-9;
  if (at < at_.front() - rounding || at > at_.back() + rounding) return std::nullopt;
  const auto above = std::lower_bound(at_.begin(), at_.end(), at - rounding);
  const auto high = std::min(static_cast<std::size_t>(above - at_.begin()), at_.size() - 1);
  if (high == 0 || at > at_[high] - rounding) {
    return std::isnan(value_[high]) ? std::nullopt : std::optional(value_[high]);
  }
  const double low_value = value_[high - 1], high_value = value_[high];
  if (std::isnan(low_value) || std::isnan(high_value)) return std::nullopt;
  return low_value + (high_value - low_value) * (at - at_[high - 1]) / (at_[high] - at_[high - 1]);
}

KernelGrid::KernelGrid(std::vector<Axis> axes)
    : axes_(std::move(axes)), values_(axes_[0].sizes.size() * axes_[1].sizes.size() * axes_[2].sizes.size(), unknown) {}

double& KernelGrid::value(std::size_t first, std::size_t second, std::size_t third) {
  return values_[index(first, second, third)];
}

double KernelGrid::value(std::size_t first, std::size_t second, std::size_t third) const {
  return values_[index(first, second, third)];
}

GridLine KernelGrid::along_first(double second, double third) const {
  GridLine line;
  const auto in_second = between(axes_[1].sizes, second), in_third = between(axes_[2].sizes, third);
  if (!in_second || !in_third) return line;
  for (std::size_t first = 0; first < axes_[0].sizes.size(); ++first) {
    const std::array<double, 4> corners{
        value(first, in_second->low, in_third->low), value(first, in_second->low, in_third->high),
        value(first, in_second->high, in_third->low), value(first, in_second->high, in_third->high)};
    const double s = in_second->share, t = in_third->share;
    const std::array<double, 4> weights{(1 - s) * (1 - t), (1 - s) * t, s * (1 - t), s * t};
    double sum = 0.0, weight = 0.0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      if (weights[i] == 0.0 || std::isnan(corners[i])) continue;
      sum += weights[i] * corners[i];
      weight += weights[i];
    }
    line.at_.push_back(std::log(axes_[0].sizes[first]));
    line.value_.push_back(weight >= 0.5 ? sum / weight : unknown);
  }
  return line;
}

const KernelGrid* KernelGrids::find(std::string_view family, std::string_view format) const {
  const auto found = grids_.find(std::pair(std::string(family), std::string(format)));
  return found == grids_.end() ? nullptr : &found->second;
}

void KernelGrids::put(std::string family, std::string format, KernelGrid grid) {
  grids_.insert_or_assign({std::move(family), std::move(format)}, std::move(grid));
}

}  // namespace plumb::catalog
