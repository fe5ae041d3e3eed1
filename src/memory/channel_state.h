#pragma once
// What both controllers of a channel share: queues, banks, refreshes, and what a command does to them. Which command is
// issued when is theirs to decide (channel_controller.h states the rules).
// Thread rule: belongs to one channel.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memory/access.h"
#include "memory/channel_counters.h"
#include "memory/issued_command.h"
#include "memory/page_policy.h"
#include "memory/refresh_schedule.h"
#include "memory/request_scheduler.h"
#include "memory/specification.h"
#include "memory/timing_state.h"

namespace plumb::memory {

enum class Direction : std::uint8_t { read, write };

class ChannelState {
 public:
  ChannelState(const Specification& specification, CommandSink sink);

  void offer(std::span<const Access> accesses);

  /// What happens at the beginning of a tick. False: an access could be accepted but none is known, and more are to
  /// come unless `last`; nothing else has been done then, and the call is to be made again.
  bool begin_tick(Tick now, bool last);

  /// Whether all that was offered has been served.
  bool idle() const { return waiting_[0] + waiting_[1] == 0 && backlog_left() == 0; }
  /// The next tick at which begin_tick() could do something even if no command is issued before; at least `after`.
  Tick next_event(Tick after) const;

  // What a controller chooses from.
  int banks() const { return static_cast<int>(banks_.size()); }
  Direction direction() const { return direction_; }
  /// What the bank should work for: nothing, where no request of the direction waits, or a refresh has closed it.
  struct Want {
    int command = -1;
    std::uint64_t order = 0;
    std::size_t at = 0;  ///< place among the bank's waiting requests
  };
  Want want(int bank) const;
  /// The command that the refresh of a domain needs next, and its bank; -1 where there is none in progress.
  struct RefreshStep {
    int command = -1, bank = 0;
  };
  RefreshStep refresh_step(int domain) const;
  int refresh_domains() const { return refresh_.domains(); }
  bool refreshing() const { return refreshing_ > 0; }
  bool in_order() const { return scheduler_.in_order(); }
  /// The order of the oldest request of the direction.
  std::uint64_t oldest_waiting() const;
  const TimingState& timing() const { return timing_; }
  bool is_column(int command) const { return command == read_ || command == write_; }
  bool is_activation(int command) const { return command == activate_; }

  /// Issues what a bank wants.
  void issue(int bank, const Want& want, Tick now);
  /// Issues a step of a domain's refresh.
  void issue_refresh(int domain, const RefreshStep& step, Tick now);

  /// Banks whose want may have changed since the last call of forget_changes(); all of them if all_changed().
  std::span<const int> changed() const { return changed_; }
  bool all_changed() const { return all_changed_; }
  void forget_changes();

  const ChannelCounters& counters() const { return counters_; }
  /// Closes the books when all is served.
  void finish();

 private:
  struct Bank {
    std::int64_t open_row = no_row;
    int served = 0;  ///< accesses since it was opened
    bool closed_for_refresh = false;
    bool marked = false;           ///< is in changed_
    bool conflict = false;         ///< another row was closed for the request that it was opened for, or is to be
    std::uint64_t opened_for = 0;  ///< order of that request, plus 1
    std::uint64_t closed_for = 0;  ///< order of the request for which it was closed, plus 1
    std::array<std::vector<Waiting>, 2> waiting;
  };
  struct Slot {
    Tick since = 0;
    std::int32_t column = 0;
  };

  std::size_t backlog_left() const { return backlog_.size() - backlog_head_; }
  bool accept(const Access& access, Tick now);
  bool same_address_waits(const Bank& bank, const Access& access, Direction direction) const;
  void turn();
  void begin_refreshes();
  void mark(int bank);
  void issue_command(int command, int bank, std::int64_t row, int column, Tick now);
  void access(int bank, const Want& want, Tick now);
  void open(int bank, const Want& want, Tick now);
  void close(int bank, Tick now);

  const Specification& specification_;
  const RequestScheduler& scheduler_;
  const bool keeps_pages_open_;
  std::unique_ptr<PagePolicy> page_policy_;
  CommandSink sink_;
  TimingState timing_;
  RefreshSchedule refresh_;
  int activate_, precharge_, precharge_all_, read_, write_, read_close_, write_close_;

  std::vector<Access> backlog_;
  std::size_t backlog_head_ = 0;
  std::vector<Bank> banks_;
  std::array<std::vector<Slot>, 2> slots_;
  std::array<std::vector<std::uint32_t>, 2> free_slots_;
  std::array<int, 2> waiting_{};
  std::uint64_t next_order_ = 0;
  Direction direction_ = Direction::read;
  bool refreshes_may_begin_ = false;  ///< something has changed by which one could
  int refreshing_ = 0;                ///< domains with a refresh in progress

  std::vector<int> changed_;
  bool all_changed_ = true;
  std::vector<int> open_banks_;     ///< of each pseudo-channel
  std::vector<Tick> active_since_;  ///< of each pseudo-channel
  ChannelCounters counters_;
};

}  // namespace plumb::memory
