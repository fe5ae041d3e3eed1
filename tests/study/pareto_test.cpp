// Is the front what its definition says, whatever the points?

#include "study/pareto.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::study {
namespace {

using Points = std::vector<std::vector<double>>;

/// Every point against every other.
std::vector<bool> by_definition(const Points& points) {
  std::vector<bool> front(points.size(), true);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = 0; j < points.size(); ++j) {
      bool no_worse = true, better = false;
      for (std::size_t k = 0; k < points[i].size(); ++k) {
        no_worse = no_worse && points[j][k] <= points[i][k];
        better = better || points[j][k] < points[i][k];
      }
      if (no_worse && better) front[i] = false;
    }
  }
  return front;
}

TEST(Pareto, KnowsAFrontOfTwoObjectives) {
  const Points points{{1, 5}, {2, 3}, {2, 4}, {3, 3}, {4, 1}};
  EXPECT_EQ(pareto_front(points), (std::vector<bool>{true, true, false, false, true}));
}

TEST(Pareto, EqualsDoNotBeatEachOther) {
  EXPECT_EQ(pareto_front({{1, 1}, {1, 1}, {1, 2}}), (std::vector<bool>{true, true, false}));
  EXPECT_TRUE(pareto_front({}).empty());
}

RC_GTEST_PROP(Pareto, IsWhatTheDefinitionSays, ()) {
  const auto objectives = *rc::gen::inRange<std::size_t>(1, 5);
  const auto count = *rc::gen::inRange<std::size_t>(0, 60);
  Points points(count);
  for (auto& point : points) {
    // Few distinct values, so that there are ties.
    for (std::size_t i = 0; i < objectives; ++i) point.push_back(*rc::gen::inRange(-3, 4));
  }
  RC_ASSERT(pareto_front(points) == by_definition(points));
}

}  // namespace
}  // namespace plumb::study
