// golden and law: RFC 4180 quoting, and that a reader of RFC 4180 gets back what was written.

#include "report/csv_writer.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/text.h"

namespace plumb::report {
namespace {

TEST(CsvWriter, Golden) {
  CsvWriter csv({"request", "ttft_s", "name"});
  csv.row(1, 0.1, "plain");
  csv.row(-2, std::numeric_limits<double>::quiet_NaN(), "a,b");
  csv.row(3u, std::optional<double>{}, "say \"hi\"\nagain");
  csv.row(true, std::optional<double>{2.5}, " 한국어 ");
  EXPECT_EQ(csv.take(),
            "request,ttft_s,name\n1,0.1,plain\n-2,,\"a,b\"\n3,,\"say \"\"hi\"\"\nagain\"\ntrue,2.5, 한국어 \n");
  csv.row(4, 1.0, "more");
  EXPECT_EQ(csv.take(), "4,1,more\n");
}

TEST(CsvWriter, AnEmptyFieldAloneIsARecord) {
  CsvWriter csv({"name"});
  csv.row("");
  csv.row("x");
  EXPECT_EQ(csv.take(), "name\n\"\"\nx\n");
}

#ifndef NDEBUG
TEST(CsvWriterDeathTest, ARowHasAFieldForEachColumn) {
  CsvWriter csv({"a", "b"});
  EXPECT_DEATH(csv.row(1), "for each column");
}
#endif

/// RFC 4180, with "\n" ends.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      row.back() += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == ',')
      row.emplace_back();
    else if (!quoted && c == '\n')
      rows.push_back(std::exchange(row, {std::string()}));
    else
      row.back() += c;
  }
  return rows;
}

RC_GTEST_PROP(CsvWriterLaw, ReadsBackToWhatWasWritten, (const std::vector<std::pair<std::string, std::string>>& rows)) {
  CsvWriter csv({"left", "right"});
  for (const auto& [left, right] : rows) csv.row(left, right);
  const auto read = read_csv(csv.take());
  RC_ASSERT(read.size() == rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RC_ASSERT(read[i + 1] == (std::vector<std::string>{valid_utf8(rows[i].first), valid_utf8(rows[i].second)}));
  }
}

}  // namespace
}  // namespace plumb::report
