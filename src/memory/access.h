#pragma once
// One read or write of a channel, as it comes to its controller.

#include <cstdint>

#include "memory/specification.h"

namespace plumb::memory {

inline constexpr Tick always_waiting = -1;

struct Access {
  std::int64_t row = 0;
  std::int32_t column = 0;
  std::int16_t bank = 0;  ///< of the channel
  bool write = false;
  /// When it comes to the controller; always_waiting: it is there as soon as there is room for it, and its latency
  /// counts from then.
  Tick arrival = always_waiting;
};

}  // namespace plumb::memory
