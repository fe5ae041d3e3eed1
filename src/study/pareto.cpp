#include "study/pareto.h"

#include <algorithm>
#include <numeric>

namespace plumb::study {

bool beats(std::span<const double> a, std::span<const double> b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better = better || a[i] < b[i];
  }
  return better;
}

std::vector<bool> pareto_front(const std::vector<std::vector<double>>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // What beats a point comes before it in the order of the objectives, one after the other.
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  std::vector<std::size_t> front;
  std::vector<bool> on_front(points.size(), false);
  for (const std::size_t i : order) {
    on_front[i] = std::none_of(front.begin(), front.end(), [&](std::size_t j) { return beats(points[j], points[i]); });
    if (on_front[i]) front.push_back(i);
  }
  return on_front;
}

}  // namespace plumb::study
