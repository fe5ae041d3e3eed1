#pragma once
// When a command may be issued at the earliest, by the constraints of the specification, the command buses and the
// edges of the clock. What is open and what is wanted is not known here.
//
// For every node of every level and every command, the tick before which that command may not touch the node; issuing a
// command raises those of its constraints. A command that covers several banks touches all their nodes.
// Thread rule: belongs to one channel, so to one thread.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "memory/specification.h"

namespace plumb::memory {

class TimingState {
 public:
  explicit TimingState(const Specification& specification);

  /// The first tick at or after `now` at which the command may be issued. `bank`: for a command that covers several,
  /// any of them.
  Tick earliest(int command, int bank, Tick now) const;

  /// The same for a command of one bank.
  Tick earliest_at_bank(int command, int bank, Tick now) const {
    const Tick at = std::max(not_before_shared(command, bank), not_before_at_bank(command, bank));
    return on_bus(command, std::max(at, now));
  }

  // earliest_at_bank() in its parts: on_bus(command, the largest of now, not_before_shared, not_before_at_bank).

  /// What all banks of a pseudo-channel must wait for.
  Tick not_before_shared(int command, int bank) const {
    const Nodes& nodes = nodes_[static_cast<std::size_t>(bank)];
    return std::max(at(nodes, Level::channel, command), at(nodes, Level::pseudo_channel, command));
  }
  /// What a bank, its group and its rank must wait for. Never falls.
  Tick not_before_at_bank(int command, int bank) const {
    const Nodes& nodes = nodes_[static_cast<std::size_t>(bank)];
    return std::max(
        {at(nodes, Level::rank, command), at(nodes, Level::bank_group, command), at(nodes, Level::bank, command)});
  }
  /// The first edge of the clock at or after `tick` on which the command may begin.
  Tick on_edge(int command, Tick tick) const {
    const BusUse& use = bus_use_[static_cast<std::size_t>(command)];
    return tick + ((tick ^ use.edge_phase) & use.edge_mask);
  }
  /// The same, with the command's bus free.
  Tick on_bus(int command, Tick tick) const {
    return on_edge(command, std::max(tick, bus_free_[bus_use_[static_cast<std::size_t>(command)].bus]));
  }

  /// Notes that the command is issued at `at`, which must not be before earliest().
  void issue(int command, int bank, Tick at);

  /// The lowest bank that the command covers, if it covers `bank`.
  int first_bank(int command, int bank) const;

  /// Calls `f(bank)` for every bank that the command covers.
  template <class F>
  void for_each_bank(int command, int bank, F f) const {
    const Span span = span_of(command, bank);
    for (int i = 0, at = span.first; i < span.count; ++i, at += span.stride) f(at);
  }

 private:
  using Nodes = std::array<std::uint32_t, level_count>;  ///< of a bank: where each level's row of not_before_ begins
  /// A constraint from a command. Those of window 1 within the node itself come first: of_node_ counts them.
  struct Update {
    std::uint32_t to = 0;
    Level level = Level::bank;
    bool siblings = false;
    int history = -1;  ///< index of its histories' block, where the window is over 1
    int window = 1;
    Tick ticks = 0;
  };
  struct Span {
    int first = 0, count = 1, stride = 1;
  };
  struct BusUse {
    std::uint8_t bus = 0;
    Tick edge_mask = 0;   ///< 1: only every second tick
    Tick edge_phase = 0;  ///< that of the first
    Tick ticks = 1;
  };

  Tick at(const Nodes& nodes, Level level, int command) const {
    return not_before_[nodes[static_cast<std::size_t>(level)] + static_cast<std::size_t>(command)];
  }
  Span span_of(int command, int bank) const;
  std::uint32_t row_of(Level level, int node) const;
  void issue_at_bank(int command, int bank, Tick at);
  void apply(const Update& update, int node, Tick at);

  const Specification& specification_;
  std::size_t commands_;
  std::array<int, level_count> first_node_{};
  std::vector<Nodes> nodes_;                  ///< a bank each
  std::vector<Tick> not_before_;              ///< a node each, a command each
  std::vector<std::vector<Update>> updates_;  ///< a command each
  std::vector<std::size_t> of_node_;          ///< a command each
  struct History {
    std::vector<Tick> last;  ///< a ring
    std::size_t next = 0;
  };
  std::vector<std::vector<History>> histories_;  ///< a windowed constraint each, a node each
  std::vector<BusUse> bus_use_;
  std::array<Tick, 2> bus_free_{};
};

}  // namespace plumb::memory
