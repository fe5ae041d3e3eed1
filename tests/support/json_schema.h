#pragma once
// Holds a JSON value against a JSON Schema (draft 2020-12), for tests of the formats that docs/ promises.
//
// Understood: type (a word or a list), properties, required, additionalProperties (true or false), items, enum (of
// texts), minimum, maximum, anyOf, $ref to "#/$defs/NAME", and $defs; description, title and $schema say nothing of
// values. A keyword that is not understood is a violation of its own, so that a slip in a schema does not go by unseen.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "base/document.h"

namespace plumb::test {

struct Violation {
  std::string pointer;  ///< JSON pointer of the value, "" for the whole
  std::string message;
};

class JsonSchema {
 public:
  /// `schema` must outlive this.
  explicit JsonSchema(const Node& schema) : root_(schema) {}

  /// The first violation in the order of the schema's keywords, depth first; nothing if the value keeps the schema.
  std::optional<Violation> first_violation(const Node& value) const { return check(root_, value, ""); }

 private:
  using Found = std::optional<Violation>;

  static bool understood(std::string_view keyword) {
    static constexpr std::array<std::string_view, 14> words{
        "$schema", "title", "description", "$defs", "type",    "properties", "required",
        "items",   "enum",  "minimum",     "anyOf", "maximum", "$ref",       "additionalProperties"};
    return std::find(words.begin(), words.end(), keyword) != words.end();
  }

  /// A key as a step of a JSON pointer (RFC 6901).
  static std::string step(std::string_view key) {
    std::string text = "/";
    for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
  }

  static bool is_type(const Node& value, std::string_view type) {
    const bool number = value.kind == NodeKind::integer || value.kind == NodeKind::number;
    if (type == "number") return number;
    if (type == "integer") return number && std::floor(value.number) == value.number;
    if (type == "object") return value.kind == NodeKind::table;
    if (type == "array") return value.kind == NodeKind::array;
    if (type == "string") return value.kind == NodeKind::string;
    if (type == "boolean") return value.kind == NodeKind::boolean;
    return type == "null" && value.kind == NodeKind::null;
  }

  Found check(const Node& schema, const Node& value, const std::string& pointer) const {
    for (const Node::Member& keyword : schema.members) {
      if (!understood(keyword.key))
        return Violation{pointer, "the schema's keyword " + keyword.key + " is not understood"};
      Found found = check_keyword(schema, keyword.key, keyword.value, value, pointer);
      if (found) return found;
    }
    return std::nullopt;
  }

  Found check_keyword(const Node& schema, std::string_view keyword, const Node& rule, const Node& value,
                      const std::string& pointer) const {
    if (keyword == "$ref") return check_reference(rule.string, value, pointer);
    if (keyword == "type") return check_type(rule, value, pointer);
    if (keyword == "enum") return check_enum(rule, value, pointer);
    if (keyword == "anyOf") return check_any_of(rule, value, pointer);
    if (keyword == "minimum" && is_type(value, "number") && value.number < rule.number) {
      return Violation{pointer, "is less than the minimum"};
    }
    if (keyword == "maximum" && is_type(value, "number") && value.number > rule.number) {
      return Violation{pointer, "is more than the maximum"};
    }
    if (keyword == "items" && value.kind == NodeKind::array) return check_items(rule, value, pointer);
    if (value.kind != NodeKind::table) return std::nullopt;
    if (keyword == "required") return check_required(rule, value, pointer);
    if (keyword == "properties") return check_properties(rule, value, pointer);
    if (keyword == "additionalProperties" && !rule.boolean) return check_additional(schema, value, pointer);
    return std::nullopt;
  }

  Found check_reference(std::string_view reference, const Node& value, const std::string& pointer) const {
    constexpr std::string_view prefix = "#/$defs/";
    const Node* definitions = root_.find("$defs");
    const Node* target = definitions == nullptr || !reference.starts_with(prefix)
                             ? nullptr
                             : definitions->find(reference.substr(prefix.size()));
    if (target == nullptr) return Violation{pointer, "the schema has no " + std::string(reference)};
    return check(*target, value, pointer);
  }

  static Found check_type(const Node& rule, const Node& value, const std::string& pointer) {
    if (rule.kind == NodeKind::string && is_type(value, rule.string)) return std::nullopt;
    for (const Node& type : rule.items) {
      if (is_type(value, type.string)) return std::nullopt;
    }
    return Violation{pointer, "is " + std::string(kind_name(value.kind))};
  }

  static Found check_enum(const Node& rule, const Node& value, const std::string& pointer) {
    for (const Node& word : rule.items) {
      if (value.kind == NodeKind::string && value.string == word.string) return std::nullopt;
    }
    return Violation{pointer, "\"" + value.string + "\" is none of the words"};
  }

  Found check_any_of(const Node& rule, const Node& value, const std::string& pointer) const {
    for (const Node& form : rule.items) {
      if (!check(form, value, pointer)) return std::nullopt;
    }
    return Violation{pointer, "has none of the forms"};
  }

  Found check_items(const Node& rule, const Node& value, const std::string& pointer) const {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      if (Found found = check(rule, value.items[i], pointer + "/" + std::to_string(i))) return found;
    }
    return std::nullopt;
  }

  static Found check_required(const Node& rule, const Node& value, const std::string& pointer) {
    for (const Node& key : rule.items) {
      if (value.find(key.string) == nullptr) return Violation{pointer + step(key.string), "is missing"};
    }
    return std::nullopt;
  }

  Found check_properties(const Node& rule, const Node& value, const std::string& pointer) const {
    for (const Node::Member& property : rule.members) {
      const Node* member = value.find(property.key);
      if (member == nullptr) continue;
      if (Found found = check(property.value, *member, pointer + step(property.key))) return found;
    }
    return std::nullopt;
  }

  static Found check_additional(const Node& schema, const Node& value, const std::string& pointer) {
    const Node* properties = schema.find("properties");
    for (const Node::Member& member : value.members) {
      if (properties == nullptr || properties->find(member.key) == nullptr) {
        return Violation{pointer + step(member.key), "is not in the schema"};
      }
    }
    return std::nullopt;
  }

  const Node& root_;
};

/// "" if the value keeps the schema, else where and how it does not.
inline std::string schema_problem(const Document& schema, const Node& value) {
  const auto violation = JsonSchema(schema.root()).first_violation(value);
  return violation ? violation->pointer + " " + violation->message : std::string();
}

}  // namespace plumb::test
