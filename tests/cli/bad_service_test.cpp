// What does the program say of a service file with something wrong in it? Every file of tests/data/cli/bad has one
// fault and beside it, as .stderr, the exact answer.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/golden.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;

const std::string bad = std::string(PLUMB_SOURCE_DIR "/tests/data/cli/bad");

std::vector<std::string> bad_services() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(bad)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class BadService : public testing::TestWithParam<std::string> {};

TEST_P(BadService, IsRefusedAtItsPlace) {
  const std::string file = GetParam() + ".toml";
  const ProgramRun run = run_program({"plan", file}, {bad});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  test::expect_golden("cli/bad/" + GetParam() + ".stderr", run.err);
  // "plumb: file:line:column: what is wrong", in one line; then the line of the input and a caret, or nothing.
  EXPECT_THAT(run.err, testing::ContainsRegex("^plumb: [a-z0-9.-]+:[0-9]+:([0-9]+:)? [^\n]+\n"));
  const auto lines = std::count(run.err.begin(), run.err.end(), '\n');
  EXPECT_TRUE(lines == 1 || lines == 3) << run.err;
}

INSTANTIATE_TEST_SUITE_P(All, BadService, testing::ValuesIn(bad_services()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

/// A service whose requests come from a trace.
std::string service_of_trace(const TemporaryFolder& folder, const std::string& trace) {
  return folder.write("service.toml", "name = \"s\"\n[trace]\nfile = \"" + trace +
                                          "\"\n[targets]\nttft = \"1 s\"\n[[model]]\nname = \"8B\"\nconfig = \"" +
                                          PLUMB_SOURCE_DIR + "/examples/models/llama-3.1-8b-instruct\"\n");
}

TEST(BadTrace, ALineWithoutAnEndIsRefusedBeforeItFillsTheMemory) {
  const TemporaryFolder folder;
  std::string line = "arrival_s,prompt_tokens,output_tokens\n0,100,10\n1,";
  line.append(std::size_t{70} << 20, '1');
  const std::string trace = folder.write("long.csv", line);
  const ProgramRun run = run_program({"plan", service_of_trace(folder, "long.csv")});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "plumb: " + trace + ":3: the line is too long; expected at most 67108864 bytes\n");
}

TEST(BadTrace, BytesThatAreNoTextAreShownHarmlessly) {
  const TemporaryFolder folder;
  folder.write("noise.csv", std::string("\x1b[2J\xff\x07\n", 7));
  const ProgramRun run = run_program({"plan", service_of_trace(folder, "noise.csv")});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(run.err.find('\x07'), std::string::npos);
}

TEST(LargeService, IsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.write("large.toml", "# " + std::string(std::size_t{17} << 20, 'x'));
  const ProgramRun run = run_program({"plan", path});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "plumb: " + path + ": the file is too large; expected at most 16777216 bytes\n");
}

}  // namespace
}  // namespace plumb::cli
