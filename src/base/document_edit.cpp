#include "base/document_edit.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/number_text.h"

namespace plumb {
namespace {

/// An error at the place of the edit.
Error edit_error(const Edit& edit, std::string message, std::string expected) {
  Node at = edit.value;
  at.origin = edit.origin.get();
  return edit.origin->document.error_at(at, std::move(message), std::move(expected));
}

void stamp(Node& node, const Edit& edit) {
  node.origin = edit.origin.get();
  for (Node& item : node.items) stamp(item, edit);
  for (Node::Member& member : node.members) stamp(member.value, edit);
}

/// A node that stands where the edit stands.
Node node_of(const Edit& edit, NodeKind kind) {
  Node node;
  node.kind = kind;
  node.line = edit.value.line;
  node.column = edit.value.column;
  node.origin = edit.origin.get();
  return node;
}

std::string path_words(const Edit& edit) { return fmt::format("{}", fmt::join(edit.path, ".")); }

/// The item of an array that a part of a path means, or null.
Node* item_of(Node& array, std::string_view part) {
  for (Node& item : array.items) {
    const Node* name = item.find("name");
    if (name != nullptr && name->kind == NodeKind::string && name->string == part) return &item;
  }
  std::size_t index = array.items.size();
  const auto [stop, code] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool whole = code == std::errc{} && stop == part.data() + part.size();
  return whole && index < array.items.size() ? &array.items[index] : nullptr;
}

Result<Node> product(const Document& document, const Node& before, const Edit& edit) {
  Node node = node_of(edit, before.kind);
  const double factor = *edit.factor;
  if (before.kind == NodeKind::integer || before.kind == NodeKind::number) {
    node.number = before.number * factor;
    constexpr double exact_max = 9007199254740992.0;
    const bool whole = std::floor(node.number) == node.number && std::abs(node.number) <= exact_max;
    node.kind = before.kind == NodeKind::integer && whole ? NodeKind::integer : NodeKind::number;
    if (node.kind == NodeKind::integer) node.integer = static_cast<std::int64_t>(node.number);
    return node;
  }
  const std::optional<NumberText> quantity =
      before.kind == NodeKind::string ? split_number(before.string) : std::nullopt;
  if (quantity) {
    node.string = quantity->with(quantity->number * factor);
    return node;
  }
  const Node* value = before.find("value");
  if (value != nullptr && before.kind == NodeKind::table) return product(document, *value, edit);
  return fail(edit_error(edit,
                         fmt::format("\"{}\" of {} is {}", path_words(edit), document.name(), kind_name(before.kind)),
                         "a number or a quantity, which can be multiplied"));
}

/// The table's member of that key; made where it is not there.
Node& member_of(Node& table, const std::string& key, const Edit& edit) {
  for (Node::Member& member : table.members) {
    if (member.key == key) return member.value;
  }
  table.members.push_back({key, edit.value.line, edit.value.column, node_of(edit, NodeKind::null)});
  return table.members.back().value;
}

Status put(Node& root, const Document& document, const Edit& edit) {
  Node* at = &root;
  for (std::size_t i = 0; i < edit.path.size(); ++i) {
    if (at->kind == NodeKind::null && at->origin != nullptr && i > 0) at->kind = NodeKind::table;
    if (at->kind == NodeKind::array) {
      Node* item = item_of(*at, edit.path[i]);
      if (item == nullptr) {
        return fail(edit_error(
            edit, fmt::format("\"{}\": the list in {} has no \"{}\"", path_words(edit), document.name(), edit.path[i]),
            fmt::format("an index below {}, or a name in the list", at->items.size())));
      }
      at = item;
    } else if (at->kind == NodeKind::table) {
      at = &member_of(*at, edit.path[i], edit);
    } else {
      return fail(edit_error(edit,
                             fmt::format("\"{}\": \"{}\" is {} in {}, without keys of its own", path_words(edit),
                                         edit.path[i - 1], kind_name(at->kind), document.name()),
                             "a key of a table"));
    }
  }
  if (!edit.factor) {
    *at = edit.value;
    stamp(*at, edit);
    return {};
  }
  if (at->kind == NodeKind::null) {
    return fail(edit_error(edit, fmt::format("{} has no \"{}\" to multiply", document.name(), path_words(edit)),
                           "a key of that file"));
  }
  PLUMB_ASSIGN(*at, product(document, *at, edit));
  return {};
}

}  // namespace

Result<Document> Document::with(std::span<const Edit> edits) const {
  Document next = *this;
  Node root = *root_;
  for (const Edit& edit : edits) {
    PLUMB_TRY(put(root, *this, edit));
    next.origins_.push_back(edit.origin);
  }
  next.root_ = std::make_shared<const Node>(std::move(root));
  return next;
}

Result<std::vector<std::string>> parse_key_path(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(input_error({}, fmt::format("the key {} {}", in_quotes(text), why),
                            "parts with dots between them, such as engine.max_num_seqs"));
  };
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const bool quoted = at < text.size() && (text[at] == '"' || text[at] == '\'');
    std::size_t end = text.size();
    if (quoted) {
      end = text.find(text[at], at + 1);
      if (end == std::string_view::npos) return bad("has a quote that is not closed");
      parts.emplace_back(text.substr(at + 1, end - at - 1));
      ++end;
    } else {
      end = std::min(text.find('.', at), text.size());
      parts.emplace_back(text.substr(at, end - at));
    }
    if (parts.back().empty()) return bad("has an empty part");
    if (end == text.size()) return parts;
    if (text[end] != '.') return bad("has something behind a quoted part");
    at = end + 1;
  }
}

std::span<const Edit> DocumentEdits::of(std::string_view subject) const {
  const auto found = edits_.find(subject);
  return found == edits_.end() ? std::span<const Edit>{} : std::span<const Edit>(found->second);
}

}  // namespace plumb
