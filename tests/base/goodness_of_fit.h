#pragma once
// Tests of whether samples come from a distribution. Seeds are fixed, so a test passes always or never; a significance
// of 0.001 says how unlucky a right sampler's seed would have to be for it to fail when it was written.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace plumb::fit {

inline constexpr double significance = 0.001;
inline constexpr double normal_quantile = 3.0902323;  // of 1 - significance

/// The largest distance of the samples' distribution from `cdf` (Kolmogorov-Smirnov).
inline double ks_distance(std::vector<double> samples, const std::function<double(double)>& cdf) {
  std::sort(samples.begin(), samples.end());
  const double n = static_cast<double>(samples.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double expected = cdf(samples[i]);
    distance = std::max({distance, static_cast<double>(i + 1) / n - expected, expected - static_cast<double>(i) / n});
  }
  return distance;
}

/// The distance that a right sampler exceeds with probability `significance` (Kolmogorov's limit, good from n = 100).
inline double ks_distance_max(std::size_t n) {
  return std::sqrt(-0.5 * std::log(significance / 2.0)) / std::sqrt(static_cast<double>(n));
}

/// Pearson's sum over the classes of (observed - expected)^2 / expected.
inline double chi_square(const std::vector<double>& observed, const std::vector<double>& expected) {
  double sum = 0.0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    sum += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
  }
  return sum;
}

/// The sum that is exceeded with probability `significance` (Wilson and Hilferty 1931).
inline double chi_square_max(std::size_t classes) {
  const double freedom = static_cast<double>(classes - 1);
  const double spread = 2.0 / (9.0 * freedom);
  return freedom * std::pow(1.0 - spread + normal_quantile * std::sqrt(spread), 3.0);
}

/// `count` draws.
inline std::vector<double> draws(std::size_t count, const std::function<double()>& draw) {
  std::vector<double> samples(count);
  for (double& sample : samples) sample = draw();
  return samples;
}

}  // namespace plumb::fit
