// Are words and numbers found in the free text of results, and only those that are meant?

#include "validation/words.h"

#include <gtest/gtest.h>

namespace plumb::validation {
namespace {

TEST(Words, NamesAreComparedWithoutCaseAndPunctuation) {
  EXPECT_EQ(squeezed("H100-SXM5 80GB"), "h100sxm580gb");
  EXPECT_TRUE(says("MLPerf Server", "server"));
  EXPECT_TRUE(says_word("MLPerf Server (power)", "server"));
  EXPECT_FALSE(says_word("observer", "server"));
}

TEST(Words, NumbersHaveFractionsAndGroups) {
  EXPECT_EQ(first_number("KV pool 41,408 tokens"), 41408.0);
  EXPECT_EQ(first_number("293.7"), 293.7);
  EXPECT_EQ(first_number("a list: 1, 2"), 1.0);
  EXPECT_EQ(first_number("max (offline)"), std::nullopt);
}

TEST(Words, ANumberIsFoundByWhatStandsBesideIt) {
  EXPECT_EQ(number_after("max_batch=896; x", "max_batch"), 896.0);
  EXPECT_EQ(number_after("mean 592 (first-turn question 466 + system 100)", "system"), 100.0);
  EXPECT_EQ(number_after("prompt_max ... max 128", "max"), 128.0);
  EXPECT_EQ(number_after("mean", "mean"), std::nullopt);
  EXPECT_EQ(number_before("500 requests; x", "requests"), 500.0);
  EXPECT_EQ(number_before("no requests, 3,000 ok", "ok"), 3000.0);
  EXPECT_EQ(number_before("more requests", "requests"), std::nullopt);
}

}  // namespace
}  // namespace plumb::validation
