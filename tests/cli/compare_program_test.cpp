// `plumb compare` as a user runs it: the example, what it writes, and what it refuses.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/file.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;

const std::string deployment = "tests/data/cli/deployment.toml";
const std::string result = "tests/data/cli/result-small.json";

ProgramRun compare(std::vector<std::string> more, const std::string& file = result) {
  more.insert(more.begin(), {"compare", deployment, file});
  return run_program(more);
}

TEST(Compare, TheExampleRuns) {
  const ProgramRun run = run_program(
      {"compare", "examples/deployments/llama-3.1-8b-rtx4090.toml", "examples/results/llama-3.1-8b-rtx4090.json"});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("Simulated: 300 requests, start times and lengths as"));
  EXPECT_THAT(run.out, HasSubstr("What the difference comes from"));
  EXPECT_THAT(run.out, HasSubstr("Requests that differ most"));
}

TEST(Compare, RepeatsItselfWithAnyNumberOfJobs) {
  const TemporaryFolder folder;
  std::string no_starts = TemporaryFolder::bytes_of(std::string(PLUMB_SOURCE_DIR "/") + result);
  no_starts.replace(no_starts.find("start_times"), 11, "other_times");
  const std::string file = folder.file("no_starts.json");
  ASSERT_TRUE(write_file(file, no_starts));
  const ProgramRun one = compare({"--json", "-", "--jobs", "1"}, file),
                   two = compare({"--json", "-", "--jobs", "2"}, file);
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  EXPECT_NE(one.out, compare({"--json", "-", "--seed", "7"}, file).out);
  EXPECT_THAT(one.out, HasSubstr("The result has no start times"));
}

TEST(Compare, WritesWhatIsAskedFor) {
  const TemporaryFolder folder;
  const ProgramRun run = compare(
      {"--json", folder.file("c.json"), "--report", folder.file("c.html"), "--requests-out", folder.file("c.csv")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("Difference"));
  EXPECT_TRUE(Document::parse_json(TemporaryFolder::bytes_of(folder.file("c.json")), "c.json"));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("c.html")), testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("c.csv")), testing::StartsWith("id,start_s,"));
}

TEST(Compare, RefusesInOneLineWhatItCannotDo) {
  EXPECT_EQ(compare({}, "absent.json").err, "plumb: absent.json: cannot open: No such file or directory\n");
  EXPECT_EQ(compare({"--json", "-", "--report", "-"}).err,
            "plumb: --json and --report both ask for standard output; expected a path for one of them\n");
  EXPECT_EQ(compare({"--benchmark", "0"}).err,
            "plumb: --benchmark is \"0\"; expected an integer of at least 1 and at most 1000000\n");
  EXPECT_EQ(compare({}, deployment).status, 2);
  EXPECT_EQ(compare({"--router", "random"}).status, 2);
  const ProgramRun missing = run_program({"compare", deployment});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, testing::StartsWith("plumb: plumb compare: RESULT.json is missing"));
}

TEST(Compare, AClientThatHeldRequestsBackIsSimulatedSo) {
  const TemporaryFolder folder;
  std::string held = TemporaryFolder::bytes_of(std::string(PLUMB_SOURCE_DIR "/") + result);
  const std::string old = "\"max_concurrency\": null";
  held.replace(held.find(old), old.size(), "\"max_concurrency\": 2");
  const std::string file = folder.file("held.json");
  ASSERT_TRUE(write_file(file, held));
  const ProgramRun run = compare({}, file);
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
}

TEST(Compare, ASummaryHasNoRequestsToWrite) {
  const TemporaryFolder folder;
  const std::string file = folder.file("summary.json");
  ASSERT_TRUE(write_file(file, R"({"num_prompts": 4, "request_rate": 2.0, "completed": 4, "request_throughput": 2.0,
"duration": 2.0, "total_input_tokens": 400, "total_output_tokens": 40, "mean_ttft_ms": 100.0})"));
  EXPECT_EQ(compare({}, file).status, 0);
  const ProgramRun run = compare({"--requests-out", "-"}, file);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "plumb: " + file +
                         ": the result has no requests to write with --requests-out; expected a result with the lists "
                         "of --save-detailed\n");
}

}  // namespace
}  // namespace plumb::cli
