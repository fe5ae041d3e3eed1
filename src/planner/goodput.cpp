#include "planner/goodput.h"

#include <algorithm>
#include <cmath>

namespace plumb::planner {
namespace {

double grid_rate(double rate_max, int index) {
  const double exponent = static_cast<double>(index - (grid_points - 1)) / (grid_points - 1);
  return rate_max * std::pow(grid_span, exponent);
}

}  // namespace

Goodput find_goodput(const Service& service, const serving::CompiledDeployment& deployment, double rate_max,
                     std::int64_t requests) {
  Goodput goodput;
  LoadTest test;
  test.requests = requests;
  test.stop_when_missed = true;
  const auto passes_at = [&](int index) {
    test.rate_per_s = grid_rate(rate_max, index);
    LoadResult result = run(service, deployment, test);
    const bool met = result.met;
    if (met) goodput.at = result;
    if (result.complete) goodput.complete_tests.push_back(std::move(result));
    return met;
  };
  // Down from the top in doubling strides, for goodput is usually near capacity and failing tests end early; then the
  // middle of what is left.
  int passes = -1, fails = grid_points;
  for (int stride = 1; passes < 0 && fails > 0; stride *= 2) {
    const int index = std::max(0, fails - stride);
    (passes_at(index) ? passes : fails) = index;
  }
  while (fails - passes > 1) {
    const int middle = passes + (fails - passes) / 2;
    (passes_at(middle) ? passes : fails) = middle;
  }
  std::sort(goodput.complete_tests.begin(), goodput.complete_tests.end(),
            [](const LoadResult& a, const LoadResult& b) { return a.rate_per_s < b.rate_per_s; });
  if (passes >= 0) {
    goodput.rate_per_s = goodput.at.rate_per_s;
  } else {
    test.rate_per_s = grid_rate(rate_max, 0);
    test.stop_when_missed = false;
    goodput.at = run(service, deployment, test);
  }
  return goodput;
}

}  // namespace plumb::planner
