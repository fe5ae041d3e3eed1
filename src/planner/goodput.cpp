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
  int passes = -1, fails = grid_points;
  while (fails - passes > 1) {
    const int middle = passes + (fails - passes) / 2;
    test.rate_per_s = grid_rate(rate_max, middle);
    LoadResult result = run(service, deployment, test);
    (result.met ? passes : fails) = middle;
    if (result.met) goodput.at = result;
    if (result.complete) goodput.complete_tests.push_back(std::move(result));
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
