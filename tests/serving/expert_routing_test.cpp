// Is [experts] read as it says, and a fault in it or its file shown with its place?

#include "serving/expert_routing.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

namespace plumb::serving {
namespace {

using Placement = model::ExpertRouting::Placement;

std::string file_with(const std::string& text) {
  // Tests run side by side, each in a process of its own.
  const std::string path =
      testing::TempDir() + "expert_routing_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
  std::ofstream(path) << text;
  return path;
}

Result<model::ExpertRouting> read(const std::string& toml) {
  PLUMB_ASSIGN(const Document document, Document::parse_toml(toml, "test.toml"));
  Reader reader(document);
  PLUMB_ASSIGN(const std::shared_ptr<const model::ExpertRouting> routing, read_expert_routing(reader, ""));
  PLUMB_TRY(reader.finish());
  return *routing;
}

std::string error_of_file(const std::string& text) {
  const std::string path = file_with(text);
  const auto loads = read_expert_loads(path);
  std::remove(path.c_str());
  return loads ? "" : one_line(loads.error()).substr(path.size());
}

TEST(ExpertRouting, IsUniformIfNothingIsSaid) {
  const auto routing = read("");
  ASSERT_TRUE(routing) << one_line(routing.error());
  EXPECT_TRUE(routing->uniform());
  EXPECT_TRUE(read("routing = \"uniform\"\n")->uniform());
}

TEST(ExpertRouting, IsReadInEveryForm) {
  const auto zipf = read("routing = { zipf = 0.8 }\n");
  ASSERT_TRUE(zipf) << one_line(zipf.error());
  EXPECT_EQ(zipf->zipf_exponent, 0.8);
  EXPECT_EQ(zipf->placement, Placement::round_robin);
  const auto redundant = read("routing = { zipf = 0.8 }\nredundant_experts = 16\n");
  ASSERT_TRUE(redundant);
  EXPECT_EQ(redundant->redundant_experts, 16);
  const auto drawn = read("choices = \"drawn\"\n");
  ASSERT_TRUE(drawn) << one_line(drawn.error());
  EXPECT_TRUE(drawn->drawn);
  EXPECT_FALSE(drawn->uniform());
  EXPECT_FALSE(read("choices = \"guessed\"\n"));
  EXPECT_EQ(redundant->placement, Placement::balanced);
  const std::string path = file_with("expert,load\n2,30\n0,10\n1,60\n");
  const auto loads = read("routing = { file = \"" + path + "\" }\n");
  std::remove(path.c_str());
  ASSERT_TRUE(loads) << one_line(loads.error());
  EXPECT_EQ(loads->shares, (std::vector<double>{10, 60, 30}));
  EXPECT_EQ(loads->placement, Placement::linear);
}

TEST(ExpertRouting, FaultsAreShownWhereTheyAre) {
  EXPECT_EQ(one_line(read("routing = { zipf = -1 }\n").error()).substr(0, 14), "test.toml:1:20");
  EXPECT_EQ(one_line(read("routing = \"skewed\"\n").error()).substr(0, 14), "test.toml:1:11");
  const auto placed = read("redundant_experts = 2\nplacement = \"linear\"\n");
  ASSERT_FALSE(placed);
  EXPECT_EQ(one_line(placed.error()),
            "test.toml:2:13: redundant experts are placed by load; expected placement = \"balanced\"");
  EXPECT_EQ(read("routing = { file = \"nowhere.csv\" }\n").error().place.line, 1);
}

TEST(ExpertRouting, FaultsOfALoadFileAreShownWhereTheyAre) {
  EXPECT_EQ(error_of_file("expert,load\n0,1\n1,-2\n"), ":3:3: load is \"-2\"; expected a number from 0 to 1e+18");
  EXPECT_EQ(error_of_file("expert,load\n0,1\n0,2\n"), ":3:1: expert 0 is given twice");
  EXPECT_EQ(error_of_file("expert,load\n0,1\n2,2\n"), ": expert 1 has no line");
  EXPECT_EQ(error_of_file("expert,load\n0,0\n"), ": no expert has a load; expected at least one above 0");
  EXPECT_EQ(error_of_file("a,b\n0,0\n"),
            ":1:1: the header has no column \"expert\"; expected a header such as expert,load");
  EXPECT_EQ(error_of_file("expert,load\n0\n"), ":2:1: the row has 1 fields; expected 2, as the header has");
  EXPECT_EQ(error_of_file("expert,load\n9000,1\n"), ":2:1: expert is \"9000\"; expected a whole number from 0 to 8191");
  EXPECT_EQ(error_of_file("expert,load\n0.5,1\n"), ":2:1: expert is \"0.5\"; expected a whole number from 0 to 8191");
}

}  // namespace
}  // namespace plumb::serving
