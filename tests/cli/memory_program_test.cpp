// Does plumb memory print what a run came to, write what it promises, and refuse what makes no sense?

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/temporary_folder.h"
#include "report/perfetto_reader.h"
#include "support/golden.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ProgramRun memory(std::vector<std::string> words) {
  words.insert(words.begin(), "memory");
  return run_program(words);
}

/// `memory run` as JSON.
Document run_json(std::vector<std::string> words) {
  words.insert(words.begin(), "run");
  words.insert(words.end(), {"--json", "-"});
  const ProgramRun run = memory(words);
  EXPECT_EQ(run.status, 0) << run.err;
  auto json = Document::parse_json(run.out, "out.json");
  EXPECT_TRUE(json.has_value());
  return std::move(*json);
}

double number(const Document& json, const char* key) {
  const Node* found = json.root().find(key);
  EXPECT_TRUE(found != nullptr && found->kind != NodeKind::null) << key;
  return found == nullptr ? 0.0 : found->number;
}

TEST(MemoryRun, PrintsWhatCameOfIt) {
  const ProgramRun run = memory({"run", "hbm3", "--pattern", "seq", "--requests", "10000"});
  EXPECT_EQ(run.status, 0) << run.err;
  test::expect_golden("cli/memory-run.txt", run.out);
}

TEST(MemoryRun, WritesItAsJson) {
  const ProgramRun run = memory({"run", "hbm3", "--pattern", "seq", "--requests", "10000", "--json", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  test::expect_golden("cli/memory-run.json", run.out);
}

TEST(MemoryRun, FiguresFitTogether) {
  for (const char* pattern : {"seq", "rand", "gather", "mixs", "mix"}) {
    const Document json = run_json({"hbm3", "--pattern", pattern, "--requests", "20000"});
    EXPECT_EQ(number(json, "requests"), 20000.0);
    EXPECT_EQ(number(json, "reads") + number(json, "writes"), 20000.0);
    EXPECT_EQ(number(json, "bytes"), 640000.0);
    EXPECT_NEAR(number(json, "bandwidth_gb_s"), number(json, "bytes") / number(json, "time_s") / 1e9, 1e-9);
    EXPECT_NEAR(number(json, "peak_share"), number(json, "bandwidth_gb_s") / number(json, "peak_gb_s"), 1e-12);
    EXPECT_EQ(number(json, "row_hits") + number(json, "row_misses") + number(json, "row_conflicts") +
                  number(json, "forwarded"),
              20000.0);
    EXPECT_LE(number(json, "unloaded_latency_ns"), number(json, "latency_p99_ns"));
    double energy = 0.0;
    for (const Node::Member& part : json.root().find("energy_by_part_j")->members) energy += part.value.number;
    EXPECT_NEAR(number(json, "energy_j"), energy, 1e-12 * energy);
    EXPECT_NEAR(number(json, "energy_pj_per_bit"), energy / (8 * 640000.0) * 1e12, 1e-9);
  }
}

TEST(MemoryRun, TheSameBytesOnAnyNumberOfThreadsAndByThePlainController) {
  const std::vector<std::string> words{"memory",     "run",   "hbm3",       "--pattern", "mixs",
                                       "--requests", "30000", "--commands", "-"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    const ProgramRun run = run_program(all);
    EXPECT_EQ(run.status, 0) << run.err;
    return run.out;
  };
  const std::string one = with({"--jobs", "1"});
  EXPECT_THAT(one, StartsWith("channel,clock,time_ns,command,"));
  EXPECT_TRUE(one == with({"--jobs", "2"}));
  EXPECT_TRUE(one == with({"--jobs", "3"}));
  EXPECT_TRUE(one == with({"--plain"}));
}

TEST(MemoryRun, ATraceOfAStackOfOnesOwn) {
  const std::string stack = "examples/memory/custom-stack.toml";
  const Document json = run_json({stack, "--pattern", "examples/memory/accesses.trace"});
  EXPECT_EQ(number(json, "requests"), 10.0);
  EXPECT_EQ(number(json, "writes"), 1.0);
  EXPECT_GE(number(json, "cycles"), 2000.0);  // the last one comes then
  const Document first = run_json({stack, "--pattern", "examples/memory/accesses.trace", "--requests", "4"});
  EXPECT_EQ(number(first, "requests"), 4.0);
}

TEST(MemoryRun, APresetOfAFileIsFaster) {
  const std::string stack = "examples/memory/custom-stack.toml";
  const double slow = number(run_json({stack, "--pattern", "rand", "--requests", "50000"}), "bandwidth_gb_s");
  const double fast =
      number(run_json({stack + ":tight", "--pattern", "rand", "--requests", "50000"}), "bandwidth_gb_s");
  EXPECT_GT(fast, slow);
}

TEST(MemoryRun, StacksMultiplyChannelsCapacityAndPeak) {
  for (const char* spec : {"hbm3", "ddr4", "gddr6"}) {
    const Document one = run_json({spec, "--requests", "1000"});
    const Document three = run_json({spec, "--requests", "1000", "--stacks", "3"});
    EXPECT_DOUBLE_EQ(number(three, "peak_gb_s"), 3 * number(one, "peak_gb_s"));
    EXPECT_EQ(three.root().find("system")->find("capacity_bytes")->number,
              3 * one.root().find("system")->find("capacity_bytes")->number);
  }
}

TEST(MemoryRun, OptionsReachTheController) {
  const Document json = run_json(
      {"hbm3", "--requests",          "1000",   "--queue",    "64",       "--write-queue", "40", "--scheduler",
       "fcfs", "--page-policy",       "closed", "--refresh",  "per_bank", "--row-hit-cap", "4",  "--refresh-postponed",
       "8",    "--refresh-pulled-in", "2",      "--channels", "2"});
  const Node& controller = *json.root().find("controller");
  EXPECT_EQ(controller.find("read_queue")->number, 64.0);
  EXPECT_EQ(controller.find("write_queue")->number, 40.0);
  EXPECT_EQ(controller.find("write_high")->number, 35.0);
  EXPECT_EQ(controller.find("write_low")->number, 5.0);
  EXPECT_EQ(controller.find("scheduler")->string, "fcfs");
  EXPECT_EQ(controller.find("page_policy")->string, "closed");
  EXPECT_EQ(controller.find("refresh")->string, "per_bank");
  EXPECT_EQ(controller.find("row_hit_cap")->number, 4.0);
  EXPECT_EQ(controller.find("refresh_postponed_max")->number, 8.0);
  EXPECT_EQ(controller.find("refresh_pulled_in_max")->number, 2.0);
  EXPECT_EQ(json.root().find("system")->find("channels")->number, 2.0);
  EXPECT_EQ(number(json, "row_hits") + number(json, "row_misses"), 1000.0);  // a closed page has no conflicts
}

TEST(MemoryCommands, ACommandIsARowWithWhatItAddresses) {
  const ProgramRun run = memory({"run", "hbm3", "--requests", "40", "--channels", "1", "--commands", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  test::expect_golden("cli/memory-commands.csv", run.out);
}

TEST(MemoryCommands, ATimelineHasATrackForEachBankAndASliceForEachOpenRow) {
  const TemporaryFolder folder;
  const std::string path = folder.file("run.pftrace");
  const ProgramRun run = memory({"run", "hbm3", "--pattern", "rand", "--requests", "2000", "--channels", "2",
                                 "--commands", path, "--json", folder.file("run.json")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("Bandwidth"));
  const auto json = Document::read_json(folder.file("run.json"));
  ASSERT_TRUE(json.has_value());
  const report::ReadTrace trace = report::PerfettoReader::read(TemporaryFolder::bytes_of(path));
  std::map<std::string, int> names;
  std::int64_t slices = 0;
  for (const report::ReadEvent& event : trace.events) {
    if (event.type == 1) {
      ++slices;
    } else if (event.type == 3) {
      ++names[event.name];
    }
  }
  const Node& commands = *json->root().find("commands");
  EXPECT_EQ(static_cast<double>(slices), commands.find("ACT")->number);
  EXPECT_EQ(names["RD"], 2000);
}

TEST(MemoryList, ShowsEveryMemoryAndPreset) {
  const ProgramRun run = memory({"list"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("  hbm3 "));
  EXPECT_THAT(run.out, HasSubstr("  hbm3:attacc "));
  EXPECT_THAT(run.out, HasSubstr("  lpddr5x "));
}

TEST(MemoryList, ShowsAllOfOneWithItsSources) {
  const ProgramRun run = memory({"list", "hbm3"});
  EXPECT_EQ(run.status, 0) << run.err;
  for (const char* part : {"16 GiB", "tFAW", "[1] ", "ACT", "Address, from the lowest bit:"})
    EXPECT_THAT(run.out, HasSubstr(part));
}

TEST(MemoryList, AsJsonHasEveryTimingWithItsPlace) {
  const ProgramRun run = memory({"list", "hbm3", "--json", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  const auto json = Document::parse_json(run.out, "out.json");
  ASSERT_TRUE(json.has_value());
  ASSERT_EQ(json->root().find("specifications")->items.size(), 1U);
  const Node& hbm3 = json->root().find("specifications")->items[0];
  EXPECT_NEAR(hbm3.find("peak_gb_s")->number, 819.2, 1e-9);
  const Node& faw = *hbm3.find("timings")->find("tFAW");
  EXPECT_DOUBLE_EQ(faw.find("ns")->number, 15.0);
  EXPECT_GT(faw.find("line")->number, 0.0);
  EXPECT_FALSE(faw.find("source")->string.empty());
}

struct Refused {
  const char* name;
  std::vector<std::string> words;
  const char* err;
};
const Refused refused[] = {
    {"UnknownAction", {"print"}, "plumb: plumb memory cannot \"print\"; expected one of run, list, sustained, gemv\n"},
    {"NoSpecification",
     {"run"},
     "plumb: plumb memory run: SPEC is missing; expected a name of plumb memory list, or a file\n"},
    {"UnknownMemory", {"run", "hmb3"}, "plumb: unknown memory \"hmb3\"; expected perhaps hbm3\n"},
    {"UnknownPattern",
     {"run", "hbm3", "--pattern", "gahter"},
     "plumb: no pattern and no file is called \"gahter\"; expected perhaps gather\n"},
    {"NoTrace",
     {"run", "hbm3", "--pattern", "absent.trace"},
     "plumb: absent.trace: cannot open: No such file or directory\n"},
    {"UnknownScheduler",
     {"run", "hbm3", "--scheduler", "frfcfs"},
     "plumb: --scheduler is \"frfcfs\"; expected one of fr-fcfs, fcfs, row-grouping\n"},
    {"UnknownPagePolicy",
     {"run", "hbm3", "--page-policy", "shut"},
     "plumb: --page-policy is \"shut\"; expected one of open, closed, adaptive\n"},
    {"UnknownRefresh",
     {"run", "hbm3", "--refresh", "all"},
     "plumb: --refresh is \"all\"; expected one of none, all_bank, per_bank, same_bank\n"},
    {"NoQueue",
     {"run", "hbm3", "--queue", "0"},
     "plumb: --queue is \"0\"; expected an integer of at least 1 and at most 4096\n"},
    {"WatermarksTheWrongWayRound",
     {"run", "hbm3", "--write-high", "16"},
     "plumb: writes would begin at 16 and end at 16 in a queue of 128; expected --write-low below --write-high, and "
     "that "
     "at most --write-queue\n"},
    {"OptionOfRun",
     {"list", "--pattern", "seq"},
     "plumb: --pattern says nothing to plumb memory list; expected one of --json, --catalog\n"},
    {"CommandsOfAnUnknownKind",
     {"run", "hbm3", "--commands", "commands.txt"},
     "plumb: commands.txt: no kind of file of commands; expected a name in .csv or .pftrace, or with .gz\n"},
    {"TwoOnStandardOutput",
     {"run", "hbm3", "--commands", "-", "--json", "-"},
     "plumb: --json and --commands both ask for standard output; expected a path for one of them\n"},
    {"NoPreset", {"run", "examples/memory/custom-stack.toml:fast"}, nullptr},
};
class MemoryUsage : public testing::TestWithParam<Refused> {};
TEST_P(MemoryUsage, IsRefused) {
  const ProgramRun run = memory(GetParam().words);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, StartsWith("plumb: "));
  if (GetParam().err != nullptr) {
    EXPECT_EQ(run.err, GetParam().err);
  }
}
INSTANTIATE_TEST_SUITE_P(All, MemoryUsage, testing::ValuesIn(refused),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(MemoryRun, ABadTraceHasItsPlaceAndLeavesNoFile) {
  const TemporaryFolder folder;
  const std::string trace = folder.write("bad.trace", "LD 0x40\nLD 0xzz\n");
  const ProgramRun run = memory({"run", "hbm3", "--pattern", trace, "--commands", folder.file("run.csv")});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err,
              HasSubstr(trace + ":2:4: \"0xzz\" is no address; expected an address in bytes, such as 0x12340"));
  EXPECT_FALSE(std::ifstream(folder.file("run.csv")).is_open());
}

}  // namespace
}  // namespace plumb::cli
