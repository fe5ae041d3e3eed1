// Does a sweep give the same rows however it is run: on any number of threads, in shards, cut short and gone on with?
// Does it run what has changed, and nothing else?

#include "study/sweep.h"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/studies.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

using testing::HasSubstr;

constexpr std::string_view two_axes =
    "[[axis]]\nkey = \"x\"\nfrom = -20\nto = 120\nstep = 20\n[[axis]]\nname = \"y\"\nkey = \"deep.y\"\nvalues = [0, "
    "55.5]\n";

/// A sweep that ends, or ends the test.
Sweep swept(const Study& study, SweepOptions options = {}) {
  auto sweep = run_sweep(study, options);
  EXPECT_TRUE(sweep) << render(sweep.error());
  if (!sweep) return {};
  EXPECT_FALSE(sweep->error) << render(*sweep->error);
  return *std::move(sweep);
}

std::string everything(const Study& study, const Sweep& sweep) {
  return rows_csv(study, sweep.rows) + sweep_json(study, sweep.rows) + sweep_report(study, sweep, "plumb sweep");
}

std::string error_of(const Study& study) {
  const auto sweep = run_sweep(study, {});
  if (!sweep) return one_line(sweep.error());
  return sweep->error ? one_line(*sweep->error) : "no error";
}

TEST(Sweep, APointIsARow) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const Sweep sweep = swept(study);
  ASSERT_EQ(sweep.rows.size(), 16u);
  EXPECT_EQ(sweep.rows[0].figures[0], "400");
  EXPECT_EQ(sweep.rows[0].figures[1], "20");
  EXPECT_EQ(sweep.rows[0].evidence, "datasheet");
  EXPECT_EQ(sweep.rows[14].status, RowStatus::unmet);
  EXPECT_EQ(sweep.rows[14].reason, "120 is too much, \"really\", even");
  EXPECT_EQ(sweep.count(RowStatus::unmet), 2u);
}

TEST(Sweep, TheBytesDoNotDependOnTheNumberOfThreads) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  EXPECT_EQ(everything(study, swept(study, {.jobs = 1})), everything(study, swept(study, {.jobs = 4})));
}

TEST(Sweep, RowsReadBackAreTheRowsWritten) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const Sweep whole = swept(study);
  const std::string csv = rows_csv(study, whole.rows);
  const auto rows = read_rows(study, folder.write("rows.csv", csv));
  ASSERT_TRUE(rows);
  test::runs = 0;
  const Sweep again = swept(study, {.known = *rows});
  EXPECT_EQ(test::runs, 0);
  EXPECT_EQ(again.reused, 16u);
  EXPECT_EQ(rows_csv(study, again.rows), csv);
  EXPECT_EQ(sweep_json(study, again.rows), sweep_json(study, whole.rows));
}

TEST(Sweep, ShardsMergedAreTheWhole) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const std::string whole = rows_csv(study, swept(study).rows);
  for (const std::size_t shards : {1u, 2u, 3u, 7u, 16u, 20u}) {
    std::vector<Row> rows;
    std::size_t points = 0;
    for (std::size_t i = shards; i >= 1; --i) {
      const Sweep shard = swept(study, {.shard = {i, shards}});
      points += shard.rows.size();
      const auto read = read_rows(study, folder.write("rows.csv", rows_csv(study, shard.rows)));
      ASSERT_TRUE(read);
      rows.insert(rows.end(), read->begin(), read->end());
    }
    EXPECT_EQ(points, study.points());
    test::runs = 0;
    EXPECT_EQ(rows_csv(study, swept(study, {.known = rows}).rows), whole) << shards;
    EXPECT_EQ(test::runs, 0);
  }
}

TEST(Sweep, WhereverItWasCutShortItGoesOnToTheWhole) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const std::string whole = rows_csv(study, swept(study).rows);
  for (std::size_t after = 0; after < study.points(); ++after) {
    std::atomic<bool> interrupt = false;
    SweepOptions options{.jobs = 1, .interrupt = &interrupt};
    options.progress = [&](std::size_t done, std::size_t) { interrupt = interrupt || done >= after; };
    std::string kept;
    options.keep = [&](const std::vector<Row>& rows) {
      kept = rows_csv(study, rows);
      return Status{};
    };
    const Sweep part = swept(study, options);
    EXPECT_TRUE(part.interrupted);
    EXPECT_EQ(part.count(RowStatus::missing), study.points() - after);
    const auto rows = read_rows(study, folder.write("rows.csv", kept));
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->size(), after);
    test::runs = 0;
    EXPECT_EQ(rows_csv(study, swept(study, {.known = *rows}).rows), whole) << after;
    EXPECT_EQ(test::runs, static_cast<int>(study.points() - after));
  }
}

TEST(SweepErrors, AShardIsNotWrittenOverRowsOfAnother) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  std::vector<std::string> first;
  for (const Row& row : swept(study, {.shard = {1, 2}}).rows) first.push_back(row.inputs);
  EXPECT_TRUE(run_sweep(study, {.shard = {1, 2}, .overwritten = first}));
  EXPECT_TRUE(run_sweep(study, {.overwritten = first}));
  const auto other = run_sweep(study, {.shard = {2, 2}, .overwritten = first});
  ASSERT_FALSE(other);
  EXPECT_THAT(one_line(other.error()), HasSubstr("rows of points that are not asked for"));
}

TEST(Sweep, ATableThatWasTornGoesOnToTheWhole) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const std::string whole = rows_csv(study, swept(study).rows);
  for (std::size_t bytes = 0; bytes < whole.size(); bytes += 97) {
    const auto rows = read_rows(study, folder.write("rows.csv", std::string_view(whole).substr(0, bytes)));
    if (!rows) continue;  // not even the header is whole
    EXPECT_EQ(rows_csv(study, swept(study, {.known = *rows}).rows), whole) << bytes;
  }
}

TEST(Sweep, MoreValuesRunOnlyWhatIsNew) {
  const TemporaryFolder folder;
  const Study small = test::study_in(folder, "[[axis]]\nkey = \"x\"\nvalues = [1, 2]\n");
  const Sweep before = swept(small);
  const Study large = test::study_in(folder, "[[axis]]\nkey = \"x\"\nvalues = [5, 2, 1]\n");
  test::runs = 0;
  const Sweep after = swept(large, {.known = before.rows});
  EXPECT_EQ(test::runs, 1);
  EXPECT_EQ(after.rows[1].figures[0], "4");
  EXPECT_EQ(rows_csv(large, after.rows), rows_csv(large, swept(large).rows));
}

TEST(Sweep, WhatHasChangedIsRunAgain) {
  const TemporaryFolder folder;
  const std::string axes = "[[axis]]\nkey = \"x\"\nvalues = [1, 2]\n";
  folder.write("t.csv", "1");
  Study study = test::study_in(folder, axes);
  folder.write("base.toml", std::string("file = \"t.csv\"\n") + std::string(test::base_text));
  std::vector<Row> rows = swept(study).rows;
  const auto ran_again = [&](const Study& changed) {
    test::runs = 0;
    rows = swept(changed, {.known = rows}).rows;
    return test::runs.load();
  };
  EXPECT_EQ(ran_again(study), 0);
  folder.write("base.toml", std::string("file = \"t.csv\" # another text\n") + std::string(test::base_text));
  EXPECT_EQ(ran_again(study), 2);
  folder.write("t.csv", "2");
  EXPECT_EQ(ran_again(study), 2) << "a file that the base names";
  EXPECT_EQ(ran_again(study), 0);
  const auto with = [&](const std::string& text) {
    auto document = Document::parse_toml(std::string(test::head) + text + axes, folder.file("s.toml"));
    return *read_study(*document, test::kinds());
  };
  EXPECT_EQ(ran_again(with("[options]\nscale = 2\n")), 2);
  EXPECT_EQ(ran_again(with("[options]\nscale = 2\n[columns]\nname = \"name\"\n")), 2);
}

TEST(Sweep, ATaskIsOnePoint) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const Sweep task = swept(study, {.task = 3});
  ASSERT_EQ(task.rows.size(), 1u);
  EXPECT_EQ(task.rows[0].point, 2u);
  EXPECT_EQ(task.rows[0].inputs, swept(study).rows[2].inputs);
}

TEST(Sweep, AnEditOfTheCatalogIsAnAssumption) {
  const TemporaryFolder folder;
  const Study study = test::study_in(
      folder, "[[axis]]\nname = \"capacity\"\nkey = \"accelerator.h100-sxm.memory.capacity\"\nvalues = [\"100 GB\"]\n");
  const Row row = swept(study).rows.front();
  EXPECT_EQ(row.figures[2], "100");
  EXPECT_EQ(row.evidence, "assumed");
}

TEST(Sweep, AFrontForEachValueOfAnAxis) {
  const TemporaryFolder folder;
  const std::string axes =
      "[[axis]]\nkey = \"x\"\nvalues = [1, 2, 3]\n[[axis]]\nname = \"y\"\nkey = \"deep.y\"\nvalues = [2, 3]\n";
  const auto front = [&](const std::string& more) {
    folder.write("base.toml", test::base_text);
    auto document = Document::parse_toml(std::string(test::head) + more + axes, folder.file("s.toml"));
    const Study study = *read_study(*document, test::kinds());
    std::vector<std::size_t> points;
    for (const Row& row : swept(study).rows) {
      if (row.pareto) points.push_back(row.point + 1);
    }
    return points;
  };
  // x, y: (1,2) (1,3) (2,2) (2,3) (3,2) (3,3); what is best is a small x and a small distance of x and y.
  EXPECT_EQ(front(""), (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(front("each = \"y\"\n"), (std::vector<std::size_t>{1, 2, 3, 4, 6}));
}

TEST(SweepErrors, AValueThatIsNoValidInputIsAnErrorOfTheStudyAndNothingIsRun) {
  const TemporaryFolder folder;
  test::runs = 0;
  EXPECT_THAT(error_of(test::study_in(folder, "[[axis]]\nkey = \"x\"\nvalues = [1, \"two\"]\n")),
              HasSubstr("s.toml:7:14: axis \"x\": \"x\" is a string; expected a number"));
  EXPECT_THAT(error_of(test::study_in(folder, "[[axis]]\nkey = \"deep.z\"\nvalues = [1]\n")),
              HasSubstr("s.toml:7:11: axis \"deep.z\": unknown key \"z\"; expected one of y"));
  EXPECT_THAT(error_of(test::study_in(folder, "[[axis]]\nkey = \"options.scale\"\nvalues = [1, 0]\n")),
              HasSubstr("s.toml:7:14: axis \"options.scale\": scale is \"0\"; expected another number"));
  EXPECT_THAT(error_of(test::study_in(folder, "[[axis]]\nkey = \"accelerator.h100.memory.capacity\"\nvalues = [1]\n")),
              HasSubstr("s.toml:6:7: the catalog has no \"h100\" among its accelerators; expected perhaps"));
  EXPECT_THAT(
      error_of(test::study_in(folder, "[[axis]]\nkey = \"accelerator.h100-sxm.memory.capacity\"\nvalues = [1]\n")),
      HasSubstr("s.toml:7:11: axis \"accelerator.h100-sxm.memory.capacity\": \"capacity\" is an integer; expected a "
                "string with a unit"));
  Study lost = test::study_in(folder, "[[axis]]\nkey = \"x\"\nvalues = [1]\n");
  lost.base = "nowhere.toml";
  EXPECT_THAT(error_of(lost), HasSubstr("s.toml:3:8: nowhere.toml: cannot open"));
  EXPECT_EQ(test::runs, 0);
}

TEST(SweepErrors, ATableThatNoSweepWroteIsNotTakenForOne) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const auto rows = read_rows(study, folder.write("rows.csv", "name,age\nA,3\n"));
  ASSERT_FALSE(rows);
  EXPECT_THAT(one_line(rows.error()), HasSubstr("rows.csv:1:1: is no table of a sweep"));
}

TEST(SweepText, MarksTheFrontAndTellsWhatCannotBeMet) {
  const TemporaryFolder folder;
  const Study study = test::study_in(folder, two_axes);
  const std::string text = sweep_text(study, swept(study), {});
  EXPECT_THAT(text, HasSubstr("14 done, 2 cannot be met."));
  EXPECT_THAT(text, HasSubstr("\n  *      3    0     0"));
  EXPECT_THAT(text, HasSubstr("x 120, y 0 and 1 more: 120 is too much, \"really\", even"));
}

}  // namespace
}  // namespace plumb::study
