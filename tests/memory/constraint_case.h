#pragma once
// The shortest legal stream after which one constraint decides when a command may come: banks made ready long before,
// then the constraint's `from` as often as its window is wide, then what the later command needs.

#include <algorithm>
#include <map>
#include <vector>

#include "command_desk.h"
#include "memory/specification.h"

namespace plumb::memory {

/// Longer than any constraint of the specification recalls.
inline Tick long_ago(const Specification& of) {
  Tick longest = of.read_latency + of.write_latency + of.burst + 16;
  for (const Constraint& constraint : of.constraints) longest = std::max(longest, constraint.ticks);
  return longest + longest % 2;
}

/// Whether the constraint speaks of these two commands: by definition, node by node.
inline bool speaks_of(const Specification& of, const Constraint& constraint, int from_bank, int to_bank) {
  const Organisation& o = of.organisation;
  const auto parent = [](Level level) { return static_cast<Level>(static_cast<int>(level) - 1); };
  for (const int from : banks_covered(of, constraint.from, from_bank)) {
    for (const int to : banks_covered(of, constraint.to, to_bank)) {
      const bool same = o.node_of(constraint.level, from) == o.node_of(constraint.level, to);
      if (!constraint.siblings && same) return true;
      if (constraint.siblings && !same &&
          o.node_of(parent(constraint.level), from) == o.node_of(parent(constraint.level), to))
        return true;
    }
  }
  return false;
}

struct ConstraintCase {
  int from_bank = 0, to_bank = 0;
  std::vector<int> more;  ///< banks of the further `from`s of a window
};

/// Banks for the window's other commands: those of which the constraint speaks as well, others than the two first.
inline std::vector<int> further_banks(const Specification& of, const Constraint& constraint, int from_bank,
                                      int to_bank) {
  if (constraint.window == 1) return {};
  std::vector<int> apart, any;
  for (int bank = 0; bank < of.organisation.banks(); ++bank) {
    if (!speaks_of(of, constraint, bank, to_bank)) continue;
    any.push_back(bank);
    if (bank != from_bank && bank != to_bank) apart.push_back(bank);
  }
  const std::vector<int>& choice = apart.empty() ? any : apart;
  std::vector<int> banks;
  for (int i = 1; i < constraint.window; ++i) banks.push_back(choice[static_cast<std::size_t>(i - 1) % choice.size()]);
  return banks;
}

/// Issues the stream to the desk; `skip` of the window's commands are left out. Returns the tick of the first `from`.
inline Tick lead_up(CommandDesk& desk, const Specification& of, const Constraint& constraint,
                    const ConstraintCase& banks, int skip = 0) {
  const Tick gap = long_ago(of);
  const auto ready = [&](int command, int bank) { desk.prepare(command, bank, desk.now() + gap); };
  const Does to_does = of.commands[static_cast<std::size_t>(constraint.to)].does;
  // An access of another bank has its row open before; all else the later command needs is done after.
  if (is_access(to_does)) ready(constraint.to, banks.to_bank);
  for (const int bank : banks.more) ready(constraint.from, bank);
  ready(constraint.from, banks.from_bank);
  const Tick first = desk.issue_soonest(constraint.from, banks.from_bank, desk.now() + gap);
  for (std::size_t i = 0; i + static_cast<std::size_t>(skip) < banks.more.size(); ++i) {
    desk.prepare(constraint.from, banks.more[i], desk.now());
    desk.issue_soonest(constraint.from, banks.more[i], desk.now());
  }
  desk.prepare(constraint.to, banks.to_bank, desk.now());
  return first;
}

/// Only this constraint, and nothing else that could keep a command back by more than a tick.
inline Specification alone(const Specification& of, const Constraint& constraint) {
  Specification only = of;
  only.constraints = {constraint};
  only.controller.refresh = RefreshMode::none;
  only.read_latency = only.write_latency = only.burst = 1;
  for (Command& command : only.commands) {
    command.edge = Edge::any;
    command.bus_ticks = 1;
  }
  return only;
}

/// One bank for each way of lying to another: itself, in its group, in its rank, ...
inline std::vector<int> banks_by_relation(const Specification& of, int bank) {
  const Organisation& o = of.organisation;
  std::map<int, int> found;
  for (int other = 0; other < o.banks(); ++other) {
    int common = 0;
    for (int level = 0; level < level_count; ++level)
      if (o.node_of(static_cast<Level>(level), other) == o.node_of(static_cast<Level>(level), bank)) common = level;
    found.emplace(common, other);
  }
  std::vector<int> banks;
  for (const auto& [common, other] : found) banks.push_back(other);
  return banks;
}

/// A bank, and others that lie to it in every way.
inline std::vector<ConstraintCase> cases_of(const Specification& of, const Constraint& constraint) {
  const int from = of.organisation.banks() / 2;
  std::vector<ConstraintCase> cases;
  for (const int to : banks_by_relation(of, from)) cases.push_back({from, to, further_banks(of, constraint, from, to)});
  return cases;
}

/// The first tick from `at` on an edge that the command may begin on, and the last before it.
struct Edges {
  Tick at, before;
};
inline Edges edges_around(const Specification& of, int command, Tick at) {
  const Edge edge = of.commands[static_cast<std::size_t>(command)].edge;
  if (of.ticks_per_clock == 1 || edge == Edge::any) return {at, at - 1};
  const Tick phase = edge == Edge::falling ? 1 : 0;
  const Tick first = at + ((at + phase) & 1);
  return {first, first - 2};
}

}  // namespace plumb::memory
