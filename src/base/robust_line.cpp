#include "base/robust_line.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

#include "base/statistics.h"

namespace plumb {
namespace {

/// Indices in the order of x, thinned out evenly to at most `count_max`.
std::vector<std::size_t> picked(std::span<const double> x, std::size_t count_max) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  if (order.size() <= count_max) return order;
  std::vector<std::size_t> kept(count_max);
  for (std::size_t i = 0; i < count_max; ++i) kept[i] = order[i * (order.size() - 1) / (count_max - 1)];
  return kept;
}

}  // namespace

Line robust_line(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  constexpr std::size_t points_max = 1000;
  const std::vector<std::size_t> points = picked(x, points_max);
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double run = x[points[j]] - x[points[i]];
      if (run > 0.0) slopes.push_back((y[points[j]] - y[points[i]]) / run);
    }
  }
  Line line;
  line.slope = percentile(std::move(slopes), 50.0);
  std::vector<double> rests(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) rests[i] = y[i] - line.slope * x[i];
  line.intercept = percentile(std::move(rests), 50.0);
  return line;
}

}  // namespace plumb
