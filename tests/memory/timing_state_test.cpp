// Does the timing state grant a command at the very tick from which the checker does?

#include "memory/timing_state.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "command_desk.h"
#include "constraint_case.h"
#include "random_specification.h"
#include "specifications.h"

namespace plumb::memory {
namespace {

/// What the state says after the desk's commands.
Tick earliest_after(const CommandDesk& desk, const Specification& of, int command, int bank, Tick now) {
  TimingState state(of);
  for (const IssuedCommand& issued : desk.stream()) state.issue(issued.command, issued.bank, issued.at);
  return state.earliest(command, bank, now);
}

// Each constraint of each specification, alone: to the tick where it speaks of the two commands, and at once where not.
TEST(TimingState, KeepsEachConstraintToTheTick) {
  int bound = 0, free = 0;
  for (const Specification& of : all_specifications()) {
    for (const Constraint& constraint : of.constraints) {
      const Specification only = alone(of, constraint);
      for (const ConstraintCase& banks : cases_of(only, constraint)) {
        SCOPED_TRACE(constraint_name(of, constraint) + " from bank " + std::to_string(banks.from_bank) + " to bank " +
                     std::to_string(banks.to_bank));
        CommandDesk desk(only);
        const Tick due = lead_up(desk, only, constraint, banks) + constraint.ticks;
        const Tick next = desk.now() + 1;
        if (due <= next) continue;
        const bool speaks = speaks_of(only, constraint, banks.from_bank, banks.to_bank);
        EXPECT_EQ(earliest_after(desk, only, constraint.to, banks.to_bank, next), speaks ? due : next);
        ++(speaks ? bound : free);
      }
    }
  }
  EXPECT_GT(bound, 0);
  EXPECT_GT(free, 0);
}

// The same beside all other constraints, on the buses and edges of the standard.
TEST(TimingState, AgreesWithTheCheckerAfterEachConstraint) {
  int later = 0;
  for (const Specification& catalogued : all_specifications()) {
    Specification of = catalogued;
    of.controller.refresh = RefreshMode::none;
    for (const Constraint& constraint : of.constraints) {
      for (const ConstraintCase& banks : cases_of(of, constraint)) {
        SCOPED_TRACE(constraint_name(of, constraint) + " from bank " + std::to_string(banks.from_bank) + " to bank " +
                     std::to_string(banks.to_bank));
        CommandDesk desk(of);
        lead_up(desk, of, constraint, banks);
        const Tick earliest = earliest_after(desk, of, constraint.to, banks.to_bank, desk.now());
        const Tick before = edges_around(of, constraint.to, earliest).before;
        if (before >= desk.now()) {
          EXPECT_FALSE(desk.issue(desk.command(constraint.to, banks.to_bank, before)));
          ++later;
        }
        std::string refusal;
        EXPECT_TRUE(desk.issue(desk.command(constraint.to, banks.to_bank, earliest), &refusal)) << refusal;
      }
    }
  }
  EXPECT_GT(later, 0);
}

/// Random commands, each at the state's earliest tick or some ticks later: the checker grants it then, not one sooner.
void expect_agreement(const Specification& of, std::uint64_t seed, int commands) {
  Stream stream(seed, "commands");
  CommandDesk desk(of);
  TimingState state(of);
  int held_back = 0;
  for (int i = 0; i < commands; ++i) {
    int index = static_cast<int>(stream.below(of.commands.size()));
    const int bank = static_cast<int>(stream.below(static_cast<std::uint64_t>(of.organisation.banks())));
    if (!desk.may_follow(index, bank)) index = of.command(Does::activate);
    if (!desk.may_follow(index, bank)) index = of.command(stream.below(2) == 0 ? Does::precharge : Does::read);
    const Tick now = desk.now() + (stream.below(4) == 0 ? static_cast<Tick>(stream.below(30)) : 0);
    IssuedCommand next = desk.command(index, bank, 0);
    const Tick earliest = state.earliest(index, bank, now);
    if (earliest > now) {
      ++held_back;
      next.at = earliest - 1;
      RC_ASSERT(!desk.issue(next));
    }
    next.at = earliest;
    std::string refusal;
    if (!desk.issue(next, &refusal)) RC_FAIL(refusal);
    state.issue(index, bank, earliest);
  }
  RC_ASSERT(held_back > 0);
}

RC_GTEST_PROP(TimingStateLaw, AgreesWithTheCheckerOnAnySpecification, ()) {
  Specification of = RandomSpecification::draw();
  of.controller.refresh = RefreshMode::none;
  expect_agreement(of, *rc::gen::arbitrary<std::uint64_t>(), 200);
}

RC_GTEST_PROP(TimingStateLaw, AgreesWithTheCheckerOnTheCatalog, ()) {
  Specification of = *rc::gen::elementOf(all_specifications());
  of.controller.refresh = RefreshMode::none;
  expect_agreement(of, *rc::gen::arbitrary<std::uint64_t>(), 500);
}

}  // namespace
}  // namespace plumb::memory
