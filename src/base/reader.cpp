#include "base/reader.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/document_edit.h"

namespace plumb {
namespace {

const Node empty_table = [] {
  Node node;
  node.kind = NodeKind::table;
  return node;
}();

/// What the range allows, in words; `unit` is that of its bounds, where they have one.
std::string range_words(Range range, std::string_view unit) {
  const auto bound = [&](double value) {
    return unit.empty() || value == 0.0 ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
  };
  const std::string low = fmt::format("{} {}", range.open_low ? "above" : "at least", bound(range.low));
  const std::string high = fmt::format("at most {}", bound(range.high));
  if (std::isfinite(range.low) && std::isfinite(range.high)) return fmt::format("{} and {}", low, high);
  if (std::isfinite(range.low)) return low;
  return std::isfinite(range.high) ? high : "a finite number";
}

/// A number as it is shown in messages.
std::string written(const Node& node) {
  return node.kind == NodeKind::integer ? fmt::format("{}", node.integer) : fmt::format("{}", node.number);
}

/// The items of an array; any other value stands for a list of itself.
std::span<const Node> items_of(const Node& node) {
  return node.kind == NodeKind::array ? std::span<const Node>(node.items) : std::span(&node, 1);
}

}  // namespace

struct Reader::State {
  Document document;
  std::optional<Error> error;
  std::map<const Node*, std::set<std::string, std::less<>>> known;  ///< keys asked for, by table
};

Reader::Reader(const Document& document)
    : state_(std::make_shared<State>(State{document, std::nullopt, {}})), node_(&state_->document.root()) {
  if (node_->kind != NodeKind::table) {
    reject_node(*node_, fmt::format("the text is {}", kind_name(node_->kind)), "a table of keys and values");
    node_ = &empty_table;
  }
  state_->known[node_];
}

Reader::Reader(std::shared_ptr<State> state, const Node* node) : state_(std::move(state)), node_(node) {
  state_->known[node_];
}

bool Reader::ok() const { return !state_->error; }

bool Reader::has(std::string_view key) const {
  const Node* node = node_->find(key);
  return node != nullptr && node->kind != NodeKind::null;
}

NodeKind Reader::kind(std::string_view key) const {
  const Node* node = node_->find(key);
  return node == nullptr ? NodeKind::null : node->kind;
}

std::vector<std::string> Reader::keys() const {
  std::vector<std::string> keys;
  for (const Node::Member& member : node_->members) keys.push_back(member.key);
  return keys;
}

std::optional<std::string> Reader::edited_by(std::string_view key) const {
  const Node* node = node_->find(key);
  if (node == nullptr || node->origin == nullptr) return std::nullopt;
  return fmt::format("{} of {}", node->origin->label, node->origin->document.name());
}

void Reader::allow(std::string_view key) { state_->known[node_].insert(std::string(key)); }

const Node* Reader::want(std::string_view key, bool required) {
  allow(key);
  const Node* node = node_->find(key);
  if (node != nullptr && node->kind != NodeKind::null) return node;
  if (required && node != nullptr) reject_kind(*node, key, "a value");
  if (required && ok()) {
    const std::string expected = state_->document.member_example(key) + misspelt_for(key);
    state_->error = state_->document.error_at(*node_, fmt::format("\"{}\" is missing", key), expected);
  }
  return nullptr;
}

/// Words about a key that nobody has asked for yet and that may be meant for `key`; empty if there is none.
std::string Reader::misspelt_for(std::string_view key) const {
  const auto& known = state_->known[node_];
  std::vector<std::string> strange;
  for (const Node::Member& member : node_->members) {
    if (!known.contains(member.key)) strange.push_back(member.key);
  }
  const std::string near = nearest_word(key, strange);
  return near.empty() ? std::string() : fmt::format(" (line {} has \"{}\")", node_->find(near)->line, near);
}

void Reader::reject_node(const Node& node, std::string message, std::string expected) {
  if (ok()) state_->error = state_->document.error_at(node, std::move(message), std::move(expected));
}

void Reader::reject_kind(const Node& node, std::string_view key, std::string_view expected) {
  reject_node(node, fmt::format("\"{}\" is {}", key, kind_name(node.kind)), std::string(expected));
}

Error Reader::error(std::string_view key, std::string message, std::string expected) const {
  const Node* node = node_->find(key);
  if (node == nullptr) node = node_;
  return state_->document.error_at(*node, std::move(message), std::move(expected));
}

void Reader::reject(std::string_view key, std::string message, std::string expected) {
  if (ok()) state_->error = error(key, std::move(message), std::move(expected));
}

Place Reader::place(std::string_view key) const {
  const Node* node = node_->find(key);
  return node == nullptr ? place() : state_->document.place(*node);
}

Place Reader::place() const { return state_->document.place(*node_); }

bool Reader::in_range(const Node& node, double value, Range range, std::string_view key, const std::string& shown,
                      std::string_view unit) {
  const bool above = range.open_low ? value > range.low : value >= range.low;
  if (std::isfinite(value) && above && value <= range.high) return true;
  std::string expected = range_words(range, unit);
  if (!std::isfinite(value) && expected != "a finite number") expected = "a finite number " + expected;
  reject_node(node, fmt::format("\"{}\" is {}", key, shown), std::move(expected));
  return false;
}

std::optional<double> Reader::number_of(const Node& node, Range range, std::string_view key) {
  if (node.kind != NodeKind::integer && node.kind != NodeKind::number) {
    reject_kind(node, key, "a number");
    return std::nullopt;
  }
  if (!in_range(node, node.number, range, key, written(node), {})) return std::nullopt;
  return node.number;
}

std::optional<std::int64_t> Reader::integer_of(const Node& node, Range range, std::string_view key) {
  if (node.kind != NodeKind::integer && node.kind != NodeKind::number) {
    reject_kind(node, key, "an integer");
    return std::nullopt;
  }
  // 1e6 is how people write a million; as long as it is whole, and small enough that every integer near it can be told
  // from its neighbours, it is an integer.
  constexpr double exact_max = 9007199254740992.0;
  const bool whole = std::floor(node.number) == node.number && std::abs(node.number) <= exact_max;
  if (node.kind == NodeKind::number && !whole) {
    reject_node(node, fmt::format("\"{}\" is {}", key, written(node)), "an integer");
    return std::nullopt;
  }
  if (!in_range(node, node.number, range, key, written(node), {})) return std::nullopt;
  return node.kind == NodeKind::integer ? node.integer : static_cast<std::int64_t>(node.number);
}

std::optional<double> Reader::read_number(std::string_view key, Range range, bool required) {
  const Node* node = want(key, required);
  return node == nullptr ? std::nullopt : number_of(*node, range, key);
}

std::optional<std::int64_t> Reader::read_integer(std::string_view key, Range range, bool required) {
  const Node* node = want(key, required);
  return node == nullptr ? std::nullopt : integer_of(*node, range, key);
}

std::optional<double> Reader::read_quantity(std::string_view key, DimensionValue dimension, Range range,
                                            bool required) {
  const Node* node = want(key, required);
  if (node == nullptr) return std::nullopt;
  const std::string example = fmt::format("a string with a unit such as \"{}\"", unit_example(dimension));
  if (node->kind != NodeKind::string) {
    reject_kind(*node, key, example);
    return std::nullopt;
  }
  const Result<double> value = parse_in_dimension(node->string, dimension);
  if (!value) {
    reject_node(*node, fmt::format("{}: {}", key, value.error().message), value.error().expected);
    return std::nullopt;
  }
  if (!in_range(*node, *value, range, key, in_quotes(node->string), base_unit(dimension))) return std::nullopt;
  return *value;
}

std::string Reader::text(std::string_view key) {
  const Node* node = want(key, true);
  if (node == nullptr) return {};
  if (node->kind != NodeKind::string) {
    reject_kind(*node, key, "a string");
    return {};
  }
  return node->string;
}

std::optional<std::string> Reader::text_if(std::string_view key) {
  if (want(key, false) == nullptr) return std::nullopt;
  return text(key);
}

double Reader::number(std::string_view key, Range range) { return read_number(key, range, true).value_or(0.0); }

std::optional<double> Reader::number_if(std::string_view key, Range range) { return read_number(key, range, false); }

std::int64_t Reader::integer(std::string_view key, Range range) { return read_integer(key, range, true).value_or(0); }

std::optional<std::int64_t> Reader::integer_if(std::string_view key, Range range) {
  return read_integer(key, range, false);
}

bool Reader::boolean(std::string_view key) {
  const Node* node = want(key, true);
  if (node == nullptr) return false;
  if (node->kind != NodeKind::boolean) reject_kind(*node, key, "true or false");
  return node->boolean;
}

std::optional<bool> Reader::boolean_if(std::string_view key) {
  if (want(key, false) == nullptr) return std::nullopt;
  return boolean(key);
}

Reader Reader::table(std::string_view key) {
  const Node* node = want(key, true);
  if (node != nullptr && node->kind == NodeKind::table) return Reader(state_, node);
  if (node != nullptr) reject_kind(*node, key, "a table");
  return Reader(state_, &empty_table);
}

std::optional<Reader> Reader::table_if(std::string_view key) {
  if (want(key, false) == nullptr) return std::nullopt;
  return table(key);
}

std::vector<Reader> Reader::tables(std::string_view key) {
  const Node* node = want(key, false);
  std::vector<Reader> readers;
  if (node == nullptr) return readers;
  if (node->kind == NodeKind::table) return {Reader(state_, node)};
  if (node->kind != NodeKind::array) {
    reject_kind(*node, key, "a list of tables");
    return readers;
  }
  for (const Node& item : node->items) {
    if (item.kind != NodeKind::table) {
      reject_kind(item, key, "a list of tables");
      return {};
    }
    readers.push_back(Reader(state_, &item));
  }
  return readers;
}

std::vector<std::string> Reader::texts(std::string_view key) {
  const Node* node = want(key, false);
  if (node == nullptr) return {};
  std::vector<std::string> texts;
  for (const Node& item : items_of(*node)) {
    if (item.kind != NodeKind::string) {
      reject_kind(item, key, "a string or a list of strings");
      return {};
    }
    texts.push_back(item.string);
  }
  return texts;
}

std::vector<double> Reader::numbers(std::string_view key, Range range) {
  const Node* node = want(key, false);
  if (node == nullptr) return {};
  std::vector<double> numbers;
  for (const Node& item : items_of(*node)) {
    const std::optional<double> number = number_of(item, range, key);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<std::int64_t> Reader::integers(std::string_view key, Range range) {
  const Node* node = want(key, false);
  if (node == nullptr) return {};
  std::vector<std::int64_t> integers;
  for (const Node& item : items_of(*node)) {
    const std::optional<std::int64_t> integer = integer_of(item, range, key);
    if (!integer) return {};
    integers.push_back(*integer);
  }
  return integers;
}

std::vector<std::vector<double>> Reader::number_lists(std::string_view key, Range range) {
  const Node* node = want(key, false);
  if (node == nullptr) return {};
  std::vector<std::vector<double>> lists;
  for (const Node& list : items_of(*node)) {
    if (list.kind != NodeKind::array) {
      reject_kind(list, key, "a list of lists of numbers");
      return {};
    }
    std::vector<double>& numbers = lists.emplace_back();
    for (const Node& item : list.items) {
      const std::optional<double> number = number_of(item, range, key);
      if (!number) return {};
      numbers.push_back(*number);
    }
  }
  return lists;
}

std::size_t Reader::choice(std::string_view key, std::span<const std::string_view> words, std::size_t absent) {
  const std::optional<std::string> word = text_if(key);
  if (!word) return absent;
  const auto found = std::find(words.begin(), words.end(), *word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  reject(key, fmt::format("\"{}\" is {}", key, in_quotes(*word)), fmt::format("one of {}", fmt::join(words, ", ")));
  return absent;
}

std::vector<std::pair<std::string, Reader>> Reader::named_tables() {
  std::vector<std::pair<std::string, Reader>> readers;
  for (const Node::Member& member : node_->members) {
    allow(member.key);
    if (member.value.kind != NodeKind::table) {
      reject_kind(member.value, member.key, "a table");
      return {};
    }
    readers.emplace_back(member.key, Reader(state_, &member.value));
  }
  return readers;
}

Status Reader::first_error() const {
  if (state_->error) return fail(*state_->error);
  return {};
}

Status Reader::finish() const {
  PLUMB_TRY(first_error());
  return unknown_key(*node_);
}

Status Reader::unknown_key(const Node& node) const {
  const auto known = state_->known.find(&node);
  if (node.kind == NodeKind::table && known != state_->known.end()) {
    for (const Node::Member& member : node.members) {
      if (!known->second.contains(member.key)) return fail(unknown_member(member, known->second));
      PLUMB_TRY(unknown_key(member.value));
    }
  }
  for (const Node& item : node.items) PLUMB_TRY(unknown_key(item));
  return {};
}

Status Reader::finish_edits() const {
  PLUMB_TRY(first_error());
  return unread_edit(state_->document.root());
}

Status Reader::unread_edit(const Node& node) const {
  static const std::set<std::string, std::less<>> none;
  const auto found = state_->known.find(&node);
  const std::set<std::string, std::less<>>& known = found == state_->known.end() ? none : found->second;
  for (const Node::Member& member : node.members) {
    if (member.value.origin != nullptr && !known.contains(member.key)) return fail(unknown_member(member, known));
    // What is inside a value that an edit has put there whole is its reader's business.
    if (member.value.origin == nullptr) PLUMB_TRY(unread_edit(member.value));
  }
  for (const Node& item : node.items) PLUMB_TRY(unread_edit(item));
  return {};
}

Error Reader::unknown_member(const Node::Member& member, const std::set<std::string, std::less<>>& known) const {
  const std::string near = nearest_word(member.key, known);
  std::string expected = fmt::format("one of {}", fmt::join(known, ", "));
  if (known.empty()) expected = "no keys here";
  if (!near.empty()) expected = fmt::format("perhaps \"{}\"", near);
  Node key = member.value;  // for its origin; a key stands at a place of its own
  key.line = member.line;
  key.column = member.column;
  return state_->document.error_at(key, fmt::format("unknown key {}", in_quotes(member.key)), std::move(expected));
}

}  // namespace plumb
