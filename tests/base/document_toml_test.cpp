// Is TOML read with every value at its place, and everything that is not TOML refused at its place?

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/document.h"
#include "base/toml_depth.h"

namespace plumb {
namespace {

std::string toml_error(std::string_view text) {
  const Result<Document> document = Document::parse_toml(text, "s.toml");
  return document ? "no error" : render(document.error());
}

TEST(Toml, MembersKeepTheOrderAndPlacesOfTheText) {
  const Result<Document> document = Document::parse_toml(R"(zeta = 1
alpha = "two"   # comment
[service]
share = 0.5
  [[service.users]]
  n = 10
  [[service.users]]
  n = 20
[gpu]
on = true
)",
                                                         "s.toml");
  ASSERT_TRUE(document) << render(document.error());
  const Node& root = document->root();
  ASSERT_EQ(root.members.size(), 4u);
  EXPECT_EQ(root.members[0].key, "zeta");
  EXPECT_EQ(root.members[1].key, "alpha");
  EXPECT_EQ(root.members[2].key, "service");
  EXPECT_EQ(root.members[3].key, "gpu");
  EXPECT_EQ(root.members[1].line, 2);
  EXPECT_EQ(root.members[1].column, 1);
  EXPECT_EQ(root.members[1].value.column, 9);
  EXPECT_EQ(root.find("service")->line, 3);
  const Node& users = *root.find("service")->find("users");
  ASSERT_EQ(users.items.size(), 2u);
  EXPECT_EQ(users.items[1].line, 7);
  EXPECT_EQ(users.items[1].find("n")->line, 8);
  EXPECT_EQ(users.items[1].find("n")->column, 7);
  EXPECT_TRUE(root.find("gpu")->find("on")->boolean);
}

TEST(Toml, ScalarsKeepTheirKinds) {
  const Result<Document> document = Document::parse_toml(
      "a = 0x10\nb = inf\nc = nan\nd = 1979-05-27\ne = -9223372036854775808\nf = 1_000.5\n", "s.toml");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(document->root().find("a")->integer, 16);
  EXPECT_EQ(document->root().find("b")->number, HUGE_VAL);
  EXPECT_TRUE(std::isnan(document->root().find("c")->number));
  EXPECT_EQ(document->root().find("d")->string, "1979-05-27");
  EXPECT_EQ(document->root().find("e")->integer, INT64_MIN);
  EXPECT_EQ(document->root().find("f")->number, 1000.5);
}

TEST(Toml, EmptyTextsAreEmptyTables) {
  for (const char* text : {"", "\n\n", "# only a comment", "\xef\xbb\xbf"}) {
    const Result<Document> document = Document::parse_toml(text, "s.toml");
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(document->root().kind, NodeKind::table);
    EXPECT_EQ(document->root().line, 1);
  }
}

TEST(Toml, LineEndsOfWindowsAndAByteOrderMarkDoNotMovePlaces) {
  const Result<Document> document = Document::parse_toml(
      "\xef\xbb\xbf"
      "a = 1\r\nbb = 2\r\n",
      "s.toml");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(document->root().find("a")->column, 5);
  EXPECT_EQ(document->root().find("bb")->line, 2);
  EXPECT_EQ(document->line_text(2), "bb = 2");
}

TEST(Toml, RefusesWhatIsNoToml) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"a = 1\na = 2\n",
       "s.toml:2:5: Error while parsing key-value pair: cannot redefine existing integer 'a'\n  a = 2\n      ^\n"},
      {"a = 99999999999999999999",
       "s.toml:1:25: Error while parsing decimal integer: '99999999999999999999' is not representable "
       "in 64 bits\n  a = 99999999999999999999\n                          ^\n"},
      {"a = \"\xff\"", "s.toml:1:6: the text is not UTF-8; expected UTF-8 text\n  a = \"?\"\n       ^\n"},
      {std::string("\xff\xfe"
                   "a\0",
                   4),
       "s.toml:1:1: the text is not UTF-8; expected UTF-8 text\n  ??a?\n  ^\n"},
      // Inputs on which toml++ itself would fail an assertion, or run into what it holds for unreachable.
      {"[=]",
       "s.toml:1:2: Error while parsing key: expected bare key starting character or string delimiter, saw '='\n"
       "  [=]\n   ^\n"},
      {"a = 1 \u00e9",
       "s.toml:1:7: Error while parsing key-value pair: expected a comment or whitespace, saw '\u00e9'\n  a = 1 "
       "\u00e9\n        ^\n"},
      {"a = [1,\n", "s.toml:1:9: Error while parsing array: encountered end-of-file\n  a = [1,\n         ^\n"},
  };
  for (const auto& [text, error] : table) EXPECT_EQ(toml_error(text), error) << text;
}

TEST(Toml, ALetterAfterAContinuedLineIsText) {
  const Result<Document> document = Document::parse_toml("a = \"\"\"one \\\n  \u00e9t\u00e9\"\"\"", "s.toml");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(document->root().find("a")->string, "one \u00e9t\u00e9");
}

TEST(Toml, DeepNestingIsRefused) {
  const auto brackets = [](std::size_t levels) { return "a = " + std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(Document::parse_toml(brackets(60), "s.toml"));
  EXPECT_FALSE(Document::parse_toml(brackets(100000), "s.toml"));
  const auto dots = [](std::size_t parts) {
    std::string key = "a";
    for (std::size_t i = 1; i < parts; ++i) key += ".a";
    return key;
  };
  EXPECT_TRUE(Document::parse_toml(dots(32) + " = 1", "s.toml"));
  EXPECT_EQ(toml_error(dots(33) + " = 1").substr(0, 55), "s.toml:1:64: nested too deeply; expected at most 32 lev");
  EXPECT_FALSE(Document::parse_toml(dots(1000000) + " = 1", "s.toml"));
  EXPECT_FALSE(Document::parse_toml("[" + dots(1000000) + "]", "s.toml"));
  EXPECT_FALSE(Document::parse_toml("b = { " + dots(1000000) + " = 1 }", "s.toml"));
  // The deepest text that both bounds let through.
  std::string deepest, close;
  for (int i = 0; i < 60; ++i) deepest += dots(32) + " = {", close += "}";
  EXPECT_TRUE(Document::parse_toml(deepest + close, "s.toml"));
}

TEST(Toml, DotsInStringsAndCommentsAreNoDepth) {
  const std::string dots(100, '.');
  for (const std::string& text :
       {"a = \"" + dots + "\"", "a = '" + dots + "'", "a = 1 # " + dots,
        "a = \"\"\"\n" + dots + "\"\n" + dots + "\"\"\"", "a = '''\n" + dots + "'''''\nb = 1", "\"" + dots + "\" = 1",
        "a = \"\\\"" + dots + "\"", "a = [" + std::string(200, ' ') + "1.5, 1.5]"}) {
    EXPECT_FALSE(toml_key_too_deep(text)) << text;
    EXPECT_TRUE(Document::parse_toml(text, "s.toml")) << text;
  }
  EXPECT_TRUE(toml_key_too_deep("s = \"\"\"x\"\"\"\n" + std::string(40, '.')));
  EXPECT_TRUE(toml_key_too_deep("s = '''x'''''\n" + std::string(40, '.')));
}

TEST(Document, LineOfFindsLines) {
  EXPECT_EQ(line_of("a\nb\r\n\nd", 1), "a");
  EXPECT_EQ(line_of("a\nb\r\n\nd", 2), "b");
  EXPECT_EQ(line_of("a\nb\r\n\nd", 3), "");
  EXPECT_EQ(line_of("a\nb\r\n\nd", 4), "d");
  EXPECT_EQ(line_of("a\nb\r\n\nd", 5), "");
  EXPECT_EQ(line_of("", 1), "");
  EXPECT_EQ(line_of("a", 0), "");
}

TEST(Document, AMissingFileAndAFolderAreInputErrors) {
  const Result<Document> missing = Document::read_toml(PLUMB_SOURCE_DIR "/no-such-file.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(one_line(missing.error()), PLUMB_SOURCE_DIR "/no-such-file.toml: cannot open: No such file or directory");
  EXPECT_EQ(missing.error().fault, Fault::input);
  const Result<Document> folder = Document::read_json(PLUMB_SOURCE_DIR "/src");
  ASSERT_FALSE(folder);
  EXPECT_EQ(one_line(folder.error()), PLUMB_SOURCE_DIR "/src: is a folder; expected a file");
}

}  // namespace
}  // namespace plumb
