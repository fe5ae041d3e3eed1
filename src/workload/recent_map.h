#pragma once
// What was asked for lately: a map of bounded size, for what a stream says about names that may or may not come again.
//
// Entries are of two generations. What is asked for is young; when `generation_max` are young, those that were young
// before and have not been asked for since are forgotten. So an entry is kept until at least `generation_max` others
// were asked for after it, and never more than 2 x generation_max are kept.

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace plumb::workload {

template <class Key, class Value>
class RecentMap {
 public:
  /// `generation_max` at least 1.
  explicit RecentMap(std::size_t generation_max) : generation_max_(generation_max) {}

  /// The value of the key; `make()` if there is none, or none any more. Stays where it is until the next call.
  template <class Make>
  Value& get(const Key& key, const Make& make) {
    if (const auto young = young_.find(key); young != young_.end()) return young->second;
    auto node = old_.extract(key);
    if (young_.size() == generation_max_) old_ = std::exchange(young_, {});
    return node.empty() ? young_.emplace(key, make()).first->second : young_.insert(std::move(node)).position->second;
  }
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  std::size_t generation_max_;
  std::unordered_map<Key, Value> young_, old_;
};

/// Sessions of a trace that are remembered when others come: a session is known again if fewer others spoke meanwhile.
inline constexpr std::size_t sessions_remembered = 500'000;

}  // namespace plumb::workload
