#include "memory/channel_counters.h"

#include <algorithm>

namespace plumb::memory {

void ChannelCounters::merge(const ChannelCounters& other) {
  reads += other.reads;
  writes += other.writes;
  forwarded += other.forwarded;
  row_hits += other.row_hits;
  row_misses += other.row_misses;
  row_conflicts += other.row_conflicts;
  if (commands.size() < other.commands.size()) commands.resize(other.commands.size());
  for (std::size_t i = 0; i < other.commands.size(); ++i) commands[i] += other.commands[i];
  banks_refreshed += other.banks_refreshed;
  end = std::max(end, other.end);
  active_ticks += other.active_ticks;
  read_latency.merge(other.read_latency);
}

}  // namespace plumb::memory
