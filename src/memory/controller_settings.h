#pragma once
// What a channel's controller is asked to do. Defaults are those of docs/memory.md; a specification's [dram.controller]
// and the command line state others.

#include <cstdint>
#include <string>

namespace plumb::memory {

/// How refreshes are given.
enum class RefreshMode : std::uint8_t {
  none,
  all_bank,   ///< a whole rank, or pseudo-channel, at a time
  per_bank,   ///< one bank at a time; the others go on
  same_bank,  ///< the bank of one number in every group at a time (DDR5)
};

struct ControllerSettings {
  std::string scheduler = "fr-fcfs";  ///< a name of the table in request_scheduler.cpp
  std::string page_policy = "open";   ///< a name of the table in page_policy.cpp
  RefreshMode refresh = RefreshMode::all_bank;
  int row_hit_cap = 0;  ///< accesses that an open row may serve while another row of its bank waits; 0: no cap
  int read_queue = 32;  ///< entries a channel
  bool read_queue_stated = false;  ///< by the specification's file: no accelerator's own stands in for it
  int write_queue = 128;           ///< entries a channel
  int write_high = 112;            ///< writes waiting at which the channel turns to writes
  int write_low = 16;              ///< writes waiting at which it turns back to reads, if reads wait
  int refresh_postponed_max = 1;   ///< refreshes that may be owed while requests wait
  int refresh_pulled_in_max = 0;   ///< refreshes that may be given ahead of time while no request waits
};

}  // namespace plumb::memory
