// Does the checker refuse what a specification forbids, to the tick, and nothing else?

#include "memory/command_checker.h"

#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_desk.h"
#include "constraint_case.h"
#include "specifications.h"

namespace plumb::memory {
namespace {

using ::testing::HasSubstr;

// Each constraint of each specification, with no other beside it.
TEST(CommandChecker, AConstraintBindsWhereItSpeaksAndOnlyThereToTheTick) {
  int bound = 0, free = 0, too_short = 0;
  for (const Specification& of : all_specifications()) {
    for (const Constraint& constraint : of.constraints) {
      const Specification only = alone(of, constraint);
      for (const ConstraintCase& banks : cases_of(only, constraint)) {
        SCOPED_TRACE(constraint_name(of, constraint) + " from bank " + std::to_string(banks.from_bank) + " to bank " +
                     std::to_string(banks.to_bank));
        CommandDesk desk(only);
        const Tick first = lead_up(desk, only, constraint, banks);
        const Tick due = first + constraint.ticks;
        IssuedCommand early = desk.command(constraint.to, banks.to_bank, due - 1);
        if (early.at <= desk.now()) {
          ++too_short;  // the commands that must lie between take as long
        } else if (speaks_of(only, constraint, banks.from_bank, banks.to_bank)) {
          ++bound;
          std::string refusal;
          EXPECT_FALSE(desk.issue(early, &refusal));
          EXPECT_THAT(refusal, HasSubstr("1 tick too early"));
          EXPECT_THAT(refusal, HasSubstr(constraint.text));
          early.at = due;
          EXPECT_TRUE(desk.issue(early, &refusal)) << refusal;
        } else {
          ++free;
          early.at = desk.now() + 1;
          EXPECT_TRUE(desk.issue(early));
        }
      }
    }
  }
  std::printf("%d cases bound, %d not spoken of, %d too short to tell\n", bound, free, too_short);
  EXPECT_GT(bound, 4 * too_short);
  EXPECT_GT(free, 0);
}

TEST(CommandChecker, AWindowCountsAsManyCommandsAsItIsWide) {
  int tried = 0;
  for (const Specification& of : all_specifications()) {
    for (const Constraint& constraint : of.constraints) {
      if (constraint.window == 1) continue;
      SCOPED_TRACE(constraint_name(of, constraint));
      const Specification only = alone(of, constraint);
      const int to = 1 % of.organisation.banks();
      const ConstraintCase banks{0, to, further_banks(only, constraint, 0, to)};
      CommandDesk one_less(only);
      lead_up(one_less, only, constraint, banks, 1);
      EXPECT_TRUE(one_less.issue(one_less.command(constraint.to, to, one_less.now() + 1)));
      // And the first of n + 1 no longer counts.
      CommandDesk one_more(only);
      const Tick first = lead_up(one_more, only, constraint, banks);
      one_more.prepare(constraint.from, banks.more.back(), one_more.now());
      one_more.issue_soonest(constraint.from, banks.more.back(), first + constraint.ticks);
      one_more.prepare(constraint.to, to, one_more.now());
      EXPECT_TRUE(one_more.issue(one_more.command(constraint.to, to, one_more.now() + 1)));
      ++tried;
    }
  }
  EXPECT_GT(tried, 0);
}

/// Whether in the whole specification this constraint is what keeps the later command back until its tick.
bool decides(const Specification& of, const Constraint& constraint, const ConstraintCase& banks) {
  if (!speaks_of(of, constraint, banks.from_bank, banks.to_bank)) return false;
  CommandDesk desk(of);
  const Tick first = lead_up(desk, of, constraint, banks);
  const auto [due, before] = edges_around(of, constraint.to, first + constraint.ticks);
  IssuedCommand next = desk.command(constraint.to, banks.to_bank, before);
  std::string refusal;
  if (before <= desk.now() || desk.issue(next, &refusal)) return false;
  const std::string place = std::to_string(constraint.place.line) + ":" + std::to_string(constraint.place.column);
  if (refusal.find(place) == std::string::npos || refusal.find(constraint.text) == std::string::npos) return false;
  next.at = due;
  return desk.issue(next);
}

// Beside all others: for some pair of banks each constraint is the one that decides, unless others always bind longer
// (tRC, where it is tRAS + tRP).
TEST(CommandChecker, AConstraintDecidesBesideTheOthers) {
  for (const Specification& catalogued : all_specifications()) {
    Specification of = catalogued;
    of.controller.refresh = RefreshMode::none;
    int deciding = 0;
    std::string masked;
    for (const Constraint& constraint : of.constraints) {
      const std::vector<ConstraintCase> cases = cases_of(of, constraint);
      const bool found = std::any_of(cases.begin(), cases.end(),
                                     [&](const ConstraintCase& banks) { return decides(of, constraint, banks); });
      deciding += found ? 1 : 0;
      masked += found ? "" : "\n  " + constraint_name(of, constraint);
    }
    const int all = static_cast<int>(of.constraints.size());
    EXPECT_GT(deciding * 10, all * 6) << of.name << ": others always bind longer than" << masked;
  }
}

class Hbm3Checker : public testing::Test {
 protected:
  Hbm3Checker() : of_(catalog_specification("hbm3")) { of_.controller.refresh = RefreshMode::none; }

  IssuedCommand command(Does does, int bank, Tick at, std::int64_t row = 7, int column = 0) const {
    return {at, of_.command(does), bank, row, column};
  }
  /// What is wrong with the last of the commands; the others are granted.
  std::string refusal(const std::vector<IssuedCommand>& commands) const {
    CommandChecker checker(of_);
    for (std::size_t i = 0; i + 1 < commands.size(); ++i) {
      const Status status = checker.check(commands[i]);
      EXPECT_TRUE(status) << (status ? "" : one_line(status.error()));
    }
    const Status status = checker.check(commands.back());
    return status ? "granted" : one_line(status.error());
  }

  Specification of_;
};

TEST_F(Hbm3Checker, SaysWhichCommandsAndWhichConstraint) {
  of_.constraints.front().place.file = "hbm3.toml";
  const std::string text = refusal({command(Does::activate, 3, 0), command(Does::read, 3, 60)});
  EXPECT_THAT(text, HasSubstr("hbm3.toml:" + std::to_string(of_.constraints.front().place.line)));
  EXPECT_THAT(text, HasSubstr("RD of bank 3 at tick 60 is 2 ticks too early after ACT of bank 3 at tick 0: "
                              "ACT to RD in the same bank needs tRCDRD (62 ticks); expected tick 62 or later"));
}

TEST_F(Hbm3Checker, RefusesWhatTheBankIsNotReadyFor) {
  const IssuedCommand open = command(Does::activate, 3, 0);
  EXPECT_THAT(refusal({command(Does::read, 3, 100)}), HasSubstr("while the bank is closed"));
  EXPECT_THAT(refusal({command(Does::write, 3, 100)}), HasSubstr("while the bank is closed"));
  EXPECT_THAT(refusal({open, command(Does::read, 3, 100, 8)}), HasSubstr("means row 8 while row 7 is open"));
  EXPECT_THAT(refusal({open, command(Does::activate, 3, 1000)}), HasSubstr("while row 7 of bank 3 is open"));
  const IssuedCommand all{1000, of_.refresh_command(Scope::pseudo_channel), 0, 0, 0};
  const IssuedCommand one{1000, of_.refresh_command(Scope::bank), 3, 0, 0};
  const IssuedCommand other{1000, of_.refresh_command(Scope::bank), 4, 0, 0};
  EXPECT_THAT(refusal({open, all}), HasSubstr("while row 7 of bank 3 is open"));
  EXPECT_THAT(refusal({open, one}), HasSubstr("while row 7 of bank 3 is open"));
  EXPECT_EQ(refusal({open, other}), "granted");
  EXPECT_EQ(refusal({open, command(Does::precharge_all, 0, 501), all}), "granted");
}

TEST_F(Hbm3Checker, KnowsWhatClosesABank) {
  const IssuedCommand open = command(Does::activate, 3, 0);
  for (const Does does : {Does::read_and_precharge, Does::write_and_precharge, Does::precharge, Does::precharge_all}) {
    const bool precharges = does == Does::precharge || does == Does::precharge_all;
    const IssuedCommand closing = command(does, does == Does::precharge_all ? 0 : 3, precharges ? 101 : 100);
    EXPECT_THAT(refusal({open, closing, command(Does::read, 3, 1000)}), HasSubstr("while the bank is closed"));
    EXPECT_EQ(refusal({open, closing, command(Does::activate, 3, 1000)}), "granted");
  }
  EXPECT_EQ(refusal({open, command(Does::read, 3, 100), command(Does::read, 3, 200)}), "granted");
  EXPECT_EQ(refusal({command(Does::precharge, 3, 1)}), "granted");  // of a bank that is closed already
}

TEST_F(Hbm3Checker, LetsOneCommandAtATimeOnABus) {
  // ACT takes three ticks of the row bus, also against another pseudo-channel's; the column bus is another.
  const int other_channel = of_.organisation.banks_per_pseudo_channel();
  const IssuedCommand open = command(Does::activate, 0, 1000);
  EXPECT_THAT(refusal({open, command(Does::precharge, other_channel, 1001)}),
              HasSubstr("2 ticks too early: the command bus carries ACT of bank 0 at tick 1000"));
  EXPECT_EQ(refusal({open, command(Does::precharge, other_channel, 1003)}), "granted");
  EXPECT_EQ(refusal({command(Does::activate, 1, 0), open, command(Does::read, 1, 1000)}), "granted");
  for (Command& each : of_.commands) each.bus = Bus::row;
  EXPECT_THAT(refusal({command(Does::activate, 1, 0), open, command(Does::read, 1, 1002)}),
              HasSubstr("1 tick too early: the command bus"));
  EXPECT_EQ(refusal({command(Does::activate, 1, 0), open, command(Does::read, 1, 1004)}), "granted");
}

TEST_F(Hbm3Checker, KnowsTheEdgesOfTheClock) {
  EXPECT_THAT(refusal({command(Does::activate, 0, 1001)}), HasSubstr("begins on a falling edge"));
  EXPECT_THAT(refusal({command(Does::precharge, 0, 1000)}), HasSubstr("begins on a rising edge"));
  EXPECT_EQ(refusal({command(Does::precharge, 0, 1001)}), "granted");
  of_.ticks_per_clock = 1;
  EXPECT_EQ(refusal({command(Does::activate, 0, 1001)}), "granted");
  EXPECT_EQ(refusal({command(Does::precharge, 0, 1000)}), "granted");
}

// With no constraint between accesses, only the bursts keep them apart.
TEST_F(Hbm3Checker, KeepsBurstsApart) {
  std::erase_if(of_.constraints, [&](const Constraint& constraint) {
    const auto does = [&](int index) { return of_.commands[static_cast<std::size_t>(index)].does; };
    return is_access(does(constraint.from)) && is_access(does(constraint.to));
  });
  for (Command& each : of_.commands) each.edge = Edge::any;
  for (Command& each : of_.commands) each.bus_ticks = 1;
  of_.read_latency = 40;
  of_.write_latency = 21;
  of_.burst = 4;
  const int other_channel = of_.organisation.banks_per_pseudo_channel();
  const std::vector<IssuedCommand> open{command(Does::activate, 0, 0), command(Does::activate, 1, 100),
                                        command(Does::activate, other_channel, 200)};
  const auto after = [&](const IssuedCommand& first, const IssuedCommand& second) {
    std::vector<IssuedCommand> commands = open;
    commands.insert(commands.end(), {first, second});
    return refusal(commands);
  };
  const IssuedCommand read = command(Does::read, 0, 1000), write = command(Does::write, 0, 1000);
  EXPECT_THAT(after(read, command(Does::read, 1, 1003)), HasSubstr("1 tick before those of RD of bank 0 at tick 1000"));
  EXPECT_EQ(after(read, command(Does::read, 1, 1004)), "granted");
  EXPECT_EQ(after(read, command(Does::read, other_channel, 1003)), "granted");
  EXPECT_THAT(after(write, command(Does::write, 1, 1003)), HasSubstr("puts data on its bus from tick 1024, 1 tick"));
  EXPECT_EQ(after(write, command(Does::write, 1, 1004)), "granted");
  // A read's data are at 1040 to 1044: a write's may go before them or behind, not among them.
  EXPECT_EQ(after(read, command(Does::write, 1, 1015)), "granted");
  EXPECT_THAT(after(read, command(Does::write, 1, 1016)), HasSubstr("7 ticks before those of RD"));
  EXPECT_THAT(after(read, command(Does::write, 1, 1022)), HasSubstr("1 tick before those of RD"));
  EXPECT_EQ(after(read, command(Does::write, 1, 1023)), "granted");
  EXPECT_EQ(after(write, command(Does::read, 1, 1001)), "granted");
}

TEST_F(Hbm3Checker, RefusesWhatDoesNotExist) {
  EXPECT_THAT(refusal({{0, -1, 0, 0, 0}}), HasSubstr("command -1 is none"));
  EXPECT_THAT(refusal({{0, 99, 0, 0, 0}}), HasSubstr("command 99 is none"));
  EXPECT_THAT(refusal({command(Does::activate, 64, 0)}), HasSubstr("expected a bank from 0 to 63"));
  EXPECT_THAT(refusal({command(Does::activate, 0, 0, 16384)}), HasSubstr("expected a row from 0 to 16383"));
  EXPECT_THAT(refusal({command(Does::activate, 0, 0), command(Does::read, 0, 100, 7, 32)}),
              HasSubstr("expected a column from 0 to 31"));
  EXPECT_THAT(refusal({command(Does::precharge_all, 3, 1)}), HasSubstr("covers the banks from 0"));
  EXPECT_THAT(refusal({command(Does::activate, 0, 10), command(Does::activate, 17, 8)}),
              HasSubstr("behind a command at tick 10"));
}

TEST_F(Hbm3Checker, ForgetsARefusedCommand) {
  CommandChecker checker(of_);
  EXPECT_TRUE(checker.check(command(Does::activate, 0, 0)));
  EXPECT_FALSE(checker.check(command(Does::activate, 16, 6, 99999)));
  EXPECT_FALSE(checker.check(command(Does::read, 0, 50)));
  EXPECT_FALSE(checker.check(command(Does::activate, 0, 1000)));
  EXPECT_TRUE(checker.check(command(Does::read, 0, 62)));
}

}  // namespace
}  // namespace plumb::memory
