// `plumb sweep` as a user runs it: what it prints and writes, how it goes on, what it refuses.

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/temporary_folder.h"
#include "support/golden.h"
#include "support/run_program.h"
#include "support/started_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;
using testing::StartsWith;

const std::string study = "tests/data/cli/study.toml";

ProgramRun sweep(std::vector<std::string> more, const std::string& file = study) {
  more.insert(more.begin(), {"sweep", file});
  return run_program(more);
}

/// The lines of a text without what only this version of the program gives: the digests at their ends.
std::string without_digests(const std::string& csv) {
  std::string text;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find('\n', at);
    text += csv.substr(at, csv.rfind(',', end) - at) + "\n";
    at = end + 1;
  }
  return text;
}

TEST(Sweep, Golden) {
  const TemporaryFolder folder;
  const ProgramRun run = sweep({"--csv", folder.file("rows.csv")});
  EXPECT_EQ(run.status, 0) << run.err;
  test::expect_golden("cli/sweep.txt", run.out);
  test::expect_golden("cli/sweep.csv", without_digests(folder.bytes_of(folder.file("rows.csv"))));
}

TEST(Sweep, OneThreadOrMoreGiveTheSameBytes) {
  const TemporaryFolder folder;
  for (const char* jobs : {"1", "3"}) {
    const ProgramRun run =
        sweep({"--jobs", jobs, "--csv", folder.file(jobs), "--json", folder.file(std::string(jobs) + "j")});
    EXPECT_EQ(run.status, 0) << run.err;
  }
  EXPECT_EQ(folder.bytes_of(folder.file("1")), folder.bytes_of(folder.file("3")));
  EXPECT_EQ(folder.bytes_of(folder.file("1j")), folder.bytes_of(folder.file("3j")));
}

TEST(Sweep, ShardsAndTasksMergedAreTheWhole) {
  const TemporaryFolder folder, shards;
  EXPECT_EQ(sweep({"--csv", folder.file("whole.csv")}).status, 0);
  EXPECT_EQ(sweep({"--shard", "1/2", "--csv", shards.file("1.csv")}).status, 0);
  for (const char* task : {"2", "4", "6", "8"}) {
    EXPECT_EQ(sweep({"--task", task, "--csv", shards.file(std::string("t") + task + ".csv")}).status, 0) << task;
  }
  const ProgramRun run = sweep({"--merge", shards.file(""), "--csv", folder.file("merged.csv")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("8 of these rows were there before"));
  EXPECT_EQ(folder.bytes_of(folder.file("merged.csv")), folder.bytes_of(folder.file("whole.csv")));
}

TEST(Sweep, JsonHoldsAxesColumnsAndRows) {
  const ProgramRun run = sweep({"--json", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  const auto json = Document::parse_json(run.out, "out.json");
  ASSERT_TRUE(json) << run.out;
  EXPECT_EQ(json->root().find("schema")->string, "plumb.sweep/1");
  EXPECT_EQ(json->root().find("axes")->items.size(), 3u);
  const std::vector<Node>& rows = json->root().find("rows")->items;
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_EQ(rows[1].find("axes")->find("rate")->integer, 8);
  EXPECT_GT(rows[1].find("figures")->find("output_throughput")->number, 0.0);
  EXPECT_EQ(rows[1].find("evidence")->string, "measured");
  EXPECT_EQ(rows[2].find("status")->string, "unmet");
  EXPECT_THAT(rows[2].find("reason")->string, HasSubstr("32"));
}

TEST(Sweep, TheReportIsAPageWithPlots) {
  const TemporaryFolder folder;
  EXPECT_EQ(sweep({"--report", folder.file("r.html")}).status, 0);
  const std::string page = folder.bytes_of(folder.file("r.html"));
  for (const char* part : {"<!DOCTYPE html>", "<svg", "What cannot be met", "Pareto front"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST(Sweep, ListsAndCountsWithoutRunning) {
  EXPECT_EQ(sweep({"--count"}).out, "8\n");
  const ProgramRun list = sweep({"--list"});
  EXPECT_THAT(list.out, StartsWith("1: accelerator h100-sxm, tp 1, rate 2\n2: accelerator h100-sxm, tp 1, rate 8\n"));
  EXPECT_EQ(std::count(list.out.begin(), list.out.end(), '\n'), 8);
}

/// A study in a folder, of the deployment of the tests.
std::string write_study(const TemporaryFolder& folder, const std::string& axes) {
  return folder.write("study.toml", "[study]\ntitle = \"T\"\nbase = \"" PLUMB_SOURCE_DIR
                                    "/tests/data/cli/deployment.toml\"\ncommand = \"simulate\"\n" +
                                        axes);
}

TEST(Sweep, NothingThatCanBeMetIsStatus1ButATaskHasDoneItsPart) {
  const TemporaryFolder folder;
  const std::string file =
      write_study(folder,
                  "[options]\nrequests = 10\n[[axis]]\nkey = \"accelerator\"\nvalues = [\"l4\"]\n[[axis]]\nkey = "
                  "\"model.num_hidden_layers\"\nvalues = [80]\n");
  const ProgramRun run = sweep({}, file);
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_THAT(run.out, HasSubstr("0 done, 1 cannot be met"));
  EXPECT_EQ(sweep({"--task", "1"}, file).status, 0);
}

TEST(Sweep, AnInterruptLeavesTheRowsThatWereDoneAndTheNextRunGoesOn) {
  const TemporaryFolder folder;
  const std::string csv = folder.file("rows.csv");
  const std::string endless = write_study(
      folder, "[options]\nrate = 2\n[[axis]]\nkey = \"options.requests\"\nvalues = [20, 30, 100_000_000]\n");
  test::StartedProgram program({"sweep", endless, "--csv", csv, "--jobs", "1"});
  // Rows are kept about once a second, by when the endless point has begun; the first is kept by the interrupt at last.
  usleep(300'000);
  program.kill(SIGINT);
  EXPECT_EQ(program.wait(), 130);
  EXPECT_THAT(program.err(),
              testing::MatchesRegex("plumb: interrupted when [0-9] of 3 points were there; .*rows.csv has "
                                    "them, and the same command goes on from there\n"));
  const std::string kept = folder.bytes_of(csv);
  EXPECT_THAT(kept, StartsWith("point,status,"));
  const auto rows = std::count(kept.begin(), kept.end(), '\n') - 1;
  EXPECT_LE(rows, 2);
  const std::string shorter =
      write_study(folder, "[options]\nrate = 2\n[[axis]]\nkey = \"options.requests\"\nvalues = [20, 30]\n");
  const ProgramRun run = run_program({"sweep", shorter, "--csv", csv});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out.find("were there before") != std::string::npos, rows > 0) << run.out;
}

TEST(SweepErrors, WhatIsWrongWithAValueIsSaidInTheStudy) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& axes) {
    const ProgramRun run = run_program({"sweep", write_study(folder, axes)});
    EXPECT_EQ(run.status, 2) << run.out;
    return run.err;
  };
  EXPECT_THAT(error("[[axis]]\nname = \"tp\"\nkey = \"tensor_parallel_size\"\nvalues = [1, 0]\n"),
              HasSubstr("study.toml:8:14: axis \"tp\": \"tensor_parallel_size\" is 0; expected at least 1"));
  EXPECT_THAT(error("[[axis]]\nkey = \"engine.max_num_seq\"\nvalues = [1]\n"),
              HasSubstr("study.toml:7:11: axis \"engine.max_num_seq\": unknown key \"max_num_seq\"; expected perhaps "
                        "\"max_num_seqs\""));
  EXPECT_THAT(error("[[axis]]\nkey = \"options.rate\"\nvalues = [1, \"many\"]\n"),
              HasSubstr("study.toml:7:14: axis \"options.rate\": rate is \"many\"; expected requests a second"));
  EXPECT_THAT(error("[options]\nrouter = \"best\"\n[[axis]]\nkey = \"options.rate\"\nvalues = [1]\n"),
              HasSubstr("study.toml:6:10: router is \"best\"; expected one of"));
  EXPECT_THAT(
      error("[[axis]]\nkey = \"model.hidden_size\"\nvalues = [\"big\"]\n"),
      HasSubstr("study.toml:7:11: axis \"model.hidden_size\": \"hidden_size\" is a string; expected an integer"));
  EXPECT_THAT(error("[[axis]]\nkey = \"model.hidden_sise\"\nvalues = [4096]\n"),
              HasSubstr("study.toml:7:11: axis \"model.hidden_sise\": unknown key \"hidden_sise\"; expected perhaps "
                        "\"hidden_size\""));
  EXPECT_THAT(error("[[axis]]\nkey = \"accelerator.h100-sxm.memory.bandwidth\"\nvalues = [\"3 GB\"]\n"),
              HasSubstr("study.toml:7:11: axis \"accelerator.h100-sxm.memory.bandwidth\": bandwidth: "));
}

TEST(SweepErrors, OptionsThatSayNothingAreRefused) {
  EXPECT_THAT(sweep({"--shard", "3/2"}).err, HasSubstr("--shard is \"3/2\"; expected a shard and their number"));
  EXPECT_THAT(sweep({"--task", "9"}).err,
              HasSubstr("--task is \"9\"; expected an integer of at least 1 and at most 8"));
  EXPECT_THAT(sweep({"--task", "1", "--shard", "1/2"}).err, HasSubstr("--task and --shard both say"));
  EXPECT_EQ(sweep({"--json", "-", "--csv", "-"}).status, 2);
}

TEST(SweepErrors, RowsOfOthersAreNotWrittenOver) {
  const TemporaryFolder folder;
  const std::string csv = folder.file("rows.csv");
  EXPECT_EQ(sweep({"--shard", "1/2", "--csv", csv}).status, 0);
  const std::string before = folder.bytes_of(csv);
  const ProgramRun run = sweep({"--shard", "2/2", "--csv", csv});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("rows of points that are not asked for"));
  EXPECT_EQ(folder.bytes_of(csv), before);
  folder.write("list.csv", "name,age\nA,3\n");
  EXPECT_EQ(sweep({"--csv", folder.file("list.csv")}).status, 2);
  EXPECT_EQ(folder.bytes_of(folder.file("list.csv")), "name,age\nA,3\n");
}

}  // namespace
}  // namespace plumb::cli
