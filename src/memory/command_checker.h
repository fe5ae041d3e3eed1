#pragma once
// Judges a channel's stream of commands by the specification alone. It shares no code with what schedules them: it
// keeps the commands of the past and, for each new one, goes back through them, constraint by constraint.
//
// What it demands of a stream, whose commands come in order of time (of those at one tick, in order of the stream):
//  - form: the command, bank, row and column exist; `bank` is the lowest that the command covers; a command begins on
//    its edge of the clock (rising: an even tick, where a clock has two);
//  - buses: a command occupies its bus for bus_ticks, one at a time, for all pseudo-channels of the channel;
//  - constraints: for each node at the constraint's level that the new command touches, the n-th last `from` that
//    touched this node (siblings: another node of the same parent) is at least `ticks` ago; n is the window;
//  - banks: only a closed bank is activated; an access names the open row; only closed banks are refreshed; a precharge
//    may come to a closed bank; an access with precharge closes the bank as soon as it is issued;
//  - data: a pseudo-channel's bursts, which begin read_latency or write_latency after their command, do not overlap;
//  - refreshes, unless the mode is none: counting from tick 0, the n-th refresh of each bank is issued from
//    (n - 1 - refresh_pulled_in_max) to (n + 1 + refresh_postponed_max) refresh intervals. It is due at n intervals at
//    the latest (which bank of a rank is due first is the controller's choice), may be postponed by so many, and has an
//    interval to be carried out: never are more than refresh_postponed_max + 1 owed when the next comes to be due.
//
// Thread rule: belongs to one thread. The specification must outlive it.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "memory/issued_command.h"
#include "memory/specification.h"

namespace plumb::memory {

class CommandChecker {
 public:
  explicit CommandChecker(const Specification& specification);

  /// The next command of the stream. An error names the commands, their ticks, by how many ticks the later comes too
  /// early and the constraint that says so, at its place; of several constraints the one that binds longest. A command
  /// that is refused leaves no trace: another may be tried in its place.
  [[nodiscard]] Status check(const IssuedCommand& command);

  /// The end of the stream: no bank's refresh may be overdue by then.
  [[nodiscard]] Status finish(Tick end) const;

 private:
  struct Past {
    Tick at;
    int command;
    int bank;
  };
  struct Burst {
    Tick begin;
    Past by;
  };
  struct Shortfall {
    const Constraint* constraint = nullptr;
    Past after{};
    Tick ticks = 0;
  };

  Status check_form(const IssuedCommand& command) const;
  Status check_bus(const IssuedCommand& command) const;
  Status check_constraints(const IssuedCommand& command) const;
  Status check_banks(const IssuedCommand& command) const;
  Status check_data(const IssuedCommand& command) const;
  Status check_refresh(const IssuedCommand& command) const;
  Status overdue(Tick now) const;
  void record(const IssuedCommand& command);
  void record_banks(const IssuedCommand& command);
  void record_data(const IssuedCommand& command);

  const Past* counting_past(const Constraint& constraint, int bank, Tick at) const;
  bool touches(const Past& past, const Constraint& constraint, int bank) const;
  void gather(Scope scope);
  const std::vector<int>& covered(int command, int bank) const;
  int node(Level level, int bank) const;
  const Command& meaning(int command) const;
  Tick data_begin(const IssuedCommand& command) const;
  static Past past_of(const IssuedCommand& command);
  std::string name(const Past& past) const;

  const Specification& of_;
  std::array<std::vector<int>, level_count> nodes_;  ///< of a level, a bank
  /// The sets of banks that commands of a scope cover, and in which a bank is.
  std::array<std::vector<std::vector<int>>, scope_count> sets_;
  std::array<std::vector<int>, scope_count> set_of_;
  std::vector<std::vector<const Constraint*>> constraints_;  ///< of a later command
  std::vector<Tick> horizon_;                  ///< of an earlier command: how long any constraint recalls it
  std::vector<std::deque<Past>> past_;         ///< of an earlier command, oldest first
  std::array<std::optional<Past>, 2> on_bus_;  ///< the last on each bus
  std::vector<std::int64_t> open_row_;         ///< of a bank
  std::vector<std::deque<Burst>> bursts_;      ///< of a pseudo-channel, those not over
  std::vector<std::int64_t> refreshes_;        ///< of a bank
  Tick last_ = 0;
  int most_overdue_ = 0;  ///< the bank whose next refresh must be issued first
};

/// The first thing wrong with a whole stream that ends at `end`.
[[nodiscard]] Status check_commands(const Specification& specification, std::span<const IssuedCommand> commands,
                                    Tick end);

}  // namespace plumb::memory
