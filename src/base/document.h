#pragma once
// A TOML or JSON text as a tree whose every node knows its place, so that whatever is wrong with a value can be said
// with file, line and column. A tree is read through a Reader (reader.h).
//
// JSON may hold the words NaN, Infinity and -Infinity, which Python's writer emits into config.json files. A key given
// twice, nesting deeper than any configuration has, and text that is not UTF-8 are errors; a UTF-8 byte order mark is
// skipped. Thread rule: a Document is immutable once made and may be read by many threads.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb {

enum class NodeKind { null, boolean, integer, number, string, array, table };

/// The word for a kind in messages: "a string", "a table".
std::string_view kind_name(NodeKind kind);

struct Edit;
struct EditOrigin;

struct Node {
  struct Member;
  NodeKind kind = NodeKind::null;
  int line = 0;                        ///< from 1
  int column = 0;                      ///< from 1, in characters
  const EditOrigin* origin = nullptr;  ///< of a value that an edit has put there, whose text `line` is of; else null
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0.0;  ///< also set for integers
  std::string string;
  std::vector<Node> items;      ///< of an array
  std::vector<Member> members;  ///< of a table, in the order of the text

  /// The member of that key, or null.
  const Node* find(std::string_view key) const;
};

struct Node::Member {
  std::string key;
  int line = 0;  ///< of the key
  int column = 0;
  Node value;
};

class Document {
 public:
  /// `name` is what messages call the text: a path as the user wrote it.
  [[nodiscard]] static Result<Document> parse_toml(std::string_view text, std::string name);
  [[nodiscard]] static Result<Document> parse_json(std::string_view text, std::string name);
  /// Reads the file; a file over `bytes_max` is refused, so that a wrong path cannot fill the memory.
  [[nodiscard]] static Result<Document> read_toml(const std::string& path,
                                                  std::size_t bytes_max = std::size_t{16} << 20);
  [[nodiscard]] static Result<Document> read_json(const std::string& path,
                                                  std::size_t bytes_max = std::size_t{16} << 20);

  /// The same document with values put into it or multiplied (document_edit.h). Messages about what an edit has put
  /// there are of the edit's text. An edit that cannot be made is an error at its place.
  [[nodiscard]] Result<Document> with(std::span<const Edit> edits) const;

  const Node& root() const { return *root_; }
  const std::string& name() const { return *name_; }
  /// How a key and its value are written in this text, for messages: `key = ...` or `"key": ...`.
  std::string member_example(std::string_view key) const;
  Place place(int line, int column) const { return {*name_, line, column}; }
  /// The place of a node of this document, in the text that it comes from.
  Place place(const Node& node) const;
  /// An error at a node of this document, with its excerpt; of one that an edit has put there, it says which.
  Error error_at(const Node& node, std::string message, std::string expected = {}) const;
  /// The text of a line (from 1) without its end, or empty.
  std::string line_text(int line) const;

 private:
  enum class Format { toml, json };
  Document(Format format, std::string name, std::string text, Node root);
  Format format_;
  std::shared_ptr<const std::string> name_;
  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const Node> root_;
  std::vector<std::shared_ptr<const EditOrigin>> origins_;  ///< of edited nodes, which point at them
};

/// Line number `line` (from 1) of `text`, without its end.
std::string line_of(std::string_view text, int line);

/// The error at a byte of the text that parse_toml and parse_json were given, with its line and column.
Error error_at_offset(std::string_view text, std::size_t offset, const std::string& name, std::string message,
                      std::string expected = {});

}  // namespace plumb
