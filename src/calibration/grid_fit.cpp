#include "calibration/grid_fit.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace plumb::calibration {
namespace {

using Columns = std::array<std::size_t, 3>;
using Indices = std::array<std::size_t, 3>;

/// The sizes that points have in each of three columns, and where each of them stands.
class Lattice {
 public:
  Lattice(const Columns& columns, std::span<const KernelPoint> points) : columns_(columns) {
    for (std::size_t axis = 0; axis < columns.size(); ++axis) {
      std::set<double> sizes;
      for (const KernelPoint& point : points) sizes.insert(point.at[columns[axis]]);
      sizes_[axis].assign(sizes.begin(), sizes.end());
    }
  }
  const std::vector<double>& sizes(std::size_t axis) const { return sizes_[axis]; }
  Indices indices(const KernelPoint& point) const {
    Indices indices{};
    for (std::size_t axis = 0; axis < indices.size(); ++axis) {
      const auto at = std::lower_bound(sizes_[axis].begin(), sizes_[axis].end(), point.at[columns_[axis]]);
      indices[axis] = static_cast<std::size_t>(at - sizes_[axis].begin());
    }
    return indices;
  }

 private:
  Columns columns_;
  std::array<std::vector<double>, 3> sizes_;
};

struct Neighbour {
  double at = 0.0, error = 0.0;
};

/// The nearest point in a direction along an axis.
std::optional<Neighbour> neighbour(const Lattice& lattice, const std::map<Indices, double>& errors, Indices from,
                                   std::size_t axis, int direction) {
  constexpr int reach = 2;
  for (int step = 1; step <= reach; ++step) {
    const auto place = static_cast<std::ptrdiff_t>(from[axis]) + direction;
    if (place < 0 || place >= static_cast<std::ptrdiff_t>(lattice.sizes(axis).size())) return std::nullopt;
    from[axis] = static_cast<std::size_t>(place);
    if (const auto found = errors.find(from); found != errors.end())
      return Neighbour{std::log(lattice.sizes(axis)[from[axis]]), found->second};
  }
  return std::nullopt;
}

}  // namespace

catalog::KernelGrid grid_of(const KernelModel& model, const Columns& columns, std::span<const KernelPoint> points,
                            std::span<const double> errors) {
  const Lattice lattice(columns, points);
  std::vector<catalog::KernelGrid::Axis> axes;
  for (std::size_t axis = 0; axis < columns.size(); ++axis)
    axes.push_back({std::string(model.columns()[columns[axis]]), lattice.sizes(axis)});
  catalog::KernelGrid grid(std::move(axes));
  std::map<Indices, std::pair<double, double>> sums;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto& [sum, count] = sums[lattice.indices(points[i])];
    sum -= errors[i];
    count += 1.0;
  }
  for (const auto& [at, sum] : sums) grid.value(at[0], at[1], at[2]) = sum.first / sum.second;
  return grid;
}

std::vector<double> left_out_of_grid(const Columns& columns, std::span<const KernelPoint> points,
                                     std::span<const double> errors, std::span<const double> left_out) {
  const Lattice lattice(columns, points);
  std::map<Indices, double> known;
  for (std::size_t i = 0; i < points.size(); ++i) known[lattice.indices(points[i])] = errors[i];
  std::vector<double> result;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Indices at = lattice.indices(points[i]);
    double sum = 0.0, count = 0.0;
    for (std::size_t axis = 0; axis < columns.size(); ++axis) {
      const auto below = neighbour(lattice, known, at, axis, -1), above = neighbour(lattice, known, at, axis, 1);
      if (!below && !above) continue;
      const double here = std::log(points[i].at[columns[axis]]);
      if (below && above) {
        sum += below->error + (above->error - below->error) * (here - below->at) / (above->at - below->at);
      } else {
        sum += below ? below->error : above->error;
      }
      count += 1.0;
    }
    result.push_back(left_out[i] - (count > 0.0 ? sum / count : 0.0));
  }
  return result;
}

}  // namespace plumb::calibration
