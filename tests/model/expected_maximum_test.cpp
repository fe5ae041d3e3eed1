// Is the expectation of the largest what tables and limits say?

#include "model/expected_maximum.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::model {
namespace {

// Order statistics of the standard normal distribution (Teichroew, Annals of Mathematical Statistics 27, 1956).
TEST(ExpectedMaximum, OfAlikeVariablesIsTheOrderStatistic) {
  struct Known {
    double count, maximum;
  };
  constexpr std::array known{Known{1, 0.0}, Known{2, 0.5641896}, Known{4, 1.0293754}, Known{8, 1.4236003},
                             Known{16, 1.7659914}};
  for (const auto& [count, maximum] : known) {
    const std::array variables{NormalVariable{100.0, 9.0, count}};
    EXPECT_NEAR(expected_maximum(variables), 100.0 + 3.0 * maximum, 1e-5) << count;
  }
}

TEST(ExpectedMaximum, OfCertainValuesIsTheLargest) {
  const std::array variables{NormalVariable{2.0, 0.0, 3.0}, NormalVariable{5.0, 0.0, 1.0}};
  EXPECT_EQ(expected_maximum(variables), 5.0);
}

// The largest of a certain 0 and a standard normal variable: half of E|x|.
TEST(ExpectedMaximum, OfOneCertainAndOneUncertain) {
  const std::array variables{NormalVariable{0.0, 0.0, 1.0}, NormalVariable{0.0, 1.0, 1.0}};
  EXPECT_NEAR(expected_maximum(variables), 0.3989423, 1e-6);
}

RC_GTEST_PROP(ExpectedMaximum, NeverFallsWithOneMoreVariable, ()) {
  std::vector<NormalVariable> variables;
  double before = -1.0;
  for (int i = 0; i < 4; ++i) {
    const auto any = [](int most) { return *rc::gen::inRange(1, most) / 10.0; };
    variables.push_back({any(1000), any(200), any(50)});
    const double maximum = expected_maximum(variables);
    RC_ASSERT(maximum >= variables.back().mean);
    RC_ASSERT(maximum >= before - 1e-6 * maximum);
    before = maximum;
  }
}

}  // namespace
}  // namespace plumb::model
