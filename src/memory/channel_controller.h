#pragma once
// One channel: accesses go in, commands come out, in the order and at the ticks that specification and policies give.
//
// At each tick, in this order:
//   1. Refreshes fall due; accesses that have arrived are accepted, in their order, while their queue has room; the
//   channel
//      turns to writes or back to reads (write_high, write_low); ranks that must be refreshed are closed to requests.
//   2. Column bus: of the banks whose request finds its row open and may be accessed now, the oldest request.
//   3. Row bus (the same bus, if the standard has one): a command for a refresh; else of the banks that need a row
//   opened or
//      closed and may, the one with the oldest request.
// A bank works for one request of the current direction, chosen by the RequestScheduler. An entry of a queue is free
// again in the tick after its column command. A read of what a waiting write will write is answered from the queue at
// once; a write of what a waiting read wants is not accepted before that is read.
//
// Two controllers do exactly this: the plain one tries every tick and every bank, the event-driven one jumps to the
// next tick at which anything can happen. They emit the same commands. Thread rule: an object belongs to one thread;
// different channels may run on different threads.

#include <memory>
#include <span>

#include "memory/access.h"
#include "memory/channel_counters.h"
#include "memory/issued_command.h"
#include "memory/specification.h"

namespace plumb::memory {

enum class ControllerKind { event_driven, plain };

class ChannelController {
 public:
  virtual ~ChannelController() = default;
  /// Adds accesses behind those that wait, in the order of their arrival.
  virtual void offer(std::span<const Access> accesses) = 0;
  /// Runs while it is known what comes next: until there is room for an access and none is left of those offered. With
  /// `last`, nothing comes behind them, and it runs until all are served.
  virtual void run(bool last) = 0;
  virtual const ChannelCounters& counters() const = 0;
};

/// `specification` must outlive it. `sink`, if any, gets every command.
std::unique_ptr<ChannelController> make_channel_controller(const Specification& specification, ControllerKind kind,
                                                           CommandSink sink = {});

}  // namespace plumb::memory
