// `plumb validate` as a user runs it: what it prints and writes, and what it refuses.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/file.h"
#include "support/golden.h"
#include "support/json_schema.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;
using testing::StartsWith;

const std::string small = "tests/data/cli/measured-small.csv";

ProgramRun validate(std::vector<std::string> more, const std::string& file = small) {
  more.insert(more.begin(), {"validate", file});
  return run_program(more);
}

TEST(Validate, PrintsErrorsAndWhatIsNotScored) {
  const ProgramRun run = validate({});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("may be trusted"));
  EXPECT_THAT(run.out, HasSubstr("throughput"));
  EXPECT_THAT(run.out, HasSubstr("trust C: for orientation only"));
  EXPECT_THAT(run.out, HasSubstr("prefill and decode on engines of their own"));
}

/// What is simulated changes with every calibration; which rows are, and why others are not, does not.
TEST(Validate, SaysOfEveryRowWhetherItIsSimulated) {
  const ProgramRun run = validate({"--rows", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  std::string shape;
  for (std::size_t at = 0; at < run.out.size();) {
    const std::size_t end = run.out.find('\n', at);
    const std::string line = run.out.substr(at, end - at);
    at = end + 1;
    std::size_t commas[3];
    std::size_t from = 0;
    for (std::size_t& comma : commas) {
      comma = line.find(',', from);
      from = comma + 1;
    }
    const std::size_t next = line.find(',', commas[2] + 1);
    const bool simulated = next > commas[2] + 1;
    shape += line.substr(0, commas[2]) + (simulated ? ",simulated" : ",-") + line.substr(line.rfind(',')) + "\n";
  }
  test::expect_golden("cli/validate-small.csv", shape);
}

TEST(Validate, RepeatsItselfWithAnyNumberOfJobs) {
  EXPECT_EQ(validate({"--json", "-", "--jobs", "1"}).out, validate({"--json", "-", "--jobs", "3"}).out);
}

TEST(Validate, TheJsonKeepsItsSchema) {
  const ProgramRun run = validate({"--json", "-"});
  const auto schema = Document::read_json(PLUMB_SOURCE_DIR "/docs/validate.schema.json");
  const auto value = Document::parse_json(run.out, "validate.json");
  ASSERT_TRUE(schema && value);
  EXPECT_EQ(test::schema_problem(*schema, value->root()), "");
}

TEST(Validate, WritesWhatIsAskedFor) {
  const TemporaryFolder folder;
  const ProgramRun run = validate(
      {"--rows", folder.file("r.csv"), "--report", folder.file("r.html"), "--baseline", folder.file("b.json")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("r.csv")),
              StartsWith("run_id,metric,measured,simulated,error,low,high,skipped\n"));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("r.html")), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("r.html")), HasSubstr("The worst twenty"));
  EXPECT_TRUE(Document::parse_json(TemporaryFolder::bytes_of(folder.file("b.json")), "b.json"));
}

TEST(Validate, RefusesAFileThatIsNone) {
  const ProgramRun missing = validate({}, "no/such.csv");
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("no/such.csv"));
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder.file("bad.csv"), "a,b\n1,2\n"));
  const ProgramRun bad = validate({}, folder.file("bad.csv"));
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.csv:1:1: the header has no column"));
}

}  // namespace
}  // namespace plumb::cli
