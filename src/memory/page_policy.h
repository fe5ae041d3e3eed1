#pragma once
// When a bank closes its row of its own accord: decided with each access, which then carries an automatic precharge. A
// row that stays open is closed when another one of the bank is wanted, or for a refresh. A policy is one file and a
// line in the table of page_policy.cpp. Thread rule: an object belongs to one channel.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace plumb::memory {

class PagePolicy {
 public:
  virtual ~PagePolicy() = default;
  /// Whether the access that is being issued closes the row. `hits_wait`: requests for the same row wait besides it.
  virtual bool closes(int bank, bool hits_wait) = 0;
  /// A row has been opened, for what it may learn from that.
  virtual void opened(int bank, std::int64_t row) {
    (void)bank;
    (void)row;
  }
};

/// A new policy of that name for a channel of so many banks, or null.
std::unique_ptr<PagePolicy> make_page_policy(std::string_view name, int banks);
std::vector<std::string_view> page_policy_names();

}  // namespace plumb::memory
