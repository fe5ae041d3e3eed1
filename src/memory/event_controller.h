#pragma once
// Jumps to the next tick at which a command can be issued, an access can be accepted or a refresh falls due. See
// channel_controller.h for the rules.
//
// Each bank's want is kept until something changes it. A look at the banks that want something gives the next tick at
// which one of them can have it, and which; nothing that happens before can change the answer. So a command costs one
// look, whatever time lies between.
//
// A look is cheap because the banks that want the same command in the same pseudo-channel wait for the same things but
// for their own bank, group and rank, and what these say never falls: a tick once found for a bank is a lower bound
// ever after, and is looked up again only when it would win.

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
  struct Wanting {
    Tick not_before = 0;  ///< a lower bound of what bank, group and rank say
    std::uint64_t order = 0;
    int bank = 0;
  };
  /// The one that can have its command first; of several, the oldest.
  struct Choice {
    Tick at = never;
    std::uint64_t order = std::numeric_limits<std::uint64_t>::max();
    int bank = -1;

    bool operator<(const Choice& other) const { return at != other.at ? at < other.at : order < other.order; }
  };
  /// Banks of one pseudo-channel that want the same command, the one with the oldest request first.
  struct List {
    int command = 0;
    std::vector<Wanting> wanting;
    Choice choice;         ///< of the last look; a lower bound while the list is the same
    bool changed = false;  ///< since then
  };
  struct RefreshChoice {
    Tick at = never;
    int domain = -1;
    ChannelState::RefreshStep step;
  };
  struct BankPlace {
    List* list = nullptr;
    ChannelState::Want want;
  };

  void follow_changes();
  void update(int bank);
  static void remove(List& list, int bank);
  static void insert(List& list, const Wanting& wanting);
  List* list_of(int command, int pseudo_channel);
  Choice choose_column();
  Choice choose_row();
  Choice choose(List& among) const;
  Choice look_through(List& among, Tick shared) const;
  Tick look_up(const List& among, int bank) const;
  Choice choose_first_come(const List& among) const;
  RefreshChoice choose_refresh() const;
  /// Issues what can be issued at now_, of a column command and a command for the rows one each.
  void issue_all(const Choice& column, RefreshChoice refresh, Choice row);
  /// Whether what is due now for the rows may still be issued now.
  bool possible(const RefreshChoice& refresh, const Choice& row) const;
  void issue(int bank);

  ChannelState state_;
  Tick now_ = 0;
  int banks_per_pseudo_channel_;
  std::vector<List> columns_, activations_, precharges_;  ///< a pseudo-channel each
  std::vector<BankPlace> places_;                         ///< a bank each
};

}  // namespace plumb::memory
