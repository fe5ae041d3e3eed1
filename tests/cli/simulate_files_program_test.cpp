// The files of `plumb simulate` as a user asks for them: what is in them, and what becomes of them when the run is
// interrupted or the disk is full.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/temporary_folder.h"
#include "report/perfetto_reader.h"
#include "support/golden.h"
#include "support/run_program.h"
#include "support/started_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using test::StartedProgram;
using testing::HasSubstr;
using testing::MatchesRegex;

const std::string deployment = "tests/data/cli/deployment.toml";
const std::vector<std::string> outputs{"--requests-out", "--steps-out", "--timeline", "--metrics-out"};

std::vector<std::string> simulate(std::vector<std::string> more) {
  more.insert(more.begin(), {"simulate", deployment});
  return more;
}

TEST(SimulateFiles, Golden) {
  const TemporaryFolder folder;
  const ProgramRun run =
      run_program(simulate({"--requests", "3", "--rate", "20", "--output-len", "6", "--timeline", folder.file("t"),
                            "--metrics-out", folder.file("m"), "--steps-out", folder.file("s")}));
  EXPECT_EQ(run.status, 0) << run.err;
  test::expect_golden("cli/run-timeline.txt",
                      report::text_of(report::PerfettoReader::read(folder.bytes_of(folder.file("t")))));
  test::expect_golden("cli/run-metrics.txt", folder.bytes_of(folder.file("m")));
  test::expect_golden("cli/run-steps.csv", folder.bytes_of(folder.file("s")));
  EXPECT_EQ(folder.count(), 3);
}

TEST(SimulateFiles, EachStepIsASliceWhereAskedFor) {
  const TemporaryFolder folder;
  const auto slices = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--requests", "3", "--rate", "20", "--output-len", "60", "--timeline", folder.file("t")});
    EXPECT_EQ(run_program(simulate(more)).status, 0);
    const report::ReadTrace trace = report::PerfettoReader::read(folder.bytes_of(folder.file("t")));
    return std::ranges::count_if(trace.events, [&](const report::ReadEvent& event) {
      return event.type == 1 && trace.tracks.at(event.track).name == "steps";
    });
  };
  EXPECT_LT(slices({}), 30);
  EXPECT_GT(slices({"--steps-every", "1"}), 60);
}

TEST(SimulateFiles, AnyNumberOfJobsGivesTheSameBytes) {
  const TemporaryFolder folder;
  std::vector<std::string> made;
  for (const std::string jobs : {"1", "2", "3"}) {
    const ProgramRun run =
        run_program(simulate({"--replicas", "8", "--rate", "100", "--requests", "3000", "--jobs", jobs, "--json",
                              folder.file("json"), "--requests-out", folder.file("csv")}));
    EXPECT_EQ(run.status, 0) << run.err;
    made.push_back(run.out + folder.bytes_of(folder.file("json")) + folder.bytes_of(folder.file("csv")));
    EXPECT_EQ(made.back(), made.front()) << jobs;
  }
}

/// Files of events make replicas run side by side, which must not change what becomes of requests.
TEST(SimulateFiles, FilesOfEventsChangeNothing) {
  const TemporaryFolder folder;
  const std::vector<std::string> words = simulate(
      {"--replicas", "3", "--rate", "40", "--requests", "500", "--json", "-", "--requests-out", folder.file("r")});
  std::vector<std::string> more = words;
  more.insert(more.end(), {"--steps-out", folder.file("s"), "--metrics-out", folder.file("m")});
  const ProgramRun alone = run_program(words);
  const std::string rows = folder.bytes_of(folder.file("r"));
  EXPECT_EQ(run_program(more).out, alone.out);
  EXPECT_EQ(folder.bytes_of(folder.file("r")), rows);
}

TEST(SimulateFiles, AreCompressedByTheirNames) {
  const TemporaryFolder folder;
  for (const std::string& option : outputs) {
    const ProgramRun run = run_program(simulate({"--requests", "5", option, folder.file("x.gz")}));
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_TRUE(folder.bytes_of(folder.file("x.gz")).starts_with("\x1f\x8b")) << option;
  }
}

/// So many requests that no test waits for their end.
const std::vector<std::string> endless{"--requests", "100000000", "--rate", "20"};

TEST(SimulateFiles, AFullDiskEndsTheRun) {
  for (const std::string& option : outputs) {
    const TemporaryFolder folder;
    std::vector<std::string> words = simulate({option, "/dev/full"});
    // The metrics are written at the end only.
    if (option == "--metrics-out") {
      words.insert(words.end(), {"--requests", "10"});
    } else {
      words.insert(words.end(), endless.begin(), endless.end());
    }
    for (const std::string& other : outputs) {
      if (other != option) words.insert(words.end(), {other, folder.file(other.substr(2))});
    }
    const ProgramRun run = run_program(words);
    EXPECT_EQ(run.status, 3) << option;
    EXPECT_EQ(run.err, "plumb: /dev/full: cannot write: No space left on device\n") << option;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(folder.count(), option == "--metrics-out" ? 3 : 0) << option;
  }
}

TEST(SimulateFiles, AnInterruptLeavesNothingAndTellsHowFarItCame) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TemporaryFolder folder;
    std::vector<std::string> words = simulate(endless);
    for (const std::string& option : outputs) words.insert(words.end(), {option, folder.file(option.substr(2))});
    StartedProgram program(words);
    ASSERT_TRUE(program.wait_until([&] { return folder.count() == 4; })) << program.err();
    program.kill(signal);
    EXPECT_EQ(program.wait(), 128 + signal);
    EXPECT_EQ(folder.count(), 0);
    EXPECT_EQ(program.out(), "");
    EXPECT_THAT(program.err(), MatchesRegex("plumb: interrupted when [0-9,]+ of 100,000,000 requests had finished; no "
                                            "file was written\n"));
  }
}

/// A reader that does not read keeps the program from its clean end.
TEST(SimulateFiles, ASecondInterruptKills) {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  std::vector<std::string> words = simulate(endless);
  words.insert(words.end(), {"--requests-out", pipe, "--steps-out", folder.file("steps")});
  StartedProgram program(words);
  // The first bytes have come, so the pipe is about to be full.
  char byte = 0;
  ASSERT_TRUE(program.wait_until([&] { return read(reader, &byte, 1) == 1; })) << program.err();
  program.kill(SIGINT);
  usleep(100000);
  EXPECT_TRUE(program.running());
  program.kill(SIGINT);
  EXPECT_EQ(program.wait(), -SIGINT);
  close(reader);
}

/// Standard error is a terminal: one line is drawn again and again, and gone at the end. Elsewhere there is none.
TEST(SimulateProgress, IsShownOnATerminal) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(grantpt(terminal), 0);
  ASSERT_EQ(unlockpt(terminal), 0);
  const int other_end = open(ptsname(terminal), O_RDWR | O_NOCTTY);  // keeps what was written after the program's end
  StartedProgram program(simulate({"--requests", "5000", "--rate", "20"}), ptsname(terminal));
  EXPECT_EQ(program.wait(), 0);
  // A terminal hands on in pieces, and late, what was written.
  std::string shown;
  constexpr int patience_ms = 10000;
  for (pollfd ready{terminal, POLLIN, 0}; !shown.ends_with("\r\x1b[K") || shown.size() < 10;) {
    char byte = 0;
    if (poll(&ready, 1, patience_ms) != 1 || read(terminal, &byte, 1) != 1) break;
    shown += byte;
  }
  EXPECT_THAT(shown,
              testing::ContainsRegex("^\r\x1b\\[Krequests finished \\[[#.]*\\] [0-9]+/5000, 0:[0-9:]+ simulated"));
  EXPECT_TRUE(shown.ends_with("\r\x1b[K")) << shown;
  close(other_end);
  close(terminal);
}

struct Refused {
  const char* name;
  std::vector<std::string> words;
  const char* err;
};

const Refused refused[] = {
    {"TwoOfStandardOutput",
     {"--timeline", "-", "--metrics-out", "-"},
     "plumb: --timeline and --metrics-out both ask for standard output; expected a path for one of them\n"},
    {"EveryOfNothing",
     {"--steps-every", "5"},
     "plumb: --steps-every says nothing without a file of steps; expected --steps-out or --timeline\n"},
    {"EveryZeroth",
     {"--steps-out", "-", "--steps-every", "0"},
     "plumb: --steps-every is \"0\"; expected an integer of at least 1 and at most 9007199254740992\n"},
};

class SimulateFilesUsage : public testing::TestWithParam<Refused> {};

TEST_P(SimulateFilesUsage, IsRefused) {
  const ProgramRun run = run_program(simulate(GetParam().words));
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, GetParam().err);
}

INSTANTIATE_TEST_SUITE_P(All, SimulateFilesUsage, testing::ValuesIn(refused),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace plumb::cli
