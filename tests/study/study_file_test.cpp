// Does a study say what its points are, and is what is wrong with it said at its place?

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "study/studies.h"

namespace plumb::study {
namespace {

using testing::ElementsAre;

/// A study that reads, or ends the test.
Study study_of(const std::string& text) {
  const auto document = Document::parse_toml(std::string(test::head) + text, "folder/s.toml");
  EXPECT_TRUE(document) << render(document.error());
  auto study = read_study(*document, test::kinds());
  EXPECT_TRUE(study) << render(study.error());
  return *study;
}

std::vector<std::string> labels_at(const Study& study, std::size_t point) {
  std::vector<std::string> labels;
  const std::vector<std::size_t> positions = study.positions(point);
  for (std::size_t i = 0; i < positions.size(); ++i) labels.push_back(study.axes[i].labels[positions[i]]);
  return labels;
}

TEST(Study, PointsAreTheCrossProductWithTheLastAxisFastest) {
  const Study study =
      study_of("[[axis]]\nkey = \"x\"\nvalues = [1, 2]\n[[axis]]\nkey = \"deep.y\"\nvalues = [\"a\", \"b\", \"c\"]\n");
  ASSERT_EQ(study.points(), 6u);
  EXPECT_THAT(labels_at(study, 0), ElementsAre("1", "a"));
  EXPECT_THAT(labels_at(study, 1), ElementsAre("1", "b"));
  EXPECT_THAT(labels_at(study, 5), ElementsAre("2", "c"));
}

TEST(Study, AxesMoveTogetherWhereTheySaySo) {
  const Study study = study_of(
      "[[axis]]\nname = \"a\"\nkey = \"x\"\nvalues = [1, 2]\n[[axis]]\nkey = \"deep.y\"\nvalues = [7, 8]\n"
      "[[axis]]\nname = \"b\"\nkey = \"deep.z\"\nwith = \"a\"\nvalues = [10, 20]\n[[axis]]\nkey = \"name\"\nwith = "
      "\"b\"\n"
      "values = [\"p\", \"q\"]\n");
  ASSERT_EQ(study.points(), 4u);
  EXPECT_THAT(labels_at(study, 1), ElementsAre("1", "8", "10", "p"));
  EXPECT_THAT(labels_at(study, 2), ElementsAre("2", "7", "20", "q"));
}

RC_GTEST_PROP(Study, EveryCombinationIsOnePoint, ()) {
  const auto sizes = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(1, 6));
  std::string text;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    text +=
        fmt::format("[[axis]]\nname = \"a{}\"\nkey = \"x\"\nfrom = 1\nto = {}\ncount = {}\n", i, sizes[i], sizes[i]);
  }
  const Study study = study_of(text);
  std::set<std::vector<std::size_t>> seen;
  for (std::size_t point = 0; point < study.points(); ++point) seen.insert(study.positions(point));
  RC_ASSERT(seen.size() == static_cast<std::size_t>(sizes[0] * sizes[1] * sizes[2]));
  RC_ASSERT(study.points() == seen.size());
}

TEST(Study, AKeyIsOfTheFileThatItsFirstPartNames) {
  const Study study = study_of(
      "[[axis]]\nkey = [\"x\", \"thing.deep.y\", \"model.layers\", \"options.scale\", "
      "\"accelerator.h100-sxm.memory.capacity\", "
      "\"memory.hbm3.package.energy\", \"link.nvlink4.latency\", \"class.gpu.x\", \"accelerator.name\"]\nvalues = "
      "[1]\n");
  std::vector<std::string> subjects;
  for (const Target& target : study.targets.front()) subjects.push_back(target.subject);
  EXPECT_THAT(subjects, ElementsAre("base", "base", "model", "options", "accelerators/h100-sxm", "memories/hbm3",
                                    "links/nvlink4", "classes/gpu", "base"));
  EXPECT_THAT(study.targets.front()[1].path, ElementsAre("deep", "y"));
}

TEST(Study, PathsAreRelativeToTheStudy) {
  const Study study = study_of("[options]\ninput = \"t.csv\"\n[[axis]]\nkey = \"x\"\nvalues = [1]\n");
  EXPECT_EQ(study.base, "folder/base.toml");
  EXPECT_EQ(edits_at(study, study.positions(0)).options.at("input").text, "folder/t.csv");
}

TEST(Study, ColumnsAreTheCommandsOwnAndTheStudys) {
  const Study study = study_of(
      "[[axis]]\nname = \"gb\"\nkey = \"x\"\nvalues = [1]\n[columns]\nname = \"name\"\n"
      "distance = { figure = \"list.0.distance\", title = \"D\", unit = \"km\" }\n");
  std::vector<std::string> names;
  for (const Column& column : study.columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("square", "name", "distance"));
  EXPECT_EQ(study.columns[2].unit, "km");
}

struct Wrong {
  const char* text;
  const char* message;
};

class StudyError : public testing::TestWithParam<Wrong> {};
TEST_P(StudyError, SaysWhatIsWrong) {
  EXPECT_EQ(test::study_error(std::string(test::head) + GetParam().text), GetParam().message);
}
INSTANTIATE_TEST_SUITE_P(
    All, StudyError,
    testing::Values(
        Wrong{"", "s.toml:1:1: the study varies nothing; expected a table [[axis]]"},
        Wrong{"colour = 1\n[[axis]]\nkey = \"x\"\nvalues = [1]",
              "s.toml:5:1: unknown key \"colour\"; expected one of base, catalog, command, each, series, title"},
        Wrong{"[[axis]]\nvalues = [1]", "s.toml:5:1: \"key\" is missing; expected key = \"engine.max_num_seqs\""},
        Wrong{"[[axis]]\nkey = \"a..b\"\nvalues = [1]",
              "s.toml:6:7: the key \"a..b\" has an empty part; expected parts with dots between them, such as "
              "engine.max_num_seqs"},
        Wrong{"[[axis]]\nkey = \"x\"\nvalues = [1]\n[[axis]]\nkey = \"x\"\nvalues = [1]",
              "s.toml:9:7: the name \"x\" is taken; expected a name of its own: name = \"...\""},
        Wrong{"[[axis]]\nname = \"point\"\nkey = \"x\"\nvalues = [1]",
              "s.toml:6:8: the name \"point\" is taken; expected a name of its own: name = \"...\""},
        Wrong{"[[axis]]\nkey = \"options.scael\"\nvalues = [1]",
              "s.toml:6:7: square has no option \"scael\"; expected perhaps \"scale\""},
        Wrong{"[options]\nscael = 1", "s.toml:6:9: square has no option \"scael\"; expected perhaps \"scale\""},
        Wrong{"[options]\nscale = [1]", "s.toml:6:9: \"scale\" is an array; expected a number or a text"},
        Wrong{"[[axis]]\nkey = \"options.scale\"\nvalues = [1]\nmultiply = true",
              "s.toml:8:12: an option has nothing to multiply; expected its values themselves"},
        Wrong{"[[axis]]\nkey = \"x\"\nvalues = [1]\n[[objective]]\nminimise = \"sqare\"",
              "s.toml:9:12: no column and no axis of numbers is named \"sqare\"; expected perhaps \"square\""},
        Wrong{"[[axis]]\nkey = \"x\"\nvalues = [1]\n[[objective]]\n",
              "s.toml:8:1: an objective says what is best; expected minimise = \"COLUMN\" or maximise = \"COLUMN\""},
        Wrong{"[[axis]]\nkey = \"x\"\nvalues = [1]\n[columns]\nx = \"square\"",
              "s.toml:9:5: the name \"x\" is taken; expected another name"},
        Wrong{"series = \"y\"\n[[axis]]\nkey = \"x\"\nvalues = [1]",
              "s.toml:5:10: no axis is named \"y\"; expected the name of an axis"},
        Wrong{"[[axis]]\nname = \"a\"\nkey = \"x\"\nfrom = 1\nto = 2000\ncount = 2000\n[[axis]]\nname = \"b\"\nkey = "
              "\"x\"\n"
              "from = 1\nto = 2000\ncount = 2000",
              "s.toml:13:7: the study has too many points; expected at most 1000000"}));

TEST(StudyErrors, AnUnknownCommandNamesTheKnownOnes) {
  EXPECT_EQ(test::study_error("[study]\ntitle = \"T\"\nbase = \"b\"\ncommand = \"cube\"\n"),
            "s.toml:4:11: \"command\" is \"cube\"; expected one of square");
  EXPECT_EQ(test::study_error("[[axis]]\nkey = \"x\"\n"), "s.toml:1:1: \"study\" is missing; expected study = ...");
}

}  // namespace
}  // namespace plumb::study
