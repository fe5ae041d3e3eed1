#pragma once
// Texts that a stream names by number after their first use, so that each stands in it once. Bounded: a table that is
// full takes no more, and the stream writes such texts out each time. Thread rule: one thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace plumb::report {

class NameTable {
 public:
  struct Entry {
    std::uint64_t number = 0;  ///< from 1, in the order of first use
    bool first = false;        ///< used for the first time: the stream has to define it
  };

  explicit NameTable(std::size_t size_max) : size_max_(size_max) {}

  /// Nothing where the text is new and the table full.
  std::optional<Entry> find(std::string_view text) {
    if (const auto known = numbers_.find(text); known != numbers_.end()) return Entry{known->second, false};
    if (numbers_.size() >= size_max_) return std::nullopt;
    const std::uint64_t number = numbers_.size() + 1;
    numbers_.emplace(text, number);
    return Entry{number, true};
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::size_t size_max_;
  std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> numbers_;
};

/// A text with its number, where it has one.
struct NumberedName {
  std::string_view text;
  std::optional<NameTable::Entry> entry;
};

}  // namespace plumb::report
