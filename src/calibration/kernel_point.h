#pragma once
// One measured run of a kernel.

#include <array>
#include <cstddef>

namespace plumb::calibration {

/// The most columns of sizes that a family of kernels has.
inline constexpr std::size_t columns_max = 8;

struct KernelPoint {
  std::array<double, columns_max> at{};  ///< sizes, in the order of the family's columns (KernelModel::columns)
  double seconds = 0.0;                  ///< measured
};

}  // namespace plumb::calibration
