// Does the program end with the status that it promises, and say what is wrong on standard error? Texts are exact.

#include "cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "cli/command.h"
#include "cli/help.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;
using testing::StartsWith;

const std::string cli_data = std::string(PLUMB_SOURCE_DIR "/tests/data/cli");

/// `plan` of a service that takes a moment, with more words.
ProgramRun plan_small(std::vector<std::string> more, const std::string& out_path = "") {
  std::vector<std::string> words{"plan", "small.toml", "--requests", "100"};
  words.insert(words.end(), more.begin(), more.end());
  return run_program(words, {cli_data, out_path});
}

struct Usage {
  const char* name;
  std::vector<std::string> words;
  const char* err;
};

const Usage usages[] = {
    {"UnknownCommand", {"pln", "small.toml"}, "plumb: unknown command \"pln\"; expected perhaps \"plan\"\n"},
    {"UnknownCommandFarFromAny",
     {"frobnicate"},
     "plumb: unknown command \"frobnicate\"; expected one of plan, simulate, compare, explain, sweep, memory, "
     "validate, catalog, calibrate\n"},
    {"UnknownOption", {"plan", "small.toml", "--jops", "2"}, "plumb: unknown option --jops; expected perhaps --jobs\n"},
    {"UnknownOptionFarFromAny",
     {"plan", "small.toml", "--frobnicate"},
     "plumb: unknown option --frobnicate; expected plumb plan --help\n"},
    {"UnknownOptionWithValue",
     {"plan", "small.toml", "--repotr=x.html"},
     "plumb: unknown option --repotr=x.html; expected perhaps --report\n"},
    {"MissingOperand",
     {"plan"},
     "plumb: plumb plan: SERVICE.toml is missing; expected the service: users or a trace, models, targets, hardware, "
     "prices\n"},
    {"OneOperandTooMany",
     {"plan", "small.toml", "unmet.toml"},
     "plumb: \"unmet.toml\" is one argument too many; expected plumb plan --help\n"},
    {"MissingFile", {"plan", "absent.toml"}, "plumb: absent.toml: cannot open: No such file or directory\n"},
    {"FolderForAFile", {"plan", "."}, "plumb: .: is a folder; expected a file\n"},
    {"EmptyPath", {"plan", ""}, "plumb: the path is empty; expected the name of a file\n"},
    {"JobsNotANumber",
     {"plan", "small.toml", "--jobs", "many"},
     "plumb: --jobs is \"many\"; expected an integer of at least 1 and at most 4096\n"},
    {"JobsZero",
     {"plan", "small.toml", "--jobs", "0"},
     "plumb: --jobs is \"0\"; expected an integer of at least 1 and at most 4096\n"},
    {"JobsWithALetter",
     {"plan", "small.toml", "--jobs", "2x"},
     "plumb: --jobs is \"2x\"; expected an integer of at least 1 and at most 4096\n"},
    {"JobsWithoutValue",
     {"plan", "small.toml", "--jobs"},
     "plumb: --jobs: 1 required TEXT missing; expected plumb plan --help\n"},
    {"TooFewRequests",
     {"plan", "small.toml", "--requests", "10"},
     "plumb: --requests is \"10\"; expected an integer of at least 100 and at most 1000000\n"},
    {"NegativeSeed",
     {"plan", "small.toml", "--seed", "-1"},
     "plumb: --seed is \"-1\"; expected an integer of at least 0 and at most 9007199254740992\n"},
    {"MissingCatalog", {"plan", "small.toml", "--catalog", "absent"}, nullptr},
    {"TwoResultsOnStandardOutput",
     {"plan", "small.toml", "--json", "-", "--report", "-"},
     "plumb: --json and --report both ask for standard output; expected a path for one of them\n"},
};

class ProgramUsage : public testing::TestWithParam<Usage> {};

TEST_P(ProgramUsage, IsRefusedInOneLine) {
  const ProgramRun run = run_program(GetParam().words, {cli_data});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  if (GetParam().err != nullptr) {
    EXPECT_EQ(run.err, GetParam().err);
  }
  EXPECT_THAT(run.err, StartsWith("plumb: "));
  EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1);
}

INSTANTIATE_TEST_SUITE_P(All, ProgramUsage, testing::ValuesIn(usages),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Program, WithoutArgumentsShowsItsHelp) {
  const ProgramRun run = run_program({});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, program_help());
}

TEST(Program, HelpListsEveryCommand) {
  for (const char* word : {"--help", "-h", "help"}) {
    const ProgramRun run = run_program({word});
    EXPECT_EQ(run.status, 0) << word;
    EXPECT_EQ(run.err, "");
    for (const CommandSpec& command : commands()) EXPECT_THAT(run.out, HasSubstr("  " + std::string(command.name)));
  }
}

TEST(Program, EveryCommandsHelpHasAnExampleAndItsOptions) {
  for (const CommandSpec& command : commands()) {
    const ProgramRun run = run_program({std::string(command.name), "--help"});
    EXPECT_EQ(run.status, 0) << command.name;
    EXPECT_EQ(run.err, "");
    EXPECT_THAT(run.out, HasSubstr("\nExamples:\n  plumb " + std::string(command.name)));
    for (const OptionSpec& option : command.options) EXPECT_THAT(run.out, HasSubstr("  " + std::string(option.name)));
  }
}

// An example of the help that names a file which is not there would be the first thing that fails for a user.
TEST(Program, FilesOfTheExamplesExist) {
  int files = 0;
  for (const CommandSpec& command : commands()) {
    for (const std::string_view example : command.examples) {
      for (std::size_t at = example.find("examples/"); at != std::string_view::npos;
           at = example.find("examples/", at + 1)) {
        const std::string path(example.substr(at, example.find(' ', at) - at));
        EXPECT_TRUE(std::filesystem::exists(std::string(PLUMB_SOURCE_DIR "/") + path)) << example;
        ++files;
      }
    }
  }
  EXPECT_GT(files, 0);
}

TEST(Program, TellsItsVersion) {
  const ProgramRun run = run_program({"--version"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, testing::MatchesRegex("plumb [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Program, ManualPageHasEveryCommandAndOption) {
  const ProgramRun run = run_program({"--man"});
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, StartsWith(".TH PLUMB 1 "));
  for (const CommandSpec& command : commands()) {
    EXPECT_THAT(run.out, HasSubstr(".SS \"plumb " + std::string(command.name)));
    for (const OptionSpec& option : command.options) {
      EXPECT_THAT(run.out, HasSubstr(".B \\-\\-" + std::string(option.name.substr(2, option.name.find('-', 2) - 2))));
    }
  }
}

TEST(Program, PlansASmallService) {
  const ProgramRun run = plan_small({});
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("Fleets, cheapest first"));
}

TEST(Program, AServiceThatCannotBeMetIsNoFailureOfTheProgram) {
  const ProgramRun run = run_program({"plan", "unmet.toml", "--requests", "100"}, {cli_data});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("Nothing meets the targets. Nearest is 8B on h100-sxm TP1: TPOT is at least "));
  EXPECT_THAT(run.out, HasSubstr("100 \u00b5s."));
}

TEST(Program, JsonOnStandardOutputIsNothingElseAndDoesNotDependOnJobs) {
  const ProgramRun one = plan_small({"--json", "-", "--jobs", "1"}), two = plan_small({"--json", "-", "--jobs", "2"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  const auto document = Document::parse_json(one.out, "standard output");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_FALSE(document->root().find("choices")->items.empty());
}

TEST(Program, TheSeedChangesTheNumbersAndIsWritten) {
  const ProgramRun one = plan_small({"--json", "-"}), other = plan_small({"--json", "-", "--seed", "7"});
  EXPECT_NE(one.out, other.out);
  EXPECT_THAT(other.out, HasSubstr("\"seed\": 7"));
}

TEST(Program, WritesFilesAndStillPrints) {
  const TemporaryFolder folder;
  const ProgramRun run = plan_small({"--json", folder.file("p.json"), "--report", folder.file("p.html")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("Fleets, cheapest first"));
  EXPECT_TRUE(Document::read_json(folder.file("p.json")));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("p.html")), StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(folder.count(), 2);
}

TEST(Program, APageOnStandardOutputIsNothingElse) {
  const ProgramRun run = plan_small({"--report", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(run.out, testing::EndsWith("</html>\n"));
}

// A folder that is not there is a slip of the user, who can put it right.
TEST(Program, AResultThatCannotBeWrittenLeavesNothingBehind) {
  const TemporaryFolder folder;
  const ProgramRun run = plan_small({"--json", folder.file("absent/x")});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "plumb: " + folder.file("absent/x") +
                         ": cannot write: No such file or directory; "
                         "expected a folder that can be written to\n");
  EXPECT_EQ(folder.count(), 0);
}

TEST(Program, AFullDiskIsAFailureOfTheMachine) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{}, {"--json", "-"}, {"--report", "-"}, {"--json", "/dev/full"}}) {
    const ProgramRun run = plan_small(words, "/dev/full");
    EXPECT_EQ(run.status, 3) << run.err;
    EXPECT_THAT(run.err, StartsWith("plumb: "));
    EXPECT_THAT(run.err, HasSubstr("cannot write"));
  }
  for (const char* word : {"--help", "--version", "--man"}) {
    const ProgramRun run = run_program({word}, {PLUMB_SOURCE_DIR, "/dev/full"});
    EXPECT_EQ(run.status, 3) << word;
    EXPECT_EQ(run.err, "plumb: standard output: cannot write\n") << word;
  }
}

}  // namespace
}  // namespace plumb::cli
