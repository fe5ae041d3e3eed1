#include "base/document.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/document_edit.h"
#include "base/file.h"
#include "base/utf8.h"

namespace plumb {

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::null: return "null";
    case NodeKind::boolean: return "a boolean";
    case NodeKind::integer: return "an integer";
    case NodeKind::number: return "a number";
    case NodeKind::string: return "a string";
    case NodeKind::array: return "an array";
    case NodeKind::table: return "a table";
  }
  return "a value";
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Document::Document(Format format, std::string name, std::string text, Node root)
    : format_(format),
      name_(std::make_shared<const std::string>(std::move(name))),
      text_(std::make_shared<const std::string>(std::move(text))),
      root_(std::make_shared<const Node>(std::move(root))) {}

std::string line_of(std::string_view text, int line) {
  for (int current = 1; !text.empty() || current == line; ++current) {
    const std::size_t end = text.find('\n');
    if (current == line) {
      std::string_view found = text.substr(0, end);
      if (found.ends_with('\r')) found.remove_suffix(1);
      return std::string(found);
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

Error error_at_offset(std::string_view text, std::size_t offset, const std::string& name, std::string message,
                      std::string expected) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto column =
      1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(), utf8_begins);
  Error error =
      input_error({name, static_cast<int>(line), static_cast<int>(column)}, std::move(message), std::move(expected));
  error.excerpt = line_of(text, error.place.line);
  return error;
}

std::string Document::member_example(std::string_view key) const {
  return format_ == Format::json ? fmt::format("\"{}\": ...", key) : fmt::format("{} = ...", key);
}

Place Document::place(const Node& node) const {
  return node.origin == nullptr ? place(node.line, node.column) : node.origin->document.place(node.line, node.column);
}

Error Document::error_at(const Node& node, std::string message, std::string expected) const {
  if (node.origin != nullptr) message = fmt::format("{}: {}", node.origin->label, message);
  Error error = input_error(place(node), std::move(message), std::move(expected));
  error.excerpt = (node.origin == nullptr ? *this : node.origin->document).line_text(node.line);
  return error;
}

std::string Document::line_text(int line) const { return line_of(*text_, line); }

Result<Document> Document::read_toml(const std::string& path, std::size_t bytes_max) {
  PLUMB_ASSIGN(const std::string text, read_file(path, bytes_max));
  return parse_toml(text, path);
}

Result<Document> Document::read_json(const std::string& path, std::size_t bytes_max) {
  PLUMB_ASSIGN(const std::string text, read_file(path, bytes_max));
  return parse_json(text, path);
}

}  // namespace plumb
