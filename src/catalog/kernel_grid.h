#pragma once
// What measurements say beyond a fit: ln(measured / equation) at the points of a grid over the sizes of a kernel, for
// each family and format. Between its points it is interpolated in the logarithms of the sizes; outside it says
// nothing, and the equation stands alone.
//
// As text, NAME.csv beside a calibration, a header for each grid and then a line for each pair of the first two sizes,
// the first slowest, with a value for each of the third; an empty field was not measured:
//
//   grid,gemm,bf16,m:1 2 4,n:512 1024,k:512 1024 2048
//   -3,0,12
//   ,4,-1
//   ...
//
// Values are whole hundredths: 12 is 0.12.
// Thread rule: immutable once read.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plumb::catalog {

/// A grid along its first size, the others held.
class GridLine {
 public:
  bool empty() const { return at_.empty(); }
  /// ln(measured / equation) at a size; nothing outside what was measured.
  std::optional<double> value(double size) const;

 private:
  friend class KernelGrid;
  std::vector<double> at_;     ///< logarithms of the first size
  std::vector<double> value_;  ///< NaN: not measured
};

class KernelGrid {
 public:
  struct Axis {
    std::string name;
    std::vector<double> sizes;  ///< ascending, above zero
  };
  /// Of three axes, with all values not measured.
  explicit KernelGrid(std::vector<Axis> axes);

  const std::vector<Axis>& axes() const { return axes_; }
  double& value(std::size_t first, std::size_t second, std::size_t third);
  double value(std::size_t first, std::size_t second, std::size_t third) const;
  /// The grid at these sizes of its second and third axis; empty outside.
  GridLine along_first(double second, double third) const;

 private:
  std::size_t index(std::size_t first, std::size_t second, std::size_t third) const {
    return (first * axes_[1].sizes.size() + second) * axes_[2].sizes.size() + third;
  }
  std::vector<Axis> axes_;
  std::vector<double> values_;
};

/// The grids of a calibration by family and format.
class KernelGrids {
 public:
  /// Errors have their line in `path`.
  [[nodiscard]] static Result<KernelGrids> parse(std::string_view text, const std::string& path);
  /// What parse() reads, the same bytes for the same grids.
  std::string text() const;

  const KernelGrid* find(std::string_view family, std::string_view format) const;
  void put(std::string family, std::string format, KernelGrid grid);
  bool empty() const { return grids_.empty(); }

 private:
  std::map<std::pair<std::string, std::string>, KernelGrid> grids_;
};

}  // namespace plumb::catalog
