#pragma once
// What happened in a channel.
// Thread rule: plain data.

#include <cstdint>
#include <vector>

#include "memory/latency_histogram.h"
#include "memory/specification.h"

namespace plumb::memory {

struct ChannelCounters {
  std::int64_t reads = 0, writes = 0;  ///< served, the forwarded among them
  std::int64_t forwarded = 0;          ///< reads answered from a write that was still waiting
  // Of the accesses of the memory itself, by what the bank held when their turn came:
  std::int64_t row_hits = 0;           ///< their row was open
  std::int64_t row_misses = 0;         ///< no row was open
  std::int64_t row_conflicts = 0;      ///< another row was open
  std::vector<std::int64_t> commands;  ///< issued, by index of Specification::commands
  std::int64_t banks_refreshed = 0;    ///< a refresh of a rank counts for each of its banks
  Tick end = 0;                        ///< the end of the last burst
  Tick active_ticks = 0;               ///< summed over pseudo-channels: some bank was open
  LatencyHistogram read_latency;  ///< from arrival, or from acceptance where it was always waiting, to the burst's end

  std::int64_t accesses() const { return reads + writes; }
  void merge(const ChannelCounters& other);
};

}  // namespace plumb::memory
