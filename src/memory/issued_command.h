#pragma once
// One command on a channel's bus, as the controllers emit it and the checker and trace files take it.

#include <cstdint>
#include <functional>

#include "memory/specification.h"

namespace plumb::memory {

struct IssuedCommand {
  Tick at = 0;
  int command = 0;  ///< index in Specification::commands
  int bank = 0;     ///< of the channel; of a command that covers several, the lowest
  std::int64_t row = 0;
  int column = 0;
};

/// Takes a channel's commands in order of time; of one tick, the column command first.
using CommandSink = std::function<void(const IssuedCommand&)>;

}  // namespace plumb::memory
