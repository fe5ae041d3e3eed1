// Does docs/service.md name every key that a service file may have, and no other?

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "planner/service.h"
#include "support/services.h"

namespace plumb::cli {
namespace {

std::string text_of(const std::string& path) {
  auto text = read_file(std::string(PLUMB_SOURCE_DIR "/") + path, std::size_t{4} << 20);
  EXPECT_TRUE(text) << path;
  return text ? *text : std::string();
}

/// A source whose Readers take keys of a service file, from one text in it to another.
struct Source {
  const char* path;
  const char* from = "";
  const char* to = "";
};

const Source sources[] = {
    {"src/planner/service.cpp"},
    {"src/serving/deployment_file.cpp", "model::Precision read_precision", "Result<DeploymentFile> read_deployment"},
    {"src/serving/targets.cpp"},
    {"src/economics/cost.cpp"},
    {"src/economics/statement.cpp"},
    {"src/workload/lengths.cpp"},
    {"src/serving/speculation.cpp"},
    {"src/serving/expert_routing.cpp", "read_expert_routing(Reader&"},
    {"src/workload/length_distributions.cpp"},
    {"src/catalog/accelerator_file.cpp", "void read_memory", "Result<Accelerator> read_accelerator"},
    {"src/catalog/figure_reader.h", "Price<Money> price(", "return price;"},
};

/// Keys that the sources take with a Reader: `table.number("pue", from_one)`, `read_target(table, "ttft")`.
std::set<std::string> keys_read() {
  static const std::regex call(
      R"re((?:\.|->)(?:text|number|integer|boolean|quantity|table|choice)(?:s|_if)?(?:<\w+>)?\("(\w+)")re");
  static const std::regex helper(R"re([( ](?:\*?table|\*hardware|\*engine|entry|file), "(\w+)")re");
  std::set<std::string> keys;
  for (const Source& source : sources) {
    std::string text = text_of(source.path);
    const std::size_t from = text.find(source.from), to = text.find(source.to, from + 1);
    EXPECT_NE(from, std::string::npos) << source.path << " has no " << source.from;
    EXPECT_NE(to, std::string::npos) << source.path << " has no " << source.to;
    if (from == std::string::npos || to == std::string::npos) continue;
    text = *source.to == '\0' ? text.substr(from) : text.substr(from, to - from);
    for (const std::regex& pattern : {call, helper}) {
      for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
        keys.insert((*match)[1].str());
      }
    }
  }
  return keys;
}

TEST(ServiceDocument, NamesEveryKeyThatIsRead) {
  const std::string document = text_of("docs/service.md");
  const std::set<std::string> keys = keys_read();
  EXPECT_GT(keys.size(), 60u);
  for (const char* known :
       {"monthly", "rate_scale", "ttft", "pue", "paying_share", "weights", "exponent", "domain", "low"}) {
    EXPECT_TRUE(keys.contains(known)) << known << " is read, but was not found in the sources";
  }
  for (const std::string& key : keys) {
    const std::regex mention("`\\[{0,2}(\\w+\\.)*" + key + "(\\.\\w+)*\\]{0,2}`");
    EXPECT_TRUE(std::regex_search(document, mention)) << "docs/service.md does not name " << key;
  }
}

TEST(ServiceDocument, NamesNoOtherKey) {
  const std::string document = text_of("docs/service.md");
  const std::set<std::string> keys = keys_read();
  static const std::regex row(R"re(\n\| `(\w+)` \|)re");
  int rows = 0;
  for (std::sregex_iterator match(document.begin(), document.end(), row), end; match != end; ++match, ++rows) {
    EXPECT_TRUE(keys.contains((*match)[1].str())) << "docs/service.md has " << (*match)[1] << ", which nothing reads";
  }
  EXPECT_GT(rows, 50);
}

// The examples of the document are services that are read, with the models of examples/ beside them.
TEST(ServiceDocument, ItsExamplesAreRead) {
  const std::string document = text_of("docs/service.md");
  const TemporaryFolder folder;
  for (const char* name : {"models", "traces"}) {
    std::filesystem::create_directory_symlink(std::string(PLUMB_SOURCE_DIR "/examples/") + name, folder.file(name));
  }
  const std::string fence = "```toml\n";
  int examples = 0;
  for (std::size_t at = document.find(fence); at != std::string::npos; at = document.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    const std::string path = folder.write("service.toml", document.substr(begin, document.find("```", begin) - begin));
    catalog::Catalog catalog = test::builtin_catalog();
    const auto service = planner::read_service(path, catalog);
    EXPECT_TRUE(service) << render(service.error());
    ++examples;
  }
  EXPECT_EQ(examples, 2);
}

}  // namespace
}  // namespace plumb::cli
