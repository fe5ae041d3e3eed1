// Is a constraint's arithmetic what it looks like, and does a wrong one say where it is wrong?

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory/expression.h"

namespace plumb::memory {
namespace {

std::optional<double> value_of(std::string_view name) {
  if (name == "tCL") return 20.0;
  if (name == "tBL") return 2.0;
  if (name == "tCWL") return 10.0;
  if (name == "tHalf") return 1.5;
  return std::nullopt;
}

double value(std::string_view text) {
  const Result<double> result = evaluate(text, value_of);
  EXPECT_TRUE(result) << text;
  return result ? *result : -1.0;
}

std::string error(std::string_view text) {
  const Result<double> result = evaluate(text, value_of);
  if (result) return "";
  return result.error().expected.empty() ? result.error().message
                                         : result.error().message + "; expected " + result.error().expected;
}

TEST(Expression, BindsAsArithmeticDoes) {
  EXPECT_EQ(value("tCL + tBL + 2 - tCWL"), 14.0);
  EXPECT_EQ(value("2 + 3 * 4"), 14.0);
  EXPECT_EQ(value("(2 + 3) * 4"), 20.0);
  EXPECT_EQ(value("10 - 4 - 3"), 3.0);
  EXPECT_EQ(value("max(tCL, tCWL + 15, 3)"), 25.0);
  EXPECT_EQ(value("max(1, max(2, 3)) * 2"), 6.0);
  EXPECT_EQ(value("tHalf+tHalf"), 3.0);
  EXPECT_EQ(value("  4  "), 4.0);
}

TEST(Expression, SaysWhereItIsWrong) {
  EXPECT_EQ(error("tCL + tXX"), "\"tXX\" in \"tCL + tXX\" is not given");
  EXPECT_EQ(error("tCL +"), "\"tCL +\" is wrong at character 6; expected a number, a parameter or a bracket");
  EXPECT_EQ(error("tCL tBL"), "\"tCL tBL\" is wrong at character 5; expected an operator or the end");
  EXPECT_EQ(error("(tCL"), "\"(tCL\" is wrong at character 5; expected \")\"");
  EXPECT_EQ(error("max(tCL; 2)"), "\"max(tCL; 2)\" is wrong at character 8; expected \")\"");
  EXPECT_EQ(error(""), "\"\" is wrong at character 1; expected a number, a parameter or a bracket");
  EXPECT_EQ(error("max"), "\"max\" in \"max\" is not given");
  EXPECT_EQ(error("-3"), "\"-3\" is wrong at character 1; expected a number, a parameter or a bracket");
  EXPECT_NE(error("1e999"), "");
}

TEST(Expression, NestsOnlySoFar) {
  EXPECT_EQ(value(std::string(20, '(') + "1" + std::string(20, ')')), 1.0);
  EXPECT_NE(error(std::string(100000, '(')), "");
}

RC_GTEST_PROP(Expression, SumsOfWholeNumbersAreExact, ()) {
  const auto terms = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::pair<bool, int>>>(
      rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 100000))));
  std::string text = "0";
  double sum = 0.0;
  for (const auto& [plus, number] : terms) {
    text += (plus ? " + " : " - ") + std::to_string(number);
    sum += plus ? number : -number;
  }
  RC_ASSERT(value(text) == sum);
}

}  // namespace
}  // namespace plumb::memory
