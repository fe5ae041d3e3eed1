// Does docs/workload.md name every key of its tables, and do the examples of the documents run?

#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "sources.h"
#include "workload/load_file.h"

namespace plumb::workload {
namespace {

std::string text_of(const std::string& path) {
  auto text = read_file(std::string(PLUMB_SOURCE_DIR "/") + path, std::size_t{1} << 20);
  EXPECT_TRUE(text) << path;
  return text ? *text : std::string();
}

std::set<std::string> words_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> words;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    words.insert((*match)[1].str());
  }
  return words;
}

TEST(LoadDocument, NamesEveryKeyThatIsRead) {
  static const std::regex reads(R"re((?:_if|\.text|\.numbers|\.table|seconds)(?:<\w+>)?\((?:\w+, )?"(\w+)")re");
  const std::set<std::string> documented = words_in(text_of("docs/workload.md"), std::regex("`(\\w+)`"));
  std::set<std::string> keys;
  for (const char* source : {"src/workload/load_file.cpp", "src/workload/request_terms.cpp"}) {
    keys.merge(words_in(text_of(source), reads));
  }
  EXPECT_GE(keys.size(), 24u);
  for (const std::string& key : keys) {
    EXPECT_TRUE(documented.contains(key) || key == "distribution") << "docs/workload.md does not name " << key;
  }
}

TEST(LoadDocument, NamesNoOtherKey) {
  static const std::regex row(R"re(\n\| `(\w+)`(?= \|))re");
  const std::string document = text_of("docs/workload.md");
  const std::string tables = document.substr(document.find("## `[load]`"));
  const std::string sources = text_of("src/workload/load_file.cpp") + text_of("src/workload/request_terms.cpp");
  const std::set<std::string> rows = words_in(tables, row);
  EXPECT_GE(rows.size(), 20u);
  for (const std::string& key : rows) {
    EXPECT_NE(sources.find("\"" + key + "\""), std::string::npos) << "nothing reads " << key;
  }
}

/// Reads the tables of one example and takes its first requests.
void run_example(const std::string& text) {
  const Result<Document> document = Document::parse_toml(text, "example.toml");
  ASSERT_TRUE(document) << one_line(document.error());
  Reader root(*document);
  const std::string folder = PLUMB_SOURCE_DIR "/examples";
  LengthSamplerPtr lengths = fixed_lengths({10, 10});
  if (auto table = root.table_if("lengths")) {
    auto read = read_lengths(*table, folder);
    ASSERT_TRUE(read) << one_line(read.error());
    lengths = *read;
  }
  RequestSourcePtr source;
  if (root.has("load")) {
    const auto load = read_load(root.table("load"), folder);
    ASSERT_TRUE(load) << one_line(load.error());
    source = requests_of(*load, lengths);
  } else {
    const auto sessions = read_sessions(root.table("sessions"), folder);
    ASSERT_TRUE(sessions) << one_line(sessions.error());
    source = requests_of(*sessions);
  }
  const Status finished = root.finish();
  ASSERT_TRUE(finished) << one_line(finished.error());
  for (int i = 0; i < 10; ++i) {
    const auto request = source->next();
    EXPECT_TRUE(request && *request);
  }
}

TEST(LoadDocument, ItsExamplesRun) {
  const std::string fence = "```toml\n";
  int examples = 0;
  for (const char* path : {"docs/workload.md", "examples/loads/azure2024-conversation/README.md"}) {
    const std::string document = text_of(path);
    for (std::size_t at = document.find(fence); at != std::string::npos; at = document.find(fence, at + 1)) {
      const std::size_t begin = at + fence.size();
      SCOPED_TRACE(path);
      run_example(document.substr(begin, document.find("```", begin) - begin));
      ++examples;
    }
  }
  EXPECT_EQ(examples, 3);
}

}  // namespace
}  // namespace plumb::workload
