// Is JSON read with every value at its place, and everything that is not JSON refused at its place?

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/document.h"

namespace plumb {
namespace {

std::string json_error(std::string_view text) {
  const Result<Document> document = Document::parse_json(text, "c.json");
  return document ? "no error" : render(document.error());
}

TEST(Json, ValuesKeepTheirKindsAndPlaces) {
  const Result<Document> document = Document::parse_json(R"({
  "name": "x\u00e9\n",
  "layers": 32, "theta": 1e6,
  "list": [true, null, {"k": -7}]
})",
                                                         "c.json");
  ASSERT_TRUE(document) << render(document.error());
  const Node& root = document->root();
  ASSERT_EQ(root.members.size(), 4u);
  EXPECT_EQ(root.find("name")->string, "x\u00e9\n");
  EXPECT_EQ(root.find("layers")->kind, NodeKind::integer);
  EXPECT_EQ(root.find("layers")->integer, 32);
  EXPECT_EQ(root.find("layers")->number, 32.0);
  EXPECT_EQ(root.find("theta")->kind, NodeKind::number);
  EXPECT_EQ(root.find("theta")->line, 3);
  EXPECT_EQ(root.find("theta")->column, 26);
  EXPECT_EQ(root.members[2].line, 3);
  EXPECT_EQ(root.members[2].column, 17);  // the key
  const Node& list = *root.find("list");
  ASSERT_EQ(list.items.size(), 3u);
  EXPECT_TRUE(list.items[0].boolean);
  EXPECT_EQ(list.items[1].kind, NodeKind::null);
  EXPECT_EQ(list.items[2].find("k")->integer, -7);
  EXPECT_EQ(list.items[2].find("k")->column, 30);
  EXPECT_EQ(document->line_text(4), "  \"list\": [true, null, {\"k\": -7}]");
  EXPECT_EQ(document->line_text(99), "");
}

TEST(Json, ColumnsCountCharacters) {
  const Result<Document> document = Document::parse_json("{\"\u00e9\uac00\": 1}", "c.json");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().members[0].value.column, 8);
}

TEST(Json, PythonsWordsAreNumbers) {
  const Result<Document> document =
      Document::parse_json("{\"a\": Infinity, \"b\": -Infinity , \"c\": [NaN]}", "c.json");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(document->root().find("a")->number, HUGE_VAL);
  EXPECT_EQ(document->root().find("b")->number, -HUGE_VAL);
  EXPECT_TRUE(std::isnan(document->root().find("c")->items[0].number));
}

TEST(Json, LargeIntegersAreExactOrNoIntegers) {
  const Result<Document> document = Document::parse_json(
      R"({"a": 9223372036854775807, "b": -9223372036854775808, "c": 9223372036854775808})", "c.json");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().find("a")->integer, INT64_MAX);
  EXPECT_EQ(document->root().find("b")->integer, INT64_MIN);
  EXPECT_EQ(document->root().find("c")->kind, NodeKind::number);
  EXPECT_EQ(document->root().find("c")->number, 9223372036854775808.0);
}

TEST(Json, AByteOrderMarkIsSkipped) {
  const Result<Document> document = Document::parse_json("\xef\xbb\xbf{\"a\": 1}", "c.json");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().find("a")->column, 7);
}

TEST(Json, RefusesWhatIsNoJson) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "c.json:1:1: the text is empty\n"},
      {"  \n ", "c.json:1:1: the text is empty\n    \n  ^\n"},
      {"7", "c.json:1:1: the text is no JSON object; expected { ... }\n  7\n  ^\n"},
      {"{} {}", "c.json:1:4: text after the end of the JSON value; expected nothing more\n  {} {}\n     ^\n"},
      {"{\"a\": 1,\n \"a\": 2}",
       "c.json:2:2: key \"a\" is given twice; expected it once; it stands in line 1 too\n   \"a\": 2}\n   ^\n"},
      {"{\"a\": nullx}", "c.json:1:7: \"nullx\" is no JSON value\n  {\"a\": nullx}\n        ^\n"},
      {"{\"a\": tru}", "c.json:1:7: \"tru\" is no JSON value\n  {\"a\": tru}\n        ^\n"},
      {"{\"a\": NaNs}", "c.json:1:7: \"NaNs\" is no JSON value\n  {\"a\": NaNs}\n        ^\n"},
      {"{\"a\": -Infinite}",
       "c.json:1:7: \"-Infinite\" is no number, or is too large for one\n  {\"a\": -Infinite}\n        ^\n"},
      {"{\"a\": 01}", "c.json:1:7: \"01\" is no number, or is too large for one\n  {\"a\": 01}\n        ^\n"},
      {"{\"a\": 1e999}", "c.json:1:7: \"1e999\" is no number, or is too large for one\n  {\"a\": 1e999}\n        ^\n"},
      {"{\"a\": \"x\xff\"}",
       "c.json:1:9: the text is not UTF-8; expected UTF-8 text\n  {\"a\": \"x?\"}\n          ^\n"},
      {"{\"a\": \"x}\n", "c.json:1:10: a string is not closed\n  {\"a\": \"x}\n           ^\n"},
      {"{\"a\": \"x\n\"}",
       "c.json:1:9: a control character in a string, or a string that is not closed\n"
       "  {\"a\": \"x\n          ^\n"},
      {"{\"a\" 1}", "c.json:1:6: a comma, colon, bracket or key is missing or too many\n  {\"a\" 1}\n       ^\n"},
      {"{\"a\": [1", "c.json:1:8: the text ends in the middle of an object or array\n  {\"a\": [1\n         ^\n"},
      {"{\"a\": \"\\x\"}", "c.json:1:7: an escape in a string is wrong\n  {\"a\": \"\\x\"}\n        ^\n"},
      {"{\"a\": \"x}", "c.json:1:7: a string is not closed\n  {\"a\": \"x}\n        ^\n"},
  };
  for (const auto& [text, error] : table) EXPECT_EQ(json_error(text), error) << text;
}

TEST(Json, EveryTruncationOfATextIsAnErrorInIt) {
  const std::string text = "{\"a\": [1, {\"b\": \"c\"}],\n \"d\": -1.5e3, \"e\": true, \"f\": null}";
  ASSERT_TRUE(Document::parse_json(text, "c.json"));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Result<Document> document = Document::parse_json(text.substr(0, size), "c.json");
    ASSERT_FALSE(document) << text.substr(0, size);
    EXPECT_GE(document.error().place.line, 1);
    EXPECT_LE(document.error().place.line, 2);
    EXPECT_FALSE(document.error().message.empty());
  }
}

TEST(Json, StructuralMistakesAreErrors) {
  for (const char* text : {"[1,]",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{\"a\":1,}",
                           "{1:2}",
                           "{\"a\":1 \"b\":2}",
                           "[}",
                           "{]",
                           "[1}",
                           "{\"a\":1}}",
                           "[[1]",
                           "{\"a\":}",
                           "{\"a\":[1,,2]}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":1.}",
                           "{\"a\":'x'}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\x\"}",
                           "{a:1}",
                           "// c\n{}"}) {
    EXPECT_FALSE(Document::parse_json(text, "c.json")) << text;
  }
}

TEST(Json, DeepNestingIsRefused) {
  const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(Document::parse_json(nested(200), "c.json"));
  EXPECT_EQ(json_error(nested(201)).substr(0, 57), "c.json:1:201: nested too deeply; expected at most 200 lev");
  EXPECT_FALSE(Document::parse_json(nested(1000000), "c.json"));
  EXPECT_FALSE(Document::parse_json(std::string(1000000, '['), "c.json"));
}

/// A random value as JSON text, which keeps to the kinds given back exactly.
std::string random_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 3 ? 4 : 6)) {
    case 0: return "null";
    case 1: return "true";
    case 2: return fmt::format("{}", *rc::gen::arbitrary<std::int64_t>());
    case 3: return fmt::format("\"{}\"", *rc::gen::container<std::string>(rc::gen::inRange('a', '{')));
    case 4: {
      std::string text = "[";
      const int count = *rc::gen::inRange(0, 4);
      for (int i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + random_json(depth + 1);
      return text + "]";
    }
    default: {
      std::string text = "{";
      const int count = *rc::gen::inRange(0, 4);
      for (int i = 0; i < count; ++i)
        text += fmt::format("{}\"k{}\": {}", i > 0 ? ", " : "", i, random_json(depth + 1));
      return text + "}";
    }
  }
}

std::string written(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::boolean: return node.boolean ? "true" : "false";
    case NodeKind::integer: return fmt::format("{}", node.integer);
    case NodeKind::number: return fmt::format("{}", node.number);
    case NodeKind::string: return fmt::format("\"{}\"", node.string);
    case NodeKind::array:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + written(item);
      return "[" + text + "]";
    case NodeKind::table:
      for (const Node::Member& member : node.members) {
        text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", member.key, written(member.value));
      }
      return "{" + text + "}";
    case NodeKind::null: break;
  }
  return "null";
}

RC_GTEST_PROP(JsonLaw, WhatIsWrittenIsReadBack, ()) {
  const std::string text = "{\"root\": " + random_json(0) + "}";
  const Result<Document> document = Document::parse_json(text, "c.json");
  RC_ASSERT(bool(document));
  RC_ASSERT(written(document->root()) == text);
}

}  // namespace
}  // namespace plumb
