#pragma once
// Builds streams of commands for tests of what judges or schedules them: it knows which banks are open, so that it can
// bring them into the state that a command needs, and asks a checker when a command may come.

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/command_checker.h"
#include "memory/issued_command.h"
#include "memory/specification.h"

namespace plumb::memory {

inline bool is_access(Does does) {
  return does == Does::read || does == Does::read_and_precharge || does == Does::write ||
         does == Does::write_and_precharge || does == Does::compute || does == Does::store;
}

inline bool opens(Does does) { return does == Does::activate || does == Does::activate_all; }

inline bool closes(Does does) {
  return does == Does::precharge || does == Does::precharge_all || does == Does::read_and_precharge ||
         does == Does::write_and_precharge;
}

/// Whether it may come only to closed banks.
inline bool needs_closed(Does does) { return opens(does) || does == Does::refresh || does == Does::change_mode; }

/// The banks that a command covers which is given to `bank`, the lowest first.
inline std::vector<int> banks_covered(const Specification& of, int command, int bank) {
  const Organisation& o = of.organisation;
  const Scope scope = of.commands[static_cast<std::size_t>(command)].scope;
  if (scope == Scope::bank) return {bank};
  std::vector<int> banks;
  for (int other = 0; other < o.banks(); ++other) {
    const bool same_rank = o.node_of(Level::rank, other) == o.node_of(Level::rank, bank);
    const bool same_number = other % o.banks_per_group == bank % o.banks_per_group;
    if ((scope == Scope::rank && same_rank) || (scope == Scope::same_bank && same_rank && same_number) ||
        (scope == Scope::pseudo_channel &&
         o.node_of(Level::pseudo_channel, other) == o.node_of(Level::pseudo_channel, bank)) ||
        (scope == Scope::alternate && other % 2 == bank % 2 &&
         o.node_of(Level::pseudo_channel, other) == o.node_of(Level::pseudo_channel, bank)))
      banks.push_back(other);
  }
  return banks;
}

class CommandDesk {
 public:
  explicit CommandDesk(const Specification& specification)
      : of_(specification), checker_(specification), rows_(static_cast<std::size_t>(of_.organisation.banks()), -1) {}

  /// The command to the banks that hold `bank`, meaning its open row if it has one.
  IssuedCommand command(int command, int bank, Tick at) const {
    const int lowest = banks_covered(of_, command, bank).front();
    const std::int64_t row = rows_[static_cast<std::size_t>(lowest)];
    return {at, command, lowest, row < 0 ? 0 : row, 0};
  }

  /// Whether the command is granted at its tick; if so it has been issued.
  bool issue(const IssuedCommand& command, std::string* refusal = nullptr) {
    const Status status = checker_.check(command);
    if (!status) {
      if (refusal != nullptr) *refusal = one_line(status.error());
      return false;
    }
    now_ = command.at;
    stream_.push_back(command);
    note(command);
    return true;
  }

  /// Issues it at the first tick from `now` at which it is granted, which there must be within a million.
  Tick issue_soonest(int command_index, int bank, Tick now) {
    IssuedCommand next = command(command_index, bank, now);
    constexpr Tick patience = 1'000'000;
    std::string refusal;
    for (; next.at < now + patience; ++next.at)
      if (issue(next, &refusal)) return next.at;
    ADD_FAILURE() << "never granted: " << refusal;
    return next.at;
  }

  /// Issues what brings the banks that the command covers into the state it needs, each as soon as it is granted.
  void prepare(int command_index, int bank, Tick now) {
    const Does does = of_.commands[static_cast<std::size_t>(command_index)].does;
    for (const int covered : banks_covered(of_, command_index, bank)) {
      const bool open = rows_[static_cast<std::size_t>(covered)] >= 0;
      if (is_access(does) && !open) now = issue_soonest(of_.command(Does::activate), covered, now);
      if (needs_closed(does) && open) now = issue_soonest(of_.command(Does::precharge), covered, now);
    }
  }

  Tick now() const { return now_; }
  int issued() const { return static_cast<int>(stream_.size()); }
  const std::vector<IssuedCommand>& stream() const { return stream_; }
  /// Whether the state of its banks allows the command now.
  bool may_follow(int command_index, int bank) const {
    const Does does = of_.commands[static_cast<std::size_t>(command_index)].does;
    for (const int covered : banks_covered(of_, command_index, bank)) {
      const bool open = rows_[static_cast<std::size_t>(covered)] >= 0;
      if (is_access(does) ? !open : open && needs_closed(does)) return false;
    }
    return true;
  }

 private:
  void note(const IssuedCommand& command) {
    const Does does = of_.commands[static_cast<std::size_t>(command.command)].does;
    for (const int bank : banks_covered(of_, command.command, command.bank)) {
      std::int64_t& row = rows_[static_cast<std::size_t>(bank)];
      if (opens(does)) row = command.row;
      if (closes(does)) row = -1;
    }
  }

  const Specification& of_;
  CommandChecker checker_;
  std::vector<std::int64_t> rows_;  ///< of a bank; -1: closed
  Tick now_ = 0;
  std::vector<IssuedCommand> stream_;
};

}  // namespace plumb::memory
