#pragma once
// Which request a bank works for. A controller asks for each bank on its own; among the banks whose commands may be
// issued, column commands go before row commands and the older request before the younger. A policy is one file and a
// line in the table of request_scheduler.cpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::memory {

/// A request that waits for a bank.
struct Waiting {
  std::int64_t row = 0;
  std::uint64_t order = 0;  ///< of acceptance by the channel: the smaller the older
  std::uint32_t slot = 0;   ///< the controller's own
};

inline constexpr std::int64_t no_row = -1;

class RequestScheduler {
 public:
  virtual ~RequestScheduler() = default;
  /// Whether only the channel's oldest request of the direction that is being served may have commands.
  virtual bool in_order() const { return false; }
  /// Of the requests that wait for one bank, oldest first and at least one, the one that the bank works for. `open_row`
  /// is no_row where the bank is closed; `served` counts the accesses since it was opened; `cap` is the row_hit_cap, 0:
  /// none.
  virtual std::size_t pick(std::span<const Waiting> waiting, std::int64_t open_row, int served, int cap) const = 0;
};

/// The policy of that name; policies have no state and live as long as the program.
const RequestScheduler* find_request_scheduler(std::string_view name);
std::vector<std::string_view> request_scheduler_names();

}  // namespace plumb::memory
