// Is time exact, and does a ramp know where among its steps a moment falls?

#include "base/fixed_time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb {
namespace {

TEST(Time, KeepsSecondsToTheLastBit) {
  for (const double seconds : {0.0, 1.0, 0.1, 0.001, 604800.125, 1e15 + 0.5}) {
    EXPECT_EQ(Time::of_seconds(seconds).seconds(), seconds) << seconds;
    EXPECT_EQ(Time::of_seconds(-seconds).seconds(), -seconds) << seconds;
  }
}

TEST(Time, InfinityIsNever) {
  EXPECT_EQ(Time::of_seconds(std::numeric_limits<double>::infinity()), Time::never());
  EXPECT_EQ(Time::never().seconds(), std::numeric_limits<double>::infinity());
  EXPECT_LT(Time::of_seconds(1e18), Time::never());
}

// Tenths cannot be told apart from their sum in floating point: ten of them are not one.
TEST(Time, TenTenthsAddUpAsTenTimesATenth) {
  const Time tenth = Time::of_seconds(0.1);
  Time sum;
  for (int i = 0; i < 10; ++i) sum += tenth;
  EXPECT_EQ(sum, 10 * tenth);
}

Ramp any_ramp() {
  const auto first = *rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 60);
  const auto growth = *rc::gen::element<std::int64_t>(0, 1, 12345, std::int64_t{1} << 40, std::int64_t{1} << 50);
  return {Time::of_ticks(first), Time::of_ticks(growth), *rc::gen::inRange<std::int64_t>(1, 100000)};
}

// Law: the closed form is the sum of the steps.
RC_GTEST_PROP(Ramp, LengthIsTheSumOfItsSteps, ()) {
  Ramp ramp = any_ramp();
  ramp.steps %= 500;
  Time sum;
  for (std::int64_t i = 0; i < ramp.steps; ++i) sum += ramp.first + i * ramp.growth;
  RC_ASSERT(sum == ramp.length(ramp.steps));
}

// n (n - 1) / 2 with n = 2^31 - 1.
TEST(Ramp, TheMostStepsDoNotOverflow) {
  constexpr std::int64_t most = (std::int64_t{1} << 31) - 1;
  const Ramp ramp{{}, Time::of_ticks(3), most};
  EXPECT_TRUE(ramp.length(most).ticks() == static_cast<Int128>(2305843005992468481) * 3);
}

// Law: the steps found are enough, and one fewer are not, also at and beside the very end of a step.
RC_GTEST_PROP(Ramp, StepsUntilAreTheFewestThatReach, ()) {
  const Ramp ramp = any_ramp();
  const auto at = *rc::gen::inRange<std::int64_t>(1, ramp.steps + 1);
  for (const int beside : {-1, 0, 1}) {
    const Time wanted = ramp.length(at) + Time::of_ticks(beside);
    const std::int64_t steps = ramp.steps_until(wanted);
    if (ramp.length(ramp.steps) < wanted) {
      RC_ASSERT(steps == ramp.steps);
    } else {
      RC_ASSERT(ramp.length(steps) >= wanted);
      RC_ASSERT(steps == 1 || ramp.length(steps - 1) < wanted);
    }
  }
  RC_ASSERT(ramp.steps_until(Time()) == 1);
}

}  // namespace
}  // namespace plumb
