// Does each router send requests where it says?

#include "serving/router.h"

#include <gtest/gtest.h>

namespace plumb::serving {
namespace {

TEST(Router, RoundRobinTakesTurns) {
  const auto router = make_router("round-robin");
  ASSERT_NE(router, nullptr);
  const std::vector<std::int64_t> outstanding{9, 0, 0};
  std::vector<std::size_t> chosen;
  for (int i = 0; i < 5; ++i) chosen.push_back(router->route({}, outstanding));
  EXPECT_EQ(chosen, (std::vector<std::size_t>{0, 1, 2, 0, 1}));
}

TEST(Router, LeastOutstandingTakesTheFirstOfTheLeast) {
  const auto router = make_router("least-outstanding");
  ASSERT_NE(router, nullptr);
  EXPECT_EQ(router->route({}, std::vector<std::int64_t>{3, 1, 1}), 1u);
  EXPECT_EQ(router->route({}, std::vector<std::int64_t>{0, 0, 0}), 0u);
}

TEST(Router, UnknownNamesAreNone) { EXPECT_EQ(make_router("random-walk"), nullptr); }

}  // namespace
}  // namespace plumb::serving
