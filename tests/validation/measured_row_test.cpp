// Does the reader of measurements take any order of columns, and say where a file is wrong?

#include "validation/measured_row.h"

#include <gtest/gtest.h>

#include "validation/run.h"

namespace plumb::validation {
namespace {

const std::string header =
    "value,metric,run_id,device,n_devices,model_key,model,software,precision,parallelism,scenario,input_tokens,"
    "output_tokens,concurrency_or_qps,notes,trust,weather\n";

std::string row(const std::string& value, const std::string& devices = "1", const std::string& run = "a",
                const std::string& metric = "ttft_ms") {
  return value + "," + metric + "," + run + ",H100," + devices + ",k,m,s,p,l,c,1,1,batch=1,\"a; b, c\",B,fair\n";
}

Result<std::vector<MeasuredRow>> read(const std::string& text) {
  Result<LineReader> lines = LineReader::of(text, "m.csv");
  return read_measured_rows(*lines);
}

std::string problem(const std::string& text) {
  const auto rows = read(text);
  return rows ? "none" : one_line(rows.error());
}

TEST(MeasuredRow, ColumnsOfAnyOrderAndUnknownOnesAreRead) {
  const auto rows = read(header + row("412.5"));
  ASSERT_TRUE(rows) << render(rows.error());
  EXPECT_EQ(rows->front().value, 412.5);
  EXPECT_EQ(rows->front().notes, "a; b, c");
  EXPECT_EQ(rows->front().n_devices, 1);
  EXPECT_EQ(rows->front().line, 2);
}

TEST(MeasuredRow, AValueThatIsNotToldIsNoError) {
  const auto rows = read(header + row("", ""));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->front().value, std::nullopt);
  EXPECT_EQ(rows->front().n_devices, std::nullopt);
}

TEST(MeasuredRow, ErrorsHaveAPlace) {
  EXPECT_EQ(problem(header + row("fast")), "m.csv:2:1: value is \"fast\"; expected a number from 0");
  EXPECT_EQ(problem(header + row("1") + row("1", "0.5")),
            "m.csv:3:18: n_devices is \"0.5\"; expected a whole number from 1, or nothing");
  EXPECT_EQ(problem(header + "1,2\n"), "m.csv:2:1: the row has 2 fields; expected 17, as the header");
  EXPECT_EQ(problem("run_id,metric\na,b\n"),
            "m.csv:1:1: the header has no column \"device\"; expected the columns of docs/validation.md");
  EXPECT_EQ(problem(header), "m.csv: no measurements in the file; expected a header and rows");
  EXPECT_EQ(problem(header + row("1", "1", "")),
            "m.csv:2:11: the row has no run_id; expected a name that the run's rows share");
}

TEST(Run, RowsOfARunAreOneWhateverTheirOrder) {
  const auto rows = read(header + row("1", "1", "b") + row("2", "1", "a") + row("3", "1", "b", "e2e_ms"));
  ASSERT_TRUE(rows);
  const auto runs = runs_of(*rows);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].configuration.run_id, "a");
  EXPECT_EQ(runs[1].rows, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(value_of(runs[1], *rows, "e2e_ms"), 3.0);
}

TEST(MeasuredRow, TheCarriedOnesAreRead) {
  const auto rows = carried_measured_rows();
  ASSERT_TRUE(rows) << render(rows.error());
  EXPECT_GT(rows->size(), 14000u);
}

}  // namespace
}  // namespace plumb::validation
