// JSON text into nodes, by simdjson's on-demand parser, which can say where in the text it stands.

#include "base/document.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/utf8.h"

namespace plumb {
namespace {

namespace od = simdjson::ondemand;

// Deeper texts are no configuration of anything and would only exhaust the stack.
constexpr int depth_max = 200;

/// Turns byte offsets, asked for in ascending order, into lines and columns without rescanning the text.
class PlaceFinder {
 public:
  explicit PlaceFinder(std::string_view text) : text_(text) {}

  void locate(std::size_t offset, int& line, int& column) {
    for (; offset_ < std::min(offset, text_.size()); ++offset_) {
      if (text_[offset_] == '\n') {
        ++line_;
        column_ = 1;
      } else if (utf8_begins(text_[offset_])) {
        ++column_;
      }
    }
    line = line_;
    column = column_;
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  int line_ = 1;
  int column_ = 1;
};

/// Where the trouble with strings is that the parser reports without a place: the first control character inside a
/// string, else the quote of the string that is never closed.
std::size_t string_trouble(std::string_view text) {
  std::size_t opened = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      inside = !inside;
      opened = i;
    } else if (inside && text[i] == '\\') {
      ++i;
    } else if (inside && static_cast<unsigned char>(text[i]) < 0x20) {
      return i;
    }
  }
  return opened;
}

/// What the parser found wrong, in the words of our other messages.
std::string words_of(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY: return "the text is empty";
    case simdjson::UNCLOSED_STRING: return "a string is not closed";
    case simdjson::UNESCAPED_CHARS: return "a control character in a string, or a string that is not closed";
    case simdjson::STRING_ERROR: return "an escape in a string is wrong";
    case simdjson::TAPE_ERROR: return "a comma, colon, bracket or key is missing or too many";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "the text ends in the middle of an object or array";
    default: return simdjson::error_message(code);
  }
}

/// The first member whose key an earlier one has too, or null. JSON leaves open which of them would count.
const Node::Member* repeated(const std::vector<Node::Member>& members) {
  std::vector<const Node::Member*> by_key;
  for (const Node::Member& member : members) by_key.push_back(&member);
  std::stable_sort(by_key.begin(), by_key.end(), [](auto* a, auto* b) { return a->key < b->key; });
  const Node::Member* first = nullptr;
  for (std::size_t i = 1; i < by_key.size(); ++i) {
    if (by_key[i]->key == by_key[i - 1]->key && (first == nullptr || by_key[i] < first)) first = by_key[i];
  }
  return first;
}

class Converter {
 public:
  Converter(std::string_view text, const std::string& name) : text_(text), name_(name), places_(text) {}

  Result<Node> convert(od::document& document) {
    od::value value;
    if (document.get_value().get(value) != simdjson::SUCCESS) {
      return fail(error_at(offset_of(document), "the text is no JSON object", "{ ... }"));
    }
    PLUMB_ASSIGN(Node root, convert(value, 1));
    if (const std::size_t end = offset_of(document); end < text_.size()) {
      return fail(error_at(end, "text after the end of the JSON value", "nothing more"));
    }
    return root;
  }

 private:
  Error error_at(std::size_t offset, std::string message, std::string expected) const {
    return error_at_offset(text_, offset, name_, std::move(message), std::move(expected));
  }

  tl::unexpected<Error> broken(std::size_t offset, simdjson::error_code code) const {
    return fail(error_at(offset, words_of(code), {}));
  }

  /// Where in the text a value or document stands; the end of the text where the parser has gone past it.
  template <class Parsed>
  std::size_t offset_of(Parsed& parsed) const {
    const char* location = nullptr;
    if (parsed.current_location().get(location) != simdjson::SUCCESS) return text_.size();
    return std::min(static_cast<std::size_t>(location - text_.data()), text_.size());
  }

  static std::string_view token_of(od::value& value) {
    std::string_view token = value.raw_json_token();
    return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  }

  Result<Node> convert(od::value value, int depth) {
    const std::size_t offset = offset_of(value);
    if (depth > depth_max)
      return fail(error_at(offset, "nested too deeply", fmt::format("at most {} levels", depth_max)));
    Node node;
    places_.locate(offset, node.line, node.column);
    od::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return word(value, std::move(node), offset);
    switch (type) {
      case od::json_type::object: return object(value, std::move(node), depth);
      case od::json_type::array: return array(value, std::move(node), depth);
      case od::json_type::string: return string(value, std::move(node), offset);
      case od::json_type::number: return number(value, std::move(node), offset);
      case od::json_type::boolean:
        node.kind = NodeKind::boolean;
        if (value.get_bool().get(node.boolean) == simdjson::SUCCESS) return node;
        break;
      case od::json_type::null:
        if (token_of(value) == "null") return node;
        break;
    }
    return not_a_value(value, offset);
  }

  tl::unexpected<Error> not_a_value(od::value& value, std::size_t offset) const {
    return fail(error_at(offset, fmt::format("{} is no JSON value", in_quotes(token_of(value))), {}));
  }

  Result<Node> string(od::value value, Node node, std::size_t offset) {
    std::string_view text;
    if (auto code = value.get_string().get(text)) return broken(offset, code);
    node.kind = NodeKind::string;
    node.string = text;
    return node;
  }

  /// Two of the three words that JSON lacks and Python writes.
  Result<Node> word(od::value value, Node node, std::size_t offset) {
    const std::string_view token = token_of(value);
    node.kind = NodeKind::number;
    if (token == "Infinity") {
      node.number = std::numeric_limits<double>::infinity();
    } else if (token == "NaN") {
      node.number = std::numeric_limits<double>::quiet_NaN();
    } else {
      return not_a_value(value, offset);
    }
    return node;
  }

  Result<Node> number(od::value value, Node node, std::size_t offset) {
    const std::string_view token = token_of(value);
    if (token == "-Infinity") {
      node.kind = NodeKind::number;
      node.number = -std::numeric_limits<double>::infinity();
      return node;
    }
    od::number number;
    if (value.get_number().get(number) != simdjson::SUCCESS) {
      if (offset + token.size() == text_.size()) return broken(offset, simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
      return fail(error_at(offset, fmt::format("{} is no number, or is too large for one", in_quotes(token)), {}));
    }
    node.number = number.as_double();
    node.kind = number.is_int64() ? NodeKind::integer : NodeKind::number;
    if (number.is_int64()) node.integer = number.get_int64();
    return node;
  }

  Result<Node> array(od::value value, Node node, int depth) {
    node.kind = NodeKind::array;
    od::array items;
    if (auto code = value.get_array().get(items)) return broken(offset_of(value), code);
    for (auto item : items) {
      od::value element;
      if (auto code = item.get(element)) return broken(offset_of(value), code);
      PLUMB_ASSIGN(Node child, convert(element, depth + 1));
      node.items.push_back(std::move(child));
    }
    return node;
  }

  Result<Node> object(od::value value, Node node, int depth) {
    node.kind = NodeKind::table;
    od::object fields;
    if (auto code = value.get_object().get(fields)) return broken(offset_of(value), code);
    for (auto field : fields) {
      od::raw_json_string raw;
      if (auto code = field.key().get(raw)) return broken(offset_of(value), code);
      const auto offset = static_cast<std::size_t>(raw.raw() - text_.data()) - 1;  // of the opening quote
      Node::Member member;
      places_.locate(offset, member.line, member.column);
      std::string_view key;
      if (auto code = field.unescaped_key().get(key)) return broken(offset, code);
      member.key = key;
      od::value element;
      if (auto code = field.value().get(element)) return broken(offset_of(value), code);
      PLUMB_ASSIGN(member.value, convert(element, depth + 1));
      node.members.push_back(std::move(member));
    }
    if (const Node::Member* again = repeated(node.members)) {
      Error error =
          input_error({name_, again->line, again->column}, fmt::format("key {} is given twice", in_quotes(again->key)),
                      fmt::format("it once; it stands in line {} too", node.find(again->key)->line));
      return fail(with_excerpt(std::move(error)));
    }
    return node;
  }

  Error with_excerpt(Error error) const {
    error.excerpt = line_of(text_, error.place.line);
    return error;
  }

  std::string_view text_;
  const std::string& name_;
  PlaceFinder places_;
};

}  // namespace

Result<Document> Document::parse_json(std::string_view text, std::string name) {
  text = without_byte_order_mark(text);
  if (const std::size_t valid = utf8_valid_until(text); valid < text.size()) {
    return fail(error_at_offset(text, valid, name, "the text is not UTF-8", "UTF-8 text"));
  }
  const simdjson::padded_string padded(text);
  od::parser parser;
  od::document document;
  if (auto code = parser.iterate(padded).get(document)) {
    const bool in_string = code == simdjson::UNESCAPED_CHARS || code == simdjson::UNCLOSED_STRING;
    return fail(error_at_offset(text, in_string ? string_trouble(text) : 0, name, words_of(code)));
  }
  Converter converter({padded.data(), padded.size()}, name);
  PLUMB_ASSIGN(Node root, converter.convert(document));
  return Document(Format::json, std::move(name), std::string(text), std::move(root));
}

}  // namespace plumb
