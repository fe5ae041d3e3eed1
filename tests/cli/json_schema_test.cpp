// Does the checker of JSON formats find what breaks a schema, and where? Every keyword has a value that keeps it and
// one that breaks it.

#include "support/json_schema.h"

#include <gtest/gtest.h>

namespace plumb::test {
namespace {

/// The parser takes no text that is a bare word or number, so the value is read within a list.
std::string problem(std::string_view schema_text, const std::string& value_text) {
  const auto schema = Document::parse_json(schema_text, "schema.json");
  const auto value = Document::parse_json("[" + value_text + "]", "value.json");
  if (!schema || !value) return "a text is no JSON";
  return schema_problem(*schema, value->root().items.front());
}

struct Case {
  const char* name;
  const char* schema;
  const char* keeps;
  const char* breaks;
  const char* problem;
};

const Case cases[] = {
    {"Object", R"({"type": "object"})", "{}", "[]", " is an array"},
    {"Array", R"({"type": "array"})", "[]", "{}", " is a table"},
    {"String", R"({"type": "string"})", R"("a")", "1", " is an integer"},
    {"Boolean", R"({"type": "boolean"})", "true", "0", " is an integer"},
    {"Number", R"({"type": "number"})", "1", "null", " is null"},
    {"Integer", R"({"type": "integer"})", "4.0", "4.5", " is a number"},
    {"Null", R"({"type": "null"})", "null", "false", " is a boolean"},
    {"TypeList", R"({"type": ["number", "null"]})", "null", R"("a")", " is a string"},
    {"UnknownType", R"({"type": ["quantity", "null"]})", "null", "1", " is an integer"},
    {"Properties", R"({"properties": {"a": {"type": "number"}}})", R"({"b": "x"})", R"({"a": "x"})", "/a is a string"},
    {"Required", R"({"required": ["a", "b"]})", R"({"b": 1, "a": 2})", R"({"a": 1})", "/b is missing"},
    {"Additional", R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"a": 1})", R"({"a": 1, "b": 2})",
     "/b is not in the schema"},
    {"NoneAllowed", R"({"additionalProperties": false})", "{}", R"({"a": 1})", "/a is not in the schema"},
    {"Items", R"({"items": {"type": "integer"}})", "[1, 2]", "[1, null]", "/1 is null"},
    {"Enum", R"({"enum": ["rent", "purchase"]})", R"("rent")", R"("lease")", " \"lease\" is none of the words"},
    {"EnumOfTexts", R"({"enum": ["1"]})", R"("1")", "1", " \"\" is none of the words"},
    {"Minimum", R"({"minimum": 0})", "0", "-0.5", " is less than the minimum"},
    {"Maximum", R"({"maximum": 1})", "1", "1.5", " is more than the maximum"},
    {"AnyOf", R"({"anyOf": [{"type": "null"}, {"type": "string"}]})", "null", "1", " has none of the forms"},
    {"Reference", R"({"items": {"$ref": "#/$defs/n"}, "$defs": {"n": {"type": "number"}}})", "[1]", "[true]",
     "/0 is a boolean"},
    {"Deep", R"({"properties": {"a": {"items": {"properties": {"b": {"minimum": 1}}}}}})", R"({"a": [{"b": 1}]})",
     R"({"a": [{"b": 2}, {"b": 0}]})", "/a/1/b is less than the minimum"},
    {"EscapedKey", R"({"properties": {"a/b~c": {"type": "null"}}})", R"({"a/b~c": null})", R"({"a/b~c": 1})",
     "/a~1b~0c is an integer"},
};

class JsonSchemaKeyword : public testing::TestWithParam<Case> {};

TEST_P(JsonSchemaKeyword, IsKeptAndBroken) {
  EXPECT_EQ(problem(GetParam().schema, GetParam().keeps), "");
  EXPECT_EQ(problem(GetParam().schema, GetParam().breaks), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(All, JsonSchemaKeyword, testing::ValuesIn(cases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(JsonSchema, DoesNotPassOverWhatItDoesNotUnderstand) {
  EXPECT_EQ(problem(R"({"minimun": 0})", "1"), " the schema's keyword minimun is not understood");
  EXPECT_EQ(problem(R"({"$ref": "#/$defs/n"})", "1"), " the schema has no #/$defs/n");
}

}  // namespace
}  // namespace plumb::test
