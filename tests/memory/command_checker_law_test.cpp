// Does the checker judge as its definition does, read word by word over the whole past, on specifications of any shape?

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "command_desk.h"
#include "memory/command_checker.h"
#include "random_specification.h"

namespace plumb::memory {
namespace {

/// The definition, with no thought of time.
class Definition {
 public:
  explicit Definition(const Specification& specification) : of_(specification) {}

  bool grants(const IssuedCommand& next) const {
    for (const Constraint& constraint : of_.constraints)
      if (constraint.to == next.command && !obeys(constraint, next)) return false;
    return bus_is_free(next) && banks_are_ready(next) && data_are_apart(next);
  }
  void issue(const IssuedCommand& command) { past_.push_back(command); }

 private:
  const Command& meaning(const IssuedCommand& command) const {
    return of_.commands[static_cast<std::size_t>(command.command)];
  }

  bool touches(const IssuedCommand& command, const Constraint& constraint, int node) const {
    const Organisation& o = of_.organisation;
    for (const int bank : banks_covered(of_, command.command, command.bank)) {
      const int touched = o.node_of(constraint.level, bank);
      if (!constraint.siblings && touched == node) return true;
      if (!constraint.siblings) continue;
      const auto parent = static_cast<Level>(static_cast<int>(constraint.level) - 1);
      const int children = o.nodes(constraint.level) / o.nodes(parent);
      if (touched != node && touched / children == node / children) return true;
    }
    return false;
  }

  bool obeys(const Constraint& constraint, const IssuedCommand& next) const {
    for (const int bank : banks_covered(of_, next.command, next.bank)) {
      const int node = of_.organisation.node_of(constraint.level, bank);
      std::vector<Tick> ticks;
      for (const IssuedCommand& past : past_)
        if (past.command == constraint.from && touches(past, constraint, node)) ticks.push_back(past.at);
      const auto window = static_cast<std::size_t>(constraint.window);
      if (ticks.size() >= window && ticks[ticks.size() - window] + constraint.ticks > next.at) return false;
    }
    return true;
  }

  bool bus_is_free(const IssuedCommand& next) const {
    const Edge edge = meaning(next).edge;
    if (of_.ticks_per_clock == 2 && edge == Edge::rising && next.at % 2 != 0) return false;
    if (of_.ticks_per_clock == 2 && edge == Edge::falling && next.at % 2 == 0) return false;
    for (const IssuedCommand& past : past_)
      if (meaning(past).bus == meaning(next).bus && past.at + meaning(past).bus_ticks > next.at) return false;
    return true;
  }

  std::int64_t open_row(int bank) const {
    std::int64_t row = -1;
    for (const IssuedCommand& past : past_) {
      const std::vector<int> banks = banks_covered(of_, past.command, past.bank);
      if (std::find(banks.begin(), banks.end(), bank) == banks.end()) continue;
      const Does does = meaning(past).does;
      if (does == Does::activate) row = past.row;
      if (does != Does::activate && does != Does::read && does != Does::write) row = -1;
    }
    return row;
  }

  bool banks_are_ready(const IssuedCommand& next) const {
    const Does does = meaning(next).does;
    for (const int bank : banks_covered(of_, next.command, next.bank)) {
      const std::int64_t row = open_row(bank);
      if ((does == Does::activate || does == Does::refresh) && row != -1) return false;
      if (is_access(does) && row != next.row) return false;
    }
    return true;
  }

  Tick data(const IssuedCommand& command) const {
    const Does does = meaning(command).does;
    const bool writes = does == Does::write || does == Does::write_and_precharge;
    return command.at + (writes ? of_.write_latency : of_.read_latency);
  }

  bool data_are_apart(const IssuedCommand& next) const {
    if (!is_access(meaning(next).does)) return true;
    const Organisation& o = of_.organisation;
    for (const IssuedCommand& past : past_) {
      const bool same_bus = o.node_of(Level::pseudo_channel, past.bank) == o.node_of(Level::pseudo_channel, next.bank);
      if (same_bus && is_access(meaning(past).does) && std::abs(data(past) - data(next)) < of_.burst) return false;
    }
    return true;
  }

  const Specification& of_;
  std::vector<IssuedCommand> past_;
};

// Commands at ticks so near that most of the constraints are in play; what one refuses is not issued to either.
RC_GTEST_PROP(CommandCheckerLaw, JudgesAsTheDefinitionDoes, ()) {
  Specification of = RandomSpecification::draw();
  of.controller.refresh = RefreshMode::none;
  // Sometimes with nothing between accesses, so that bursts meet.
  if (*rc::gen::inRange(0, 3) == 0)
    std::erase_if(of.constraints, [](const Constraint& constraint) { return constraint.text.starts_with("tCCD"); });
  Stream stream(*rc::gen::arbitrary<std::uint64_t>(), "commands");
  const auto steps = *rc::gen::inRange<Tick>(2, 12);
  CommandDesk desk(of);
  Definition definition(of);
  constexpr int attempts = 200;
  for (int i = 0; i < attempts; ++i) {
    const int index = static_cast<int>(stream.below(of.commands.size()));
    const int bank = static_cast<int>(stream.below(static_cast<std::uint64_t>(of.organisation.banks())));
    const Tick at = desk.now() + static_cast<Tick>(stream.below(static_cast<std::uint64_t>(steps)));
    IssuedCommand next = desk.command(index, bank, at);
    if (stream.below(8) == 0) next.row = 1;
    // Rows are opened and not closed more often than the draw alone would.
    if (stream.below(4) != 0 && !definition.grants(next)) next = desk.command(of.command(Does::activate), bank, at);
    const bool granted = definition.grants(next);
    std::string refusal;
    RC_ASSERT(desk.issue(next, &refusal) == granted);
    if (granted) definition.issue(next);
  }
  RC_CLASSIFY(desk.issued() > attempts / 8, "over an eighth granted");
  RC_ASSERT(desk.issued() > 0);
}

}  // namespace
}  // namespace plumb::memory
