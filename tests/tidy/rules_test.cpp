// Does every rule see a violation that is planted, and leave alone what is right?

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules.h"

namespace plumb::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two rooms, the second of which links the first.
Tree small_tree() {
  Tree tree;
  tree.add("CMakeLists.txt", "project(x)\nadd_subdirectory(src/low)\nadd_subdirectory(src/high)\n");
  tree.add("README.md", "# Title\n\nSee [the guide](docs/guide.md#first-steps) and `src/low/a.h`.\n");
  tree.add("docs/guide.md", "# Guide\n## First steps\n[back](../README.md)\n");
  tree.add("src/high/CMakeLists.txt", "plumb_room(high LINKS low PRIVATE fmt)\n");
  tree.add("src/high/b.cpp", "#include \"low/a.h\"\n");
  tree.add("src/low/CMakeLists.txt", "plumb_room(low)\n");
  tree.add("src/low/a.h", "#pragma once\n");
  tree.add("tests/high/b_test.cpp", "#include \"high/b.h\"\n#include \"low/support.h\"\n");
  tree.add("tests/low/support.h", "#pragma once\n");
  tree.add("tests/low/a_test.cpp", "#include \"low/a.h\"\n");
  tree.add("src/high/b.h", "#pragma once\n");
  return tree;
}

std::vector<std::string> messages(const std::vector<Finding>& findings) {
  std::vector<std::string> texts;
  for (const Finding& finding : findings) texts.push_back(finding.path + ": " + finding.message);
  return texts;
}

TEST(Rules, LeaveATreeAloneThatKeepsThem) {
  for (const Rule& rule : rules()) EXPECT_THAT(messages(rule.check(small_tree())), IsEmpty()) << rule.name;
}

struct Planted {
  std::string_view rule, path, text, message;
};

class PlantedViolation : public testing::TestWithParam<Planted> {};

TEST_P(PlantedViolation, IsSeen) {
  Tree tree = small_tree();
  tree.add(std::string(GetParam().path), std::string(GetParam().text));
  for (const Rule& rule : rules()) {
    if (rule.name != GetParam().rule) continue;
    EXPECT_THAT(messages(rule.check(tree)), ElementsAre(HasSubstr(std::string(GetParam().message))));
    return;
  }
  FAIL() << "no rule " << GetParam().rule;
}

const std::string long_line = "// " + std::string(118, 'x') + "\n";
const std::string long_file = [] {
  std::string text;
  for (int i = 0; i < 501; ++i) text += "\n";
  return text;
}();

INSTANTIATE_TEST_SUITE_P(
    Rules, PlantedViolation,
    testing::Values(Planted{"Blanks", "src/low/c.cpp", "int a; \n", "blanks at the end"},
                    Planted{"Blanks", "src/low/c.cpp", "\tint a;\n", "a tab"},
                    Planted{"Blanks", "docs/b.md", "text\r\n", "CR LF"},
                    Planted{"Blanks", "catalog/a.toml", "a = 1", "no line end"},
                    Planted{"LineLength", "src/low/c.cpp", long_line, "121 columns"},
                    Planted{"Unfinished", "src/low/c.cpp", "// TODO: think\n", "TODO"},
                    Planted{"Unfinished", "docs/b.md", ">>>>>>> branch\n", "finish it"},
                    Planted{"MachinePaths", "docs/b.md", "look in /home/me/plumb\n", "/home/"},
                    Planted{"MachinePaths", "src/low/c.cpp", "open(\"/tmp/x\");\n", "/tmp/"},
                    Planted{"MachinePaths", "docs/b.md", "from https://registry.example.org/x\n", "registry"},
                    Planted{"FileLength", "src/low/c.cpp", long_file, "501 lines"},
                    Planted{"Headers", "src/low/c.h", "// What it is.\n#pragma once\n", "begins with"},
                    Planted{"Forbidden", "src/low/c.cpp", "std::normal_distribution<> d;\n", "base/random.h"},
                    Planted{"Forbidden", "src/low/c.cpp", "int a = rand();\n", "base/random.h"},
                    Planted{"Forbidden", "tests/low/c.cpp", "std::chrono::steady_clock::now();\n", "clock"},
                    Planted{"Forbidden", "src/low/c.cpp", "std::cout << 1;\n", "src/cli prints"},
                    Planted{"Forbidden", "src/low/c.cpp", "std::exit(1);\n", "returns its failures"},
                    Planted{"RoomList", "src/new/CMakeLists.txt", "plumb_room(new)\n", "not in the root"},
                    Planted{"Includes", "src/low/c.cpp", "#include \"high/b.h\"\n", "low does not link high"},
                    Planted{"Includes", "tests/low/c.cpp", "#include \"high/b.h\"\n", "low does not link high"},
                    Planted{"Includes", "src/high/c.cpp", "#include \"../low/a.h\"\n", "named \"room/header.h\""},
                    Planted{"Includes", "src/high/c.cpp", "#include \"b.h\"\n", "named \"room/header.h\""},
                    Planted{"Includes", "src/high/c.cpp", "#include \"low/gone.h\"\n", "does not exist"},
                    Planted{"Includes", "tests/high/c.cpp", "#include \"low/gone.h\"\n", "does not exist"},
                    Planted{"Links", "docs/b.md", "[x](gone.md)\n", "leads nowhere"},
                    Planted{"Links", "docs/b.md", "[x](guide.md#gone)\n", "no heading"},
                    Planted{"NamedFiles", "docs/b.md", "see `src/low/gone.h`\n", "does not exist"}),
    [](const auto& test) { return std::string(test.param.rule) + std::to_string(test.index); });

TEST(Rules, EveryRuleHasAPlantedViolation) {
  // These cannot be broken by adding a file to the small tree: they have tests of their own below.
  const std::set<std::string_view> below{"Layers", "RoomsAreTested"};
  const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
  std::string names;
  for (int i = 0; i < tests.total_test_suite_count(); ++i) {
    for (int j = 0; j < tests.GetTestSuite(i)->total_test_count(); ++j)
      names += tests.GetTestSuite(i)->GetTestInfo(j)->name();
  }
  for (const Rule& rule : rules()) {
    if (below.contains(rule.name)) continue;
    EXPECT_NE(names.find("IsSeen/" + std::string(rule.name)), std::string::npos) << rule.name;
  }
}

TEST(Rules, ALinkAgainstTheOrderOfTheRoomsIsSeen) {
  Tree tree;
  tree.add("CMakeLists.txt", "project(x)\nadd_subdirectory(src/low)\nadd_subdirectory(src/high)\n");
  tree.add("src/low/CMakeLists.txt", "plumb_room(low\n           LINKS high)\n");
  EXPECT_THAT(messages(check_layers(tree)), ElementsAre(HasSubstr("links high")));
}

TEST(Rules, ARoomWithoutTestsIsSeen) {
  Tree tree;
  tree.add("CMakeLists.txt", "project(x)\nadd_subdirectory(src/low)\n");
  tree.add("src/low/CMakeLists.txt", "plumb_room(low)\n");
  EXPECT_THAT(messages(check_rooms_are_tested(tree)), ElementsAre(HasSubstr("has no tests")));
}

TEST(Rules, WhatAnotherRoomLinksIsReachable) {
  Tree tree = small_tree();
  tree.files[0].text += "add_subdirectory(src/top)\n";
  tree.add("src/top/CMakeLists.txt", "plumb_room(top LINKS high)\n");
  tree.add("src/top/t.cpp", "#include \"low/a.h\"\n");
  EXPECT_THAT(messages(check_includes(tree)), IsEmpty());
}

}  // namespace
}  // namespace plumb::tidy
