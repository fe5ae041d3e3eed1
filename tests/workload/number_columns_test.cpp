// Are columns found by their names, those that may be absent passed over, and faults shown where they are?

#include "workload/number_columns.h"

#include <gtest/gtest.h>

namespace plumb::workload {
namespace {

constexpr Range positive{0.0, 1e6, true}, any{0.0, 1e6};

Result<NumberColumns> read(const std::vector<std::string_view>& lines) {
  NumberColumns columns("table.csv", {{"batch", positive, true}, {"ms", any}, {"extra_ms", any, false, false}});
  for (const std::string_view line : lines) PLUMB_TRY(columns.take(line));
  PLUMB_TRY(columns.finish());
  return columns;
}

std::string error_of(const std::vector<std::string_view>& lines) {
  const auto columns = read(lines);
  return columns ? "" : one_line(columns.error());
}

TEST(NumberColumns, AreFoundInAnyOrderAmongOthers) {
  const auto columns = read({"# measured", "ms,note,batch", "", "1.5,0,2", "3,x,4"});
  ASSERT_TRUE(columns) << one_line(columns.error());
  EXPECT_EQ(columns->rows(), 2u);
  EXPECT_EQ(columns->values(0), (std::vector<double>{2, 4}));
  EXPECT_EQ(columns->values(1), (std::vector<double>{1.5, 3}));
  EXPECT_TRUE(columns->values(2).empty());
  EXPECT_EQ(columns->header(), (std::vector<std::string>{"ms", "note", "batch"}));
  EXPECT_EQ(one_line(columns->error(1, "no")), "table.csv:5:1: no");
}

TEST(NumberColumns, AColumnThatMayBeAbsentIsReadIfItIsThere) {
  const auto columns = read({"batch,ms,extra_ms", "1,2,3"});
  ASSERT_TRUE(columns) << one_line(columns.error());
  EXPECT_EQ(columns->values(2), (std::vector<double>{3}));
}

TEST(NumberColumns, FaultsHaveTheirPlace) {
  EXPECT_EQ(error_of({"batch", "1"}),
            "table.csv:1:1: the header has no column \"ms\"; expected a header such as batch,ms");
  EXPECT_EQ(error_of({"batch,ms,batch", "1,2,3"}), "table.csv:1:10: the column \"batch\" stands there twice");
  EXPECT_EQ(error_of({"batch,ms", "1.5,2"}),
            "table.csv:2:1: batch is \"1.5\"; expected a whole number above 0 to 1000000");
  EXPECT_EQ(error_of({"batch,ms", "0,2"}), "table.csv:2:1: batch is \"0\"; expected a whole number above 0 to 1000000");
  EXPECT_EQ(error_of({"batch,ms", "1,fast"}), "table.csv:2:3: ms is \"fast\"; expected a number from 0 to 1000000");
  EXPECT_EQ(error_of({"batch,ms", "1"}), "table.csv:2:1: the row has 1 fields; expected 2, as the header has");
  EXPECT_EQ(error_of({"batch,ms"}),
            "table.csv:1:1: the table has no rows; expected rows under a header such as batch,ms");
}

}  // namespace
}  // namespace plumb::workload
