#pragma once
// Jumps to the next tick at which a command can be issued, an access can be accepted or a refresh falls due. See
// channel_controller.h for the rules.
//
// Each bank's want is kept until something changes it. A look at the banks that want something gives the next tick at
// which one of them can have it, and which; nothing that happens before can change the answer. So a command costs one
// look, whatever time lies between.

#include <cstdint>
#include <limits>
#include <vector>

#include "memory/channel_controller.h"
#include "memory/channel_state.h"

namespace plumb::memory {

class EventController final : public ChannelController {
 public:
  EventController(const Specification& specification, CommandSink sink);

  void offer(std::span<const Access> accesses) override { state_.offer(accesses); }
  void run(bool last) override;
  const ChannelCounters& counters() const override { return state_.counters(); }

 private:
  static constexpr Tick never = std::numeric_limits<Tick>::max();
  /// A bank that wants something, in one of two lists: of those that want a column command and those that want a row
  /// command.
  struct Wanting {
    std::uint64_t order = 0;
    int bank = 0, command = 0;
  };
  /// The one that can have its command first; of several, the oldest.
  struct Choice {
    Tick at = never;
    std::uint64_t order = std::numeric_limits<std::uint64_t>::max();
    int bank = -1, command = -1;
  };
  struct RefreshChoice {
    Tick at = never;
    int domain = -1;
    ChannelState::RefreshStep step;
  };
  struct BankPlace {
    int list = -1;  ///< 0 column, 1 row, -1 none
    std::size_t at = 0;
    std::size_t among_waiting = 0;
  };

  void follow_changes();
  void update(int bank);
  void remove(int bank);
  Choice choose(const std::vector<Wanting>& among) const;
  RefreshChoice choose_refresh() const;
  /// Issues what can be issued at now_, of a column command and a command for the rows one each.
  void issue_all(const Choice& column, RefreshChoice refresh, Choice row);
  void issue(int bank);

  ChannelState state_;
  Tick now_ = 0;
  std::vector<Wanting> lists_[2];
  std::vector<BankPlace> places_;  ///< a bank each
};

}  // namespace plumb::memory
