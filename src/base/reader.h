#pragma once
// Reader: takes values out of a table of a Document. Errors are sticky: the first thing wrong, anywhere in the
// document, is kept with its place; later reads return their defaults, so a reading function is a plain list of reads
// followed by one check of finish().
//
//   Reader r(document);
//   service.name = r.text("name");
//   service.ttft = r.quantity<Seconds>("ttft");
//   PLUMB_TRY(r.finish());      // the first error, or an unknown key, if there is one
//
// Every key that is asked for becomes known; finish() refuses the others and names the nearest known one.
// Thread rule: a Reader and its children belong to one thread.

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/document.h"
#include "base/quantity.h"
#include "base/unit.h"

namespace plumb {

/// What a number may be. Bounds are inclusive unless `open_low`.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool open_low = false;
};
inline constexpr Range any_number{};
inline constexpr Range not_negative{0.0};
inline constexpr Range positive{0.0, std::numeric_limits<double>::infinity(), true};
inline constexpr Range share{0.0, 1.0};
inline constexpr Range positive_share{0.0, 1.0, true};
inline constexpr Range from_one{1.0};

class Reader {
 public:
  /// Reads the root table; a root that is none is an error.
  explicit Reader(const Document& document);

  bool has(std::string_view key) const;
  bool ok() const;

  // Required values. A missing key is an error at the table's place.
  std::string text(std::string_view key);
  double number(std::string_view key, Range range = any_number);
  std::int64_t integer(std::string_view key, Range range = not_negative);
  bool boolean(std::string_view key);
  template <class Q>
  Q quantity(std::string_view key, Range range = not_negative) {
    return Q::of(read_quantity(key, dimension_of<Q>(), range, true).value_or(0.0));
  }
  Reader table(std::string_view key);

  // Values that may be absent (or null, in JSON).
  std::optional<std::string> text_if(std::string_view key);
  std::optional<double> number_if(std::string_view key, Range range = any_number);
  std::optional<std::int64_t> integer_if(std::string_view key, Range range = not_negative);
  std::optional<bool> boolean_if(std::string_view key);
  template <class Q>
  std::optional<Q> quantity_if(std::string_view key, Range range = not_negative) {
    const std::optional<double> value = read_quantity(key, dimension_of<Q>(), range, false);
    return value ? std::optional<Q>(Q::of(*value)) : std::nullopt;
  }
  std::optional<Reader> table_if(std::string_view key);

  // Lists; an absent key is an empty list. A single value stands for a list of one.
  std::vector<Reader> tables(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::vector<double> numbers(std::string_view key, Range range = any_number);
  std::vector<std::int64_t> integers(std::string_view key, Range range = not_negative);
  /// A list of lists.
  std::vector<std::vector<double>> number_lists(std::string_view key, Range range = any_number);

  /// The text of `key`, which must be one of `words`; returns its index, or `absent` where the key is absent.
  std::size_t choice(std::string_view key, std::span<const std::string_view> words, std::size_t absent);

  /// Every member that is a table, by its key, in the order of the text; other kinds are errors. All become known.
  std::vector<std::pair<std::string, Reader>> named_tables();
  /// The keys of this table, in the order of the text. Does not make them known.
  std::vector<std::string> keys() const;
  /// The kind of a member, or null where it is absent.
  NodeKind kind(std::string_view key) const;
  /// What has put the key's value into the document after it was read: "axis \"rate\" of study.toml"; nothing for a
  /// value of the document's own text.
  std::optional<std::string> edited_by(std::string_view key) const;
  /// Marks a key as known without reading it.
  void allow(std::string_view key);

  /// The place of a key's value, or of the table where the key is absent.
  Place place(std::string_view key) const;
  Place place() const;
  /// Makes it an error that `key` is what it is.
  void reject(std::string_view key, std::string message, std::string expected = {});
  /// An error at a key, with its excerpt, for the caller to return.
  Error error(std::string_view key, std::string message, std::string expected = {}) const;

  /// The first error, else the first unknown key of any table that was read. Call it on the root.
  [[nodiscard]] Status finish() const;
  /// The first error only: for texts such as config.json whose other keys are none of our business.
  [[nodiscard]] Status first_error() const;
  /// The first error, else the first key that an edit has put there and that nobody has asked for: for such texts too,
  /// as an edit that changes nothing is a mistake.
  [[nodiscard]] Status finish_edits() const;

 private:
  struct State;
  Reader(std::shared_ptr<State> state, const Node* node);

  const Node* want(std::string_view key, bool required);
  std::optional<double> read_quantity(std::string_view key, DimensionValue dimension, Range range, bool required);
  std::optional<double> read_number(std::string_view key, Range range, bool required);
  std::optional<std::int64_t> read_integer(std::string_view key, Range range, bool required);
  std::optional<std::int64_t> integer_of(const Node& node, Range range, std::string_view key);
  std::optional<double> number_of(const Node& node, Range range, std::string_view key);
  bool in_range(const Node& node, double value, Range range, std::string_view key, const std::string& shown,
                std::string_view unit);
  void reject_node(const Node& node, std::string message, std::string expected);
  void reject_kind(const Node& node, std::string_view key, std::string_view expected);
  std::string misspelt_for(std::string_view key) const;
  Status unknown_key(const Node& node) const;
  Status unread_edit(const Node& node) const;
  Error unknown_member(const Node::Member& member, const std::set<std::string, std::less<>>& known) const;

  std::shared_ptr<State> state_;
  const Node* node_;
};

}  // namespace plumb
