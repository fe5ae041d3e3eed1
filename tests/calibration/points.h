#pragma once
// Made-up measurements whose parameters are known.

#include <cmath>
#include <vector>

#include "base/random.h"
#include "calibration/kernel_model.h"
#include "support/machines.h"

namespace plumb::test {

inline calibration::Target target() {
  calibration::Target target{machine(ideal_class()), 50e6};
  return target;
}

/// The sizes of a lattice, with the times of the equation at these values of the parameters, each times a factor of up
/// to 1 +- `noise`.
inline std::vector<calibration::KernelPoint> gemm_points(std::span<const double> values, std::string_view format,
                                                         double noise) {
  std::vector<calibration::KernelPoint> points;
  for (double m = 1; m <= 16384; m *= 4) {
    for (const double n : {64, 512, 2048, 8192, 65536}) {
      for (const double k : {128, 1024, 4096, 16384}) points.push_back({{m, n, k}, 0.0});
    }
  }
  std::vector<double> seconds(points.size());
  calibration::gemm_model().seconds(target(), format, values, points, seconds);
  Stream stream(7, "noise");
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i].seconds = seconds[i] * (1.0 + noise * (2.0 * stream.uniform() - 1.0));
  return points;
}

}  // namespace plumb::test
