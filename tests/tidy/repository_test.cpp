// Does this repository keep its own rules?

#include <ostream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules.h"

namespace plumb::tidy {

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

namespace {

class Repository : public testing::TestWithParam<Rule> {};

TEST_P(Repository, Keeps) {
  const Tree tree = read_tree(PLUMB_SOURCE_DIR);
  ASSERT_NE(tree.find("CMakeLists.txt"), nullptr);
  const std::vector<Finding> findings = GetParam().check(tree);
  std::string list;
  for (const Finding& finding : findings) {
    list += fmt::format("  {}:{}: {}\n", finding.path, finding.line, finding.message);
  }
  EXPECT_TRUE(findings.empty()) << findings.size() << " places break this rule:\n" << list;
}

INSTANTIATE_TEST_SUITE_P(Rules, Repository, testing::ValuesIn(rules()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace plumb::tidy
