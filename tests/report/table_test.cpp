// golden and law: tables line up on a terminal, whatever is in their cells.

#include "report/table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/text.h"

namespace plumb::report {
namespace {

Table fleets() {
  Table table({{.title = "Fleet"}, {.title = "TTFT p99", .unit = "ms", .align = Align::right}, {.title = "Evidence"}});
  table.caption = "Fleets, cheapest first";
  table.row({"8 x H100", "412", "measured"}, RowKind::best);
  table.row({"삼성 서버", "1,398"}, RowKind::tie);
  table.row({"total", "1,810", ""}, RowKind::total);
  table.note("TTFT over the busiest hour.");
  return table;
}

TEST(Table, Golden) {
  EXPECT_EQ(render_text(fleets()), R"(  Fleets, cheapest first
  Fleet      TTFT p99  Evidence
                   ms
  ─────────  ────────  ────────
  8 x H100        412  measured
  삼성 서버     1,398
  ─────────  ────────  ────────
  total         1,810
  TTFT over the busiest hour.
)");
}

TEST(Table, DecoratedAddsOnlyEscapes) {
  const std::string decorated = render_text(fleets(), {.decorated = true});
  EXPECT_NE(decorated.find("\x1b[1m  8 x H100        412  measured\x1b[0m\n"), std::string::npos) << decorated;
  EXPECT_NE(decorated.find("\x1b[2m  TTFT over the busiest hour.\x1b[0m\n"), std::string::npos) << decorated;
  std::string stripped;
  for (std::size_t i = 0; i < decorated.size(); ++i) {
    if (decorated[i] == '\x1b')
      i = decorated.find('m', i);
    else
      stripped += decorated[i];
  }
  EXPECT_EQ(stripped, render_text(fleets()));
}

TEST(Table, WithoutTitlesIsAList) {
  Table table({{}, {.align = Align::right}});
  table.row({"model", "qwen3-8b"});
  table.row({"weights", "16 GB"});
  EXPECT_EQ(render_text(table, {.indent = 0}), "model    qwen3-8b\nweights     16 GB\n");
}

TEST(Table, CellsCannotMoveTheCursor) {
  Table table({{.title = "name"}});
  table.row({"a\x1b[2J\nb"});
  EXPECT_EQ(render_text(table, {.indent = 0}), "name\n───────\na [2J b\n");
}

TEST(Table, DecorationIsForTerminalsWithoutNoColor) {
  EXPECT_TRUE(may_decorate(true, nullptr));
  EXPECT_TRUE(may_decorate(true, "")) << "no-color.org: when present and not an empty string";
  EXPECT_FALSE(may_decorate(true, "1"));
  EXPECT_FALSE(may_decorate(false, nullptr));
}

TEST(Table, HeadingsAndParagraphs) {
  EXPECT_EQ(heading_text("Fleets"), "  Fleets\n");
  EXPECT_EQ(heading_text("Fleets", {.decorated = true}), "  \x1b[1mFleets\x1b[0m\n");
  EXPECT_EQ(paragraph_text("one two three four five six", {.columns_max = 22}), "  one two three four\n  five six\n");
}

RC_GTEST_PROP(TableLaw, RightAlignedCellsEndInOneColumn, (const std::vector<std::string>& cells)) {
  Table table({{.title = "t", .align = Align::right}, {.title = "u"}});
  for (const std::string& cell : cells) table.row({cell, "|"});
  const std::string text = render_text(table, {.indent = 0});
  std::size_t from = 0, rows = 0, bar = 0;
  for (std::size_t line = 0; from < text.size(); ++line) {
    const std::size_t end = text.find('\n', from);
    const std::string row = text.substr(from, end - from);
    from = end + 1;
    if (line < 2) continue;
    RC_ASSERT(row.back() == '|');
    if (rows++ == 0) bar = display_width(row);
    RC_ASSERT(display_width(row) == bar);
  }
  RC_ASSERT(rows == cells.size());
}

}  // namespace
}  // namespace plumb::report
