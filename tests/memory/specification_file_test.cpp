// Is a memory's file read as written, do presets and likes replace what they name and no more, and does a wrong file
// say what is wrong, and where?

#include <fstream>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "specification_text.h"

namespace plumb::memory {
namespace {

TEST(SpecificationFile, ReadsACompleteOne) {
  const auto of = read(small_text);
  ASSERT_TRUE(of) << one_line(of.error());
  EXPECT_EQ(of->title, "Test memory");
  EXPECT_EQ(of->organisation.capacity_bytes(), 2 * 4 * 1024 * 1024);
  EXPECT_EQ(of->read_latency, 14);
  EXPECT_EQ(of->ticks("tRCD"), 14) << "13.5 ns are 14 clocks";
  EXPECT_EQ(of->ticks("tWTR"), 8);
  EXPECT_EQ(of->refresh_interval, 3900);
  EXPECT_DOUBLE_EQ(of->peak_bandwidth().value(), 2 * 64 / 4e-9);
  EXPECT_EQ(of->evidence, Evidence::datasheet);
  EXPECT_EQ(of->parameter("tWTR")->note, "a note");
  EXPECT_EQ(of->parameter("tWTR")->source, "Test data sheet");
  EXPECT_EQ(of->parameter("tWTR")->place.line, 39);
  EXPECT_FALSE(of->energy);
  EXPECT_EQ(of->commands[static_cast<std::size_t>(of->command(Does::precharge_all))].name, "PREA");
}

TEST(SpecificationFile, APresetReplacesKeyByKey) {
  const auto of = read(small_text, "fast");
  ASSERT_TRUE(of) << one_line(of.error());
  EXPECT_EQ(of->preset, "fast");
  EXPECT_EQ(of->read_latency, 20) << "stated";
  EXPECT_EQ(of->ticks("tRCD"), 27) << "the same time at another clock";
  EXPECT_EQ(of->ticks("tRAS"), 32) << "the same clocks";
}

// ceil(t / clock), but a time that was written with few digits is not rounded up for the digits that it lacks.
TEST(SpecificationFile, TimesBecomeTheLeastWholeClocksThatCoverThem) {
  const struct {
    const char *clock, *time;
    Tick clocks;
  } expected[] = {{"1 ns", "14 ns", 14},
                  {"1 ns", "14.01 ns", 15},
                  {"0.625 ns", "3.125 ns", 5},
                  {"0.416667 ns", "15 ns", 36},
                  {"0.833333 ns", "16.67 ns", 21}};
  for (const auto& [clock, time, clocks] : expected) {
    const auto of = read(changed(changed(small_text, "clock = \"1 ns\"", std::string("clock = \"") + clock + "\""),
                                 "tRTP = 8", std::string("tRTP = \"") + time + "\""));
    ASSERT_TRUE(of) << one_line(of.error());
    EXPECT_EQ(of->ticks("tRTP"), clocks) << time << " at " << clock;
  }
}

TEST(SpecificationFile, WhereAClockHasTwoTicksLatenciesAreInTicks) {
  const auto of = read(changed(small_text, "clock = \"1 ns\"", "clock = \"1 ns\"\nticks_per_clock = 2"));
  ASSERT_TRUE(of) << one_line(of.error());
  EXPECT_EQ(of->read_latency, 28);
  EXPECT_EQ(of->refresh_interval, 7800);
  EXPECT_EQ(of->commands[0].bus_ticks, 2);
  EXPECT_EQ(of->constraints[0].ticks, 28);
}

TEST(SpecificationFile, AnAssumedLayerMarksWhatItTakesOver) {
  const auto of =
      read(changed(small_text, "[dram.preset.fast.timing]", "[dram.preset.fast.timing]\nassumed = true"), "fast");
  ASSERT_TRUE(of) << one_line(of.error());
  EXPECT_EQ(of->parameter("tRAS")->evidence, Evidence::assumed);
  EXPECT_EQ(of->evidence, Evidence::assumed);
}

TEST(SpecificationFile, ALikeTakesOverTheOthersTable) {
  const auto of = read(R"(title = "Mine"
[dram]
like = "hbm3:5200"
[dram.organisation]
channels = 8
)");
  ASSERT_TRUE(of) << one_line(of.error());
  const Specification other = specification("hbm3:5200");
  EXPECT_EQ(of->organisation.channels, 8);
  EXPECT_EQ(of->constraints.size(), other.constraints.size());
  EXPECT_DOUBLE_EQ(of->clock_s, other.clock_s);
  EXPECT_DOUBLE_EQ(of->peak_bandwidth().value(), other.peak_bandwidth().value() / 2);
}

TEST(SpecificationFile, AConstraintOfALaterLayerTakesThePlaceOfItsLike) {
  const std::string text = changed(small_text, "clock = \"0.5 ns\"", R"(clock = "0.5 ns"
constraints = [
  { from = "ACT", to = "ACT", in = "rank", after = "0", window = 4 },
  { from = "RD", to = "RD", in = "bank_group", after = "2 * tBL" },
])");
  const auto base = read(text), preset = read(text, "fast");
  ASSERT_TRUE(base && preset);
  EXPECT_EQ(base->constraints.size(), preset->constraints.size()) << "one gone, one more";
  const auto windows = [](const Specification& of) {
    int count = 0;
    for (const Constraint& constraint : of.constraints) count += constraint.window == 4 ? 1 : 0;
    return count;
  };
  EXPECT_EQ(windows(*base), 1);
  EXPECT_EQ(windows(*preset), 0);
}

TEST(SpecificationFile, WhatContradictsItselfLoadsWhereItIsAllowed) {
  const std::string text = changed(small_text, "tRAS = 32", "tRAS = 50");
  EXPECT_EQ(read_error(text),
            "small.toml:34:8: tRAS of 50 clocks is longer than tRC of 46: a row is open for a part of its cycle; "
            "expected a set that fits together, or allow_inconsistent = true");
  const auto of = read(changed(text, "clock = \"1 ns\"", "clock = \"1 ns\"\nallow_inconsistent = true"));
  ASSERT_TRUE(of) << one_line(of.error());
  ASSERT_EQ(of->inconsistencies.size(), 1u);
  EXPECT_EQ(of->inconsistencies[0],
            "tRAS of 50 clocks is longer than tRC of 46: a row is open for a part of its cycle");
}

// The examples of docs/memory-specification.md are files that load.
TEST(SpecificationFile, TheDocumentationsExamplesLoad) {
  std::ifstream page(std::string(PLUMB_SOURCE_DIR "/docs/memory-specification.md"));
  int examples = 0;
  std::string line, text;
  for (bool inside = false; std::getline(page, line);) {
    if (inside && line == "```") {
      EXPECT_EQ(read_error(text), "") << text;
      ++examples;
      inside = false;
    } else if (inside) {
      text += line + "\n";
    } else if (line == "```toml") {
      inside = true;
      text.clear();
    }
  }
  EXPECT_EQ(examples, 2);
}

TEST(SpecificationFile, AnUnknownPresetSaysWhichThereAre) {
  EXPECT_EQ(read_error(small_text, "slow"), "small.toml:4:1: no preset \"slow\"; expected one of fast");
}

TEST(SpecificationFile, ACircleOfLikesIsRefused) {
  const auto document = Document::parse_toml("title = \"Round\"\n[dram]\nlike = \"round\"\n", "round.toml");
  ASSERT_TRUE(document);
  const auto found = read_specification(*document, "round", {}, [&](std::string_view) { return *document; });
  ASSERT_FALSE(found);
  EXPECT_EQ(one_line(found.error()), "round.toml:3:8: memories are like one another in a circle");
}

TEST(SpecificationFile, ANameThatIsNoneSaysWhichIsNear) {
  const auto near = find_specification("hbm33", facts());
  ASSERT_FALSE(near);
  EXPECT_EQ(one_line(near.error()), "unknown memory \"hbm33\"; expected perhaps hbm3");
  const auto absent = find_specification("sram", facts());
  ASSERT_FALSE(absent);
  EXPECT_NE(one_line(absent.error()).find("no table [dram]"), std::string::npos);
  EXPECT_FALSE(find_specification("no/such/file.toml", facts()));
}

struct WrongFile {
  const char* name;
  const char* from;
  const char* to;
  const char* error;
};

void PrintTo(const WrongFile& file, std::ostream* out) { *out << file.name; }

constexpr WrongFile faults[] = {
    {"NoDram", "[dram]", "[dramm]", "small.toml:4:2: unknown key \"dramm\"; expected perhaps \"dram\""},
    {"NoClock", "clock = \"1 ns\"\n", "", "small.toml:4:1: [dram] lacks clock; expected clock = \"0.625 ns\""},
    {"NoTiming", "tCL = 14\n", "",
     "small.toml:16:50: \"tCL\" in \"tCL + tBL + 2 - tCWL\" is not given; expected names of [dram.timing], whole "
     "numbers, + - * max( )"},
    {"NoLatency", "tRTP = 8\n", "",
     "small.toml:11:61: \"tRTP\" in \"tRTP\" is not given; expected names of [dram.timing], whole numbers, + - * max( "
     ")"},
    {"NoRefreshInterval", "tREFI = \"3.9 us\"\n", "",
     "small.toml:4:1: [dram.timing] lacks tREFI; expected tREFI = ..."},
    {"TimingOfAnotherUnit", "\"13.5 ns\"", "\"13.5 GB\"",
     "small.toml:32:8: tRCD: \"13.5 GB\" has the wrong unit; expected a quantity such as \"500 ms\""},
    {"HalfAClock", "tRP = 14", "tRP = 14.5", "small.toml:33:7: tRP is 14.5 clocks; expected whole clocks"},
    {"NegativeTiming", "tRP = 14", "tRP = -14",
     "small.toml:33:7: \"tRP\" is -14; expected at least 0 and at most 1000000"},
    {"UnknownSource", "source = \"sheet\"", "source = \"shed\"",
     "small.toml:28:10: \"shed\" is no key of [sources]; expected a key of the file's [sources], or \"unsourced\""},
    {"ZeroBanks", "banks_per_group = 2", "banks_per_group = 0",
     "small.toml:23:19: \"banks_per_group\" is 0; expected at least 1 and at most 1000000"},
    {"TooManyBanks", "banks_per_group = 2", "banks_per_group = 100000",
     "small.toml:4:1: 200000 banks a channel; expected at most 4096"},
    {"NoRows", "rows = 1024\n", "", "small.toml:4:1: [dram.organisation] lacks rows; expected rows = ..."},
    {"RowOfNoWholeAccesses", "access_bytes = 64", "access_bytes = 96",
     "small.toml:25:13: a row of 1024 bytes is no whole number of accesses of 96 bytes; expected a multiple of "
     "access_bytes"},
    {"MappingLeavesOut", "\"bank\", \"row\"]", "\"row\"]",
     "small.toml:50:9: the mapping is not one to one: it takes 0 of the 1 bits of bank; expected \"bank\" in order"},
    {"MappingTakesTwice", "[\"bank_group\", \"column\"", "[\"bank_group\", \"bank_group:1\", \"column\"",
     "small.toml:50:9: bank_group has 1 bits, of which 2 are taken; expected 1 bits in all"},
    {"MappingOfNoField", "\"bank\", \"row\"]", "\"bang\", \"row\"]",
     "small.toml:50:9: \"bang\" is no part of an address; expected one of channel, pseudo_channel, rank, bank_group, "
     "bank, row, column, with \":bits\" where only some of its bits are meant"},
    {"UnknownCommandInConstraint", "{ from = \"RD\", to = \"WR\"", "{ from = \"RD\", to = \"WRITE\"",
     "small.toml:16:53: \"WRITE\" is no command; expected a key of [dram.commands]"},
    {"NoConstraint", "  { from = \"RD\", to = \"RD\", in = \"rank\", after = \"tBL\" },\n", "",
     "small.toml:4:1: no constraint from RD to RD in a pseudo-channel; expected an entry of constraints"},
    {"WindowOfSiblings", "{ from = \"ACT\", to = \"ACT\", in = \"rank\", after = \"tFAW\", window = 4",
     "{ from = \"ACT\", to = \"ACT\", in = \"other_rank\", after = \"tFAW\", window = 4",
     "small.toml:13:75: a window counts the commands of one place, not those of its siblings; expected window = 1, or "
     "the place that holds them all"},
    {"NothingKeepsARefreshFromAPrecharge", "{ from = [\"PRE\", \"PREA\"], to = [\"ACT\", \"REF\"]",
     "{ from = [\"PRE\", \"PREA\"], to = [\"ACT\"]",
     "small.toml:4:1: no constraint from PRE to REF; expected an entry of constraints (tRP)"},
    {"NothingKeepsAnActivateFromTheEndOfARead", "RD = { does = \"read\" }",
     "RD = { does = \"read\" }\nRDA = { does = \"read_and_precharge\" }",
     "small.toml:4:1: no constraint from RDA to ACT in a bank; expected an entry of constraints"},
    {"ConstraintOfNoLevel", "after = \"tFAW\", window = 4", "inn = \"rank\", after = \"tFAW\", window = 4",
     "small.toml:13:44: unknown key \"inn\"; expected perhaps \"in\""},
    {"UnknownLevel", "{ from = \"RD\", to = \"RD\", in = \"rank\"", "{ from = \"RD\", to = \"RD\", in = \"die\"",
     "small.toml:14:34: \"in\" is \"die\"; expected one of channel, pseudo_channel, rank, bank_group, bank, "
     "other_rank, other_bank_group, other_pseudo_channel"},
    {"UnknownParameter", "after = \"tCL + tBL + 2 - tCWL\"", "after = \"tCL + tBURST\"",
     "small.toml:16:50: \"tBURST\" in \"tCL + tBURST\" is not given; expected names of [dram.timing], whole numbers, + "
     "- * max( )"},
    {"NoActivate", "ACT = { does = \"activate\" }", "ACT = { does = \"read\" }",
     "small.toml:4:1: [dram.commands] has none that does \"activate\"; expected NAME = { does = \"activate\", ... }"},
    {"NoRefresh", "[dram.mapping]", "[dram.controller]\nrefresh = \"per_bank\"\n[dram.mapping]",
     "small.toml:4:1: this memory has no refresh of a bank; expected another refresh, or a command for it"},
    {"UnknownMeaning", "does = \"activate\"", "does = \"awaken\"",
     "small.toml:43:16: \"does\" is \"awaken\"; expected one of activate, precharge, precharge_all, read, "
     "read_and_precharge, write, write_and_precharge, refresh, activate_all, compute, store, write_register, "
     "read_register, change_mode"},
    {"UnknownScheduler", "[dram.mapping]", "[dram.controller]\nscheduler = \"lottery\"\n[dram.mapping]",
     "small.toml:4:1: unknown scheduler \"lottery\"; expected one of fr-fcfs, fcfs, row-grouping"},
    {"ClosedPagesWithoutTheirCommand", "[dram.mapping]", "[dram.controller]\npage_policy = \"closed\"\n[dram.mapping]",
     "small.toml:4:1: this memory has no access that closes its row, which the page policy \"closed\" needs; expected "
     "page_policy = \"open\""},
    {"Watermarks", "[dram.mapping]", "[dram.controller]\nwrite_low = 120\n[dram.mapping]",
     "small.toml:4:1: writes are begun at 112 and ended at 120 in a queue of 128; expected write_low < write_high <= "
     "write_queue"},
    {"UnknownKey", "tCL = 14\n", "tCL = 14\n[dram.organization]\nranks = 2\n",
     "small.toml:31:7: unknown key \"organization\"; expected perhaps \"organisation\""},
    {"UnknownKeyInAPreset", "clock = \"0.5 ns\"", "klock = \"0.5 ns\"",
     "small.toml:52:1: unknown key \"klock\"; expected perhaps \"clock\""},
    {"BurstLongerThanItsDistance", "tBL = 4", "tBL = 4\ntCCDS = 2",
     "small.toml:29:7: tBL of 4 clocks is longer than tCCDS of 2: a burst ends before the next begins; expected a set "
     "that fits together, or allow_inconsistent = true"},
};

class SpecificationFault : public testing::TestWithParam<WrongFile> {};

TEST_P(SpecificationFault, IsRefusedWithItsPlace) {
  EXPECT_EQ(read_error(changed(small_text, GetParam().from, GetParam().to)), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Faults, SpecificationFault, testing::ValuesIn(faults),
                         [](const auto& made) { return made.param.name; });

}  // namespace
}  // namespace plumb::memory
