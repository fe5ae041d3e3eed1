// Does the mutator give the same inputs every time, and are they of the kinds that find faults?

#include "mutator.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace plumb::fuzz {
namespace {

const std::vector<std::string> seeds{"name = 1\n", "[table]\nkey = \"3 GB/s\"\n"};

TEST(Mutator, SameSeedAndIterationGiveTheSameBytes) {
  const Mutator first(seeds), second(seeds);
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(first.input(7, i), second.input(7, i));
}

TEST(Mutator, AnIterationDoesNotDependOnThoseBefore) {
  const Mutator mutator(seeds);
  std::vector<std::string> forward;
  for (std::uint64_t i = 0; i < 100; ++i) forward.push_back(mutator.input(3, i));
  for (std::uint64_t i = 100; i-- > 0;) EXPECT_EQ(mutator.input(3, i), forward[i]);
}

TEST(Mutator, SeedsComeFirstAsTheyAre) {
  const Mutator mutator(seeds);
  EXPECT_EQ(mutator.input(1, 0), seeds[0]);
  EXPECT_EQ(mutator.input(1, 1), seeds[1]);
}

TEST(Mutator, AnotherSeedNumberGivesOtherInputs) {
  const Mutator mutator(seeds);
  int same = 0;
  for (std::uint64_t i = 2; i < 1002; ++i) same += mutator.input(1, i) == mutator.input(2, i) ? 1 : 0;
  EXPECT_LT(same, 100);
}

TEST(Mutator, InputsAreManyBoundedAndSomeDeep) {
  const Mutator mutator({"[[1]]"});
  std::set<std::string> distinct;
  std::size_t deepest = 0;
  for (std::uint64_t i = 1; i < 20000; ++i) {
    const std::string input = mutator.input(1, i);
    EXPECT_LE(input.size(), Mutator::bytes_max);
    deepest = std::max(deepest,
                       input.find_first_not_of('[') == std::string::npos ? input.size() : input.find_first_not_of('['));
    distinct.insert(input);
  }
  EXPECT_GT(distinct.size(), 5000u);
  EXPECT_GT(deepest, 1000u);  // opening brackets in a row
}

TEST(Mutator, LongSeedsAreRunButNotMutated) {
  const Mutator mutator({"short", std::string(Mutator::bytes_max + 1, 'x')});
  EXPECT_EQ(mutator.input(1, 1).size(), Mutator::bytes_max + 1);
  for (std::uint64_t i = 2; i < 500; ++i) EXPECT_LE(mutator.input(1, i).size(), Mutator::bytes_max);
}

}  // namespace
}  // namespace plumb::fuzz
