// Does an axis take the values that are written, with both ends of a range exactly as they are written?

#include "study/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "study/studies.h"

namespace plumb::study {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The labels of an axis whose values are given by `text`, or what is wrong with it.
std::vector<std::string> labels(const std::string& text) {
  const auto document =
      Document::parse_toml(std::string(test::head) + "[[axis]]\nname = \"a\"\nkey = \"x\"\n" + text, "s.toml");
  if (!document) return {one_line(document.error())};
  const auto study = read_study(*document, test::kinds());
  return study ? study->axes.front().labels : std::vector{one_line(study.error())};
}

TEST(Axis, AListTakesValuesOfAnyKind) {
  EXPECT_THAT(labels("values = [1, 2.5, \"80 GiB\", true, [\"a\", 1], {b = \"c\"}]"),
              ElementsAre("1", "2.5", "80 GiB", "true", "[\"a\", 1]", "{\"b\": \"c\"}"));
}

TEST(Axis, RangesHaveBothEnds) {
  EXPECT_THAT(labels("from = 1\nto = 9\nstep = 2"), ElementsAre("1", "3", "5", "7", "9"));
  EXPECT_THAT(labels("from = 0.1\nto = 0.3\nstep = 0.1"), ElementsAre("0.1", "0.2", "0.3"));
  EXPECT_THAT(labels("from = 8\nto = 2\nstep = -3"), ElementsAre("8", "5", "2"));
  EXPECT_THAT(labels("from = 1\nto = 2\ncount = 3"), ElementsAre("1", "1.5", "2"));
  EXPECT_THAT(labels("from = 5\nto = 5\ncount = 1"), ElementsAre("5"));
}

TEST(Axis, RangesByRatio) {
  EXPECT_THAT(labels("from = 1\nto = 64\nratio = 4"), ElementsAre("1", "4", "16", "64"));
  EXPECT_THAT(labels("from = 1\nto = 1000\ncount = 4\nlog = true"), ElementsAre("1", "10", "100", "1000"));
  EXPECT_THAT(labels("from = 8\nto = 1\nratio = 0.5"), ElementsAre("8", "4", "2", "1"));
}

TEST(Axis, QuantitiesKeepTheirUnit) {
  EXPECT_THAT(labels("from = \"1 TB/s\"\nto = \"4 TB/s\"\ncount = 3"), ElementsAre("1 TB/s", "2.5 TB/s", "4 TB/s"));
  EXPECT_THAT(labels("from = \"$1/h\"\nto = \"$3/h\"\nstep = \"$1/h\""), ElementsAre("$1/h", "$2/h", "$3/h"));
}

TEST(Axis, LabelsNameValues) {
  EXPECT_THAT(labels("values = [[1, 2], [3]]\nlabels = [\"few\", \"one\"]"), ElementsAre("few", "one"));
}

RC_GTEST_PROP(Axis, TheEndsOfAnyRangeAreExactAndItsValuesAscend, ()) {
  const double from = *rc::gen::inRange(1, 1'000'000) / 997.0;
  const double to = from * (1.0 + *rc::gen::inRange(1, 1'000'000) / 991.0);
  const int count = *rc::gen::inRange(2, 60);
  const bool log = *rc::gen::arbitrary<bool>();
  const auto document =
      Document::parse_toml(fmt::format("{}[[axis]]\nkey = \"x\"\nfrom = {}\nto = {}\ncount = {}\nlog = {}\n",
                                       test::head, from, to, count, log),
                           "s.toml");
  RC_ASSERT(document.has_value());
  const auto study = read_study(*document, test::kinds());
  RC_ASSERT(study.has_value());
  const Axis& axis = study->axes.front();
  RC_ASSERT(axis.values.size() == static_cast<std::size_t>(count));
  RC_ASSERT(axis.number(0) == from);
  RC_ASSERT(axis.number(axis.values.size() - 1) == to);
  for (std::size_t i = 1; i < axis.values.size(); ++i) {
    RC_ASSERT(*axis.number(i) > *axis.number(i - 1));
    const double even = log ? *axis.number(i) / *axis.number(i - 1) : *axis.number(i) - *axis.number(i - 1);
    const double first = log ? *axis.number(1) / *axis.number(0) : *axis.number(1) - *axis.number(0);
    RC_ASSERT(std::abs(even - first) <= 1e-9 * std::max({1.0, first, to}));
  }
}

struct Wrong {
  const char* text;
  const char* message;
};

class AxisError : public testing::TestWithParam<Wrong> {};
TEST_P(AxisError, SaysWhatIsWrong) { EXPECT_THAT(labels(GetParam().text), ElementsAre(GetParam().message)); }
INSTANTIATE_TEST_SUITE_P(
    All, AxisError,
    testing::Values(
        Wrong{"", "s.toml:5:1: \"from\" is missing; expected values = [...], or from and to"},
        Wrong{"values = []", "s.toml:8:10: \"values\" has 0 values; expected a list of 1 to 100000 values"},
        Wrong{"values = 3", "s.toml:8:10: \"values\" is an integer; expected a list of 1 to 100000 values"},
        Wrong{"values = [1]\nfrom = 1", "s.toml:9:8: \"from\" stands beside \"values\"; expected one of the two"},
        Wrong{"from = 1\nto = 8",
              "s.toml:8:8: a range says by one of \"step\", \"ratio\" and \"count\" how it is walked; "
              "expected one of the three"},
        Wrong{"from = 1\nto = 8\nstep = 2",
              "s.toml:10:8: \"step\" leads from \"from\" to \"to\" in 3.5 steps; expected a whole number of them, or "
              "\"count\" in its place"},
        Wrong{"from = 1\nto = 8\nstep = -1",
              "s.toml:10:8: \"step\" does not lead from \"from\" to \"to\" in 100000 values or less; expected another "
              "one"},
        Wrong{"from = 1\nto = 8\nstep = 0",
              "s.toml:10:8: \"step\" is \"0\"; expected a number other than 0, in the unit of \"from\""},
        Wrong{"from = 0\nto = 8\ncount = 3\nlog = true",
              "s.toml:8:8: a range by ratios has an end at or below 0; expected two positive ends"},
        Wrong{"from = 1\nto = 8\ncount = 1", "s.toml:10:9: \"count\" is 1; expected 2 or more: both ends count"},
        Wrong{"from = \"1 GB\"\nto = \"1 TB\"\ncount = 3",
              "s.toml:9:6: \"to\" is \"1 TB\" and \"from\" is \"1 GB\"; expected one unit for both"},
        Wrong{"from = true\nto = 8\ncount = 3",
              "s.toml:8:8: \"from\" is a boolean; expected a number, or a quantity such as \"3350 GB/s\""},
        Wrong{"values = [1, 2]\nlabels = [\"one\"]", "s.toml:9:10: 1 labels for 2 values; expected one for each value"},
        Wrong{"values = [\"x\"]\nmultiply = true", "s.toml:9:12: \"x\" is no factor; expected plain numbers"},
        Wrong{"values = [1]\nwith = \"b\"",
              "s.toml:9:8: no axis named \"b\" stands above; expected the name of one that does"},
        Wrong{"valeus = [1]", "s.toml:5:1: \"from\" is missing; expected values = [...], or from and to"}));

}  // namespace
}  // namespace plumb::study
