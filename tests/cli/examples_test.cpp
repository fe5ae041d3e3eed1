// Does everything under examples/ do what a new user will try first?

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/document.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;

std::vector<std::string> toml_files(const std::string& folder) {
  std::vector<std::string> files;
  const std::filesystem::path root(PLUMB_SOURCE_DIR);
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    if (entry.path().extension() == ".toml") files.push_back(folder + "/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// "companion" of "examples/companion.toml", as a name of a test.
std::string test_name(const testing::TestParamInfo<std::string>& test) {
  std::string name = std::filesystem::path(test.param).stem().string();
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class ExampleService : public testing::TestWithParam<std::string> {};

TEST_P(ExampleService, HasAPlan) {
  const ProgramRun run = run_program({"plan", GetParam(), "--requests", "200", "--choices", "3", "--json", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const auto document = Document::parse_json(run.out, "plan.json");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_FALSE(document->root().find("choices")->items.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ExampleService, testing::ValuesIn(toml_files("examples")), test_name);

class ExampleDeployment : public testing::TestWithParam<std::string> {};

TEST_P(ExampleDeployment, CanBeSimulated) {
  const ProgramRun run = run_program({"simulate", GetParam(), "--requests", "50"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out, "");
}

INSTANTIATE_TEST_SUITE_P(All, ExampleDeployment, testing::ValuesIn(toml_files("examples/deployments")), test_name);

/// Those of examples/memory are studies too, but for memories.
std::vector<std::string> studies() {
  std::vector<std::string> files = toml_files("examples/studies");
  for (const std::string& file : toml_files("examples/memory")) {
    const auto document = Document::read_toml(PLUMB_SOURCE_DIR "/" + file);
    if (document && document->root().find("study") != nullptr) files.push_back(file);
  }
  return files;
}

class ExampleStudy : public testing::TestWithParam<std::string> {};

TEST_P(ExampleStudy, ItsFirstAndItsLastPointCanBeRun) {
  const std::string count = run_program({"sweep", GetParam(), "--count"}).out;
  for (const std::string& task : {std::string("1"), count.substr(0, count.find('\n'))}) {
    const ProgramRun run = run_program({"sweep", GetParam(), "--task", task});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.err, "");
  }
}

INSTANTIATE_TEST_SUITE_P(All, ExampleStudy, testing::ValuesIn(studies()), test_name);

}  // namespace
}  // namespace plumb::cli
