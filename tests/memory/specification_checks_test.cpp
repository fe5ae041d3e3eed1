// Is a set that lets bursts meet on the data bus found out, and only such a one?

#include "memory/specification_checks.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "specifications.h"

namespace plumb::memory {
namespace {

using ::testing::HasSubstr;

/// The set with all constraints from one command to another that are longer cut to so many ticks.
Specification cut(const Specification& of, int from, int to, Tick ticks, bool siblings) {
  Specification shorter = of;
  for (Constraint& constraint : shorter.constraints)
    if (constraint.from == from && constraint.to == to && constraint.siblings == siblings)
      constraint.ticks = std::min(constraint.ticks, ticks);
  return shorter;
}

TEST(SpecificationChecks, FindBurstsThatMeet) {
  const Specification& of = catalog_specification("hbm3");
  ASSERT_TRUE(find_inconsistencies(of).empty());
  const int read = of.command(Does::read), write = of.command(Does::write);
  const Tick after_read = of.read_latency + of.burst - of.write_latency;
  EXPECT_TRUE(find_inconsistencies(cut(of, read, write, after_read, false)).empty());
  const std::vector<Error> found = find_inconsistencies(cut(of, read, write, after_read - 2, false));
  ASSERT_EQ(found.size(), 2U);  // in a rank, and between two
  EXPECT_THAT(one_line(found.front()), HasSubstr("hbm3.toml:"));
  EXPECT_THAT(one_line(found.front()),
              HasSubstr("RD to WR in a rank takes 11 clocks: their bursts meet on the data bus; "
                        "expected at least 12 clocks, or allow_inconsistent = true"));
  const Tick after_write = of.write_latency + of.burst - of.read_latency;
  EXPECT_LT(after_write, 0);  // a write's data come first, however soon the read
  EXPECT_EQ(find_inconsistencies(cut(of, read, read, of.burst - 1, false)).size(), 1U);
}

TEST(SpecificationChecks, FindBurstsOfTwoRanksThatMeet) {
  Specification of = catalog_specification("hbm3");
  const int read = of.command(Does::read);
  std::erase_if(of.constraints, [&](const Constraint& constraint) {
    return constraint.from == read && constraint.to == read && constraint.level == Level::pseudo_channel;
  });
  of.constraints.push_back({read, read, Level::rank, false, 1, of.burst, "tCCDS", {}});
  EXPECT_TRUE(find_inconsistencies(of).empty());
  EXPECT_EQ(find_inconsistencies(cut(of, read, read, of.burst - 1, true)).size(), 1U);
  of.organisation.ranks = 1;
  EXPECT_TRUE(find_inconsistencies(cut(of, read, read, of.burst - 1, true)).empty());
}

}  // namespace
}  // namespace plumb::memory
