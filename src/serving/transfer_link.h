#pragma once
// A serial link between an accelerator's memory and a tier of its cache, in one direction. Transfers go one after
// another in the order in which they are asked for; each takes
//
//   latency + bytes / bandwidth
//
// from when the one before it has ended, or from now. So when a transfer will end is known when it is asked for, and
// nothing asked for later changes it. Time is exact (base/fixed_time.h).
//
// No more than `depth` transfers wait or are under way: who finds the queue full does without.

#include <cstdint>
#include <deque>

#include "base/fixed_time.h"

namespace plumb::serving {

class TransferLink {
 public:
  /// `bytes_per_s` above 0, infinity allowed; `depth` at least 1.
  TransferLink(double bytes_per_s, double latency_s, std::int64_t depth)
      : bytes_per_s_(bytes_per_s), latency_s_(latency_s), depth_(static_cast<std::size_t>(depth)) {}

  bool full(Time now) const { return ends_.size() >= depth_ && ends_[ends_.size() - depth_] > now; }
  struct Transfer {
    Time asked, begin, end;
    std::int64_t bytes = 0;
  };
  /// Asks for a transfer; `now` is no earlier than at any call before.
  Transfer transfer(Time now, std::int64_t bytes);

  struct Counts {
    std::int64_t transfers = 0, bytes = 0;
    std::int64_t refused = 0;  ///< for a full queue
    Time queued;               ///< sum over transfers of the time from asking to beginning
    Time busy;
    void add(const Counts& other);
  };
  const Counts& counts() const { return counts_; }
  void count_refusal() { ++counts_.refused; }

 private:
  double bytes_per_s_, latency_s_;
  std::size_t depth_;
  std::deque<Time> ends_;  ///< of the transfers that had not ended when the last one was asked for
  Time free_;
  Counts counts_;
};

}  // namespace plumb::serving
