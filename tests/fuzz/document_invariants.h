#pragma once
// What holds for every text whatever, given to a parser of documents: it becomes a tree whose every place is in the
// text, or an error with a place and a message. Broken, these stop the target.

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/document.h"
#include "base/reader.h"
#include "base/utf8.h"

namespace plumb::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

inline void check_error(const Error& error, std::string_view text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  require(error.fault == Fault::input);
  require(error.place.line >= 1 && error.place.line <= lines + 1 && error.place.column >= 1);
  require(!error.message.empty());
  const std::string line = one_line(error), picture = render(error);
  require(line.find('\n') == std::string::npos);
  require(utf8_valid_until(picture) == picture.size());
}

inline void check_node(const Node& node, const Document& document, int depth) {
  require(depth < 10000);
  require(node.line >= 1 && node.column >= 1);
  require(node.kind != NodeKind::integer || node.number == static_cast<double>(node.integer));
  require(utf8_valid_until(node.string) == node.string.size());
  for (const Node& item : node.items) check_node(item, document, depth + 1);
  const Node::Member* before = nullptr;
  for (const Node::Member& member : node.members) {
    require(member.line >= 1 && member.column >= 1);
    require(before == nullptr || before->line < member.line ||
            (before->line == member.line && before->column <= member.column));
    require(node.find(member.key) == &member.value);  // a key stands once
    check_node(member.value, document, depth + 1);
    before = &member;
  }
}

/// Reads every member in a way that suits it or not; what is wrong must have a place.
inline void check_reader(const Document& document, std::string_view text) {
  Reader reader(document);
  for (const std::string& key : reader.keys()) {
    switch (key.size() % 5) {
      case 0: reader.quantity_if<Seconds>(key, positive); break;
      case 1: reader.integers(key, from_one); break;
      case 2: reader.texts(key); break;
      case 3: reader.tables(key); break;
      default: break;
    }
  }
  if (const Status status = reader.finish(); !status) check_error(status.error(), text);
}

inline void check_document(const Result<Document>& document, std::string_view text) {
  if (!document) return check_error(document.error(), text);
  check_node(document->root(), *document, 1);
  check_reader(*document, text);
}

}  // namespace plumb::fuzz
