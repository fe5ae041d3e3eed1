#include "memory/timing_state.h"

#include <algorithm>

namespace plumb::memory {
namespace {

/// Before any time, and far enough from the end of the type that a latency can be added.
constexpr Tick never = std::numeric_limits<Tick>::min() / 2;
constexpr std::array levels{Level::channel, Level::pseudo_channel, Level::rank, Level::bank_group, Level::bank};

}  // namespace

TimingState::TimingState(const Specification& specification)
    : specification_(specification), commands_(specification.commands.size()), updates_(commands_) {
  const Organisation& organisation = specification.organisation;
  int nodes = 0;
  for (const Level level : levels) {
    first_node_[static_cast<std::size_t>(level)] = nodes;
    nodes += organisation.nodes(level);
  }
  not_before_.assign(static_cast<std::size_t>(nodes) * commands_, 0);
  for (int bank = 0; bank < organisation.banks(); ++bank) {
    Nodes& of = nodes_.emplace_back();
    for (const Level level : levels)
      of[static_cast<std::size_t>(level)] = row_of(level, organisation.node_of(level, bank));
  }
  for (const Constraint& constraint : specification.constraints) {
    Update update{static_cast<std::uint32_t>(constraint.to),
                  constraint.level,
                  constraint.siblings,
                  -1,
                  constraint.window,
                  constraint.ticks};
    if (constraint.window > 1) {
      update.history = static_cast<int>(histories_.size());
      History empty{std::vector<Tick>(static_cast<std::size_t>(constraint.window), never), 0};
      histories_.emplace_back(static_cast<std::size_t>(organisation.nodes(constraint.level)), empty);
    }
    updates_[static_cast<std::size_t>(constraint.from)].push_back(update);
  }
  for (std::vector<Update>& updates : updates_) {
    const auto others = std::stable_partition(
        updates.begin(), updates.end(), [](const Update& update) { return !update.siblings && update.history < 0; });
    of_node_.push_back(static_cast<std::size_t>(others - updates.begin()));
  }
  const bool half_clocks = specification.ticks_per_clock == 2;
  for (const Command& command : specification.commands) {
    BusUse use;
    use.bus = static_cast<std::uint8_t>(command.bus);
    use.edge_mask = half_clocks && command.edge != Edge::any ? 1 : 0;
    use.edge_phase = command.edge == Edge::falling ? 1 : 0;
    use.ticks = command.bus_ticks;
    bus_use_.push_back(use);
  }
}

Tick TimingState::earliest(int command, int bank, Tick now) const {
  const Span span = span_of(command, bank);
  if (span.count == 1) return earliest_at_bank(command, bank, now);
  Tick at = now;
  for_each_bank(command, bank, [&](int covered) {
    for (const std::uint32_t row : nodes_[static_cast<std::size_t>(covered)])
      at = std::max(at, not_before_[row + static_cast<std::size_t>(command)]);
  });
  return on_bus(command, at);
}

void TimingState::issue(int command, int bank, Tick at) {
  const BusUse& use = bus_use_[static_cast<std::size_t>(command)];
  bus_free_[use.bus] = at + use.ticks;
  const Span span = span_of(command, bank);
  if (span.count == 1) return issue_at_bank(command, bank, at);
  const Organisation& organisation = specification_.organisation;
  for (const Update& update : updates_[static_cast<std::size_t>(command)]) {
    int last = -1;
    for (int i = 0, covered = span.first; i < span.count; ++i, covered += span.stride) {
      const int node = organisation.node_of(update.level, covered);
      if (node != last) apply(update, node, at);
      last = node;
    }
  }
}

void TimingState::issue_at_bank(int command, int bank, Tick at) {
  const std::vector<Update>& updates = updates_[static_cast<std::size_t>(command)];
  const std::size_t plain = of_node_[static_cast<std::size_t>(command)];
  const Nodes& nodes = nodes_[static_cast<std::size_t>(bank)];
  for (std::size_t i = 0; i < plain; ++i) {
    const Update& update = updates[i];
    Tick& not_before = not_before_[nodes[static_cast<std::size_t>(update.level)] + update.to];
    not_before = std::max(not_before, at + update.ticks);
  }
  for (std::size_t i = plain; i < updates.size(); ++i)
    apply(updates[i], specification_.organisation.node_of(updates[i].level, bank), at);
}

int TimingState::first_bank(int command, int bank) const { return span_of(command, bank).first; }

TimingState::Span TimingState::span_of(int command, int bank) const {
  const Organisation& of = specification_.organisation;
  const auto whole = [&](int banks) { return Span{bank - bank % banks, banks, 1}; };
  switch (specification_.commands[static_cast<std::size_t>(command)].scope) {
    case Scope::bank: return {bank, 1, 1};
    case Scope::rank: return whole(of.banks_per_rank());
    case Scope::pseudo_channel: return whole(of.banks_per_pseudo_channel());
    case Scope::alternate: {
      const int banks = of.banks_per_pseudo_channel();
      return {bank - bank % banks + bank % 2, banks / 2, 2};
    }
    case Scope::same_bank:
      return {bank - bank % of.banks_per_rank() + bank % of.banks_per_group, of.bank_groups, of.banks_per_group};
  }
  return {};
}

std::uint32_t TimingState::row_of(Level level, int node) const {
  return static_cast<std::uint32_t>(static_cast<std::size_t>(first_node_[static_cast<std::size_t>(level)] + node) *
                                    commands_);
}

void TimingState::apply(const Update& update, int node, Tick at) {
  Tick since = at;
  if (update.history >= 0) {
    History& history = histories_[static_cast<std::size_t>(update.history)][static_cast<std::size_t>(node)];
    history.last[history.next] = at;
    if (++history.next == history.last.size()) history.next = 0;
    since = history.last[history.next];
  }
  const auto raise = [&](int to) {
    Tick& not_before = not_before_[row_of(update.level, to) + update.to];
    not_before = std::max(not_before, since + update.ticks);
  };
  if (!update.siblings) return raise(node);
  const Organisation& organisation = specification_.organisation;
  const auto parent = static_cast<Level>(static_cast<int>(update.level) - 1);
  const int per_parent = organisation.nodes(update.level) / organisation.nodes(parent);
  const int first = node - node % per_parent;
  for (int sibling = first; sibling < first + per_parent; ++sibling)
    if (sibling != node) raise(sibling);
}

}  // namespace plumb::memory
