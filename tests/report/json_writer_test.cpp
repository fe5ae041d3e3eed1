// golden and law: the bytes of a JSON text, and that it reads back to what was written.

#include "report/json_writer.h"

#include <bit>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/document.h"
#include "report/text.h"

namespace plumb::report {
namespace {

TEST(JsonWriter, Golden) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.test/1").member("ttft_s", 0.1).member("whole", 3.0).member("count", 9007199254740993);
  json.member("all", std::numeric_limits<std::uint64_t>::max()).member("met", true).member("none", nullptr);
  json.member("nan", std::numeric_limits<double>::quiet_NaN());
  json.member("infinite", -std::numeric_limits<double>::infinity());
  json.member("absent", std::optional<int>{}).member("present", std::optional<int>{4});
  json.member("text", std::string("a\"\\\b\f\n\r\t\x01\x7f/한\xff"));
  json.begin_array("empty").end_array();
  json.begin_object("none yet").end_object();
  json.begin_array("fleets");
  json.begin_object().member("replicas", 4).end_object();
  json.value(1e300).value(5e-324);
  json.end_array();
  json.member_array("list", std::vector<int>{1, 2});
  json.end_object();
  EXPECT_EQ(json.take(), R"({
  "schema": "plumb.test/1",
  "ttft_s": 0.1,
  "whole": 3,
  "count": 9007199254740993,
  "all": 18446744073709551615,
  "met": true,
  "none": null,
  "nan": null,
  "infinite": null,
  "absent": null,
  "present": 4,
  "text": "a\"\\\b\f\n\r\t\u0001\u007f/한)"
                         "\uFFFD"
                         R"(",
  "empty": [],
  "none yet": {},
  "fleets": [
    {
      "replicas": 4
    },
    1e+300,
    5e-324
  ],
  "list": [
    1,
    2
  ]
}
)");
}

TEST(JsonWriter, IsEmptyAgainAfterTake) {
  JsonWriter json;
  json.begin_array().end_array();
  EXPECT_EQ(json.take(), "[]\n");
  json.value("second");
  EXPECT_EQ(json.take(), "\"second\"\n");
}

#ifndef NDEBUG
TEST(JsonWriterDeathTest, MisuseIsAnAssertion) {
  EXPECT_DEATH(JsonWriter().begin_object().value(1), "needs a key");
  EXPECT_DEATH(JsonWriter().begin_array().key("a"), "stands in an object");
  EXPECT_DEATH(JsonWriter().begin_object().key("a").key("b"), "has no value");
  EXPECT_DEATH(JsonWriter().begin_object().key("a").end_object(), "has no value");
  EXPECT_DEATH(JsonWriter().begin_object().end_array(), "not open");
  EXPECT_DEATH(JsonWriter().value(1).value(2), "holds one value");
  EXPECT_DEATH(JsonWriter().begin_object().take(), "still open");
  EXPECT_DEATH(JsonWriter().take(), "nothing was written");
}
#endif

Node random_node(int depth) {
  Node node;
  node.kind = *rc::gen::element(NodeKind::null, NodeKind::boolean, NodeKind::integer, NodeKind::number,
                                NodeKind::string, NodeKind::array, NodeKind::table);
  if (depth == 0) node.kind = *rc::gen::element(NodeKind::array, NodeKind::table);
  const int children = depth < 4 ? *rc::gen::inRange(0, 5) : 0;
  switch (node.kind) {
    case NodeKind::null: break;
    case NodeKind::boolean: node.boolean = *rc::gen::arbitrary<bool>(); break;
    case NodeKind::integer: node.integer = *rc::gen::arbitrary<std::int64_t>(); break;
    case NodeKind::number:
      node.number = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
      if (!std::isfinite(node.number)) node.number = 0.1;
      break;
    case NodeKind::string: node.string = *rc::gen::arbitrary<std::string>(); break;
    case NodeKind::array:
      for (int i = 0; i < children; ++i) node.items.push_back(random_node(depth + 1));
      break;
    case NodeKind::table:
      for (int i = 0; i < children; ++i) {
        node.members.push_back({std::to_string(i) + *rc::gen::arbitrary<std::string>(), 0, 0, random_node(depth + 1)});
      }
      break;
  }
  return node;
}

void write(JsonWriter& json, const Node& node) {
  switch (node.kind) {
    case NodeKind::null: json.value(nullptr); break;
    case NodeKind::boolean: json.value(node.boolean); break;
    case NodeKind::integer: json.value(node.integer); break;
    case NodeKind::number: json.value(node.number); break;
    case NodeKind::string: json.value(node.string); break;
    case NodeKind::array:
      json.begin_array();
      for (const Node& item : node.items) write(json, item);
      json.end_array();
      break;
    case NodeKind::table:
      json.begin_object();
      for (const Node::Member& member : node.members) {
        json.key(member.key);
        write(json, member.value);
      }
      json.end_object();
      break;
  }
}

void expect_same(const Node& written, const Node& read) {
  if (written.kind == NodeKind::number) {  // JSON does not tell 3 from 3.0
    RC_ASSERT(read.kind == NodeKind::number || read.kind == NodeKind::integer);
    RC_ASSERT(read.number == written.number);
    return;
  }
  RC_ASSERT(read.kind == written.kind);
  if (written.kind == NodeKind::boolean) RC_ASSERT(read.boolean == written.boolean);
  if (written.kind == NodeKind::integer) RC_ASSERT(read.integer == written.integer);
  if (written.kind == NodeKind::string) RC_ASSERT(read.string == valid_utf8(written.string));
  RC_ASSERT(read.items.size() == written.items.size());
  for (std::size_t i = 0; i < read.items.size(); ++i) expect_same(written.items[i], read.items[i]);
  RC_ASSERT(read.members.size() == written.members.size());
  for (std::size_t i = 0; i < read.members.size(); ++i) {
    RC_ASSERT(read.members[i].key == valid_utf8(written.members[i].key));
    expect_same(written.members[i].value, read.members[i].value);
  }
}

RC_GTEST_PROP(JsonWriterLaw, ReadsBackToWhatWasWritten, ()) {
  const Node node = random_node(0);
  JsonWriter json;
  write(json, node);
  const std::string text = json.take();
  const Result<Document> document = Document::parse_json(text, "written");
  if (!document) RC_FAIL(render(document.error()) + "\n" + text);
  expect_same(node, document->root());
}

}  // namespace
}  // namespace plumb::report
