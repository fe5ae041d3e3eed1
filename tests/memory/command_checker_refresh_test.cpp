// Does the checker demand every refresh of every bank, neither later nor earlier than settings allow?

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/command_checker.h"
#include "specifications.h"

namespace plumb::memory {
namespace {

using ::testing::HasSubstr;

class RefreshAccount : public testing::Test {
 protected:
  RefreshAccount() : of_(catalog_specification("hbm3")) {
    of_.controller.refresh = RefreshMode::all_bank;
    of_.controller.refresh_postponed_max = 1;
    of_.controller.refresh_pulled_in_max = 0;
    // Four ranks of 16 banks.
    of_.organisation.pseudo_channels = 2;
    of_.organisation.ranks = 2;
    of_.commands[static_cast<std::size_t>(of_.command(Does::refresh))].scope = Scope::rank;
    of_.constraints.clear();
  }

  Tick interval() const { return of_.refresh_interval; }
  IssuedCommand refresh(Scope scope, int bank, Tick at) const { return {at, of_.refresh_command(scope), bank, 0, 0}; }

  /// Refreshes all ranks at `at`, a tick of the bus after another.
  void refresh_all(CommandChecker& checker, Tick at) const {
    for (int rank = 0; rank < 4; ++rank) expect(checker.check(refresh(Scope::rank, rank * 16, at + 2 * rank)));
  }
  static void expect(const Status& status) { EXPECT_TRUE(status) << (status ? "" : one_line(status.error())); }

  Specification of_;
};

TEST_F(RefreshAccount, IsOpenUntilTheLastPostponedOneIsAnIntervalLate) {
  const CommandChecker never(of_);
  // The first is due at one interval, may wait another, and has a third to be carried out.
  expect(never.finish(3 * interval()));
  const Status late = never.finish(3 * interval() + 5);
  ASSERT_FALSE(late);
  EXPECT_THAT(one_line(late.error()), HasSubstr("refresh 1 of bank 0 has not come by tick 37445: 5 ticks late; "
                                                "expected by tick 37440, tREFI being 12480 and 1 at most postponed"));
  of_.controller.refresh_postponed_max = 8;
  expect(CommandChecker(of_).finish(10 * interval()));
  EXPECT_FALSE(CommandChecker(of_).finish(10 * interval() + 1));
}

TEST_F(RefreshAccount, RefusesAnyCommandOnceARefreshIsOverdue) {
  CommandChecker checker(of_);
  EXPECT_FALSE(checker.check({3 * interval() + 2, of_.command(Does::activate), 0, 0, 0}));
  EXPECT_FALSE(checker.check(refresh(Scope::rank, 0, 3 * interval() + 2)));
  refresh_all(checker, 3 * interval() - 6);
}

TEST_F(RefreshAccount, MovesOnWithEachRefresh) {
  CommandChecker checker(of_);
  for (int n = 1; n <= 20; ++n) refresh_all(checker, n * interval());
  expect(checker.finish(23 * interval()));
  EXPECT_FALSE(checker.finish(23 * interval() + 1));
}

TEST_F(RefreshAccount, NoticesARankThatIsForgotten) {
  CommandChecker checker(of_);
  for (int n = 1; n <= 2; ++n)
    for (const int rank : {0, 1, 3}) expect(checker.check(refresh(Scope::rank, rank * 16, n * interval() + 2 * rank)));
  const Status late = checker.finish(3 * interval() + 1);
  ASSERT_FALSE(late);
  EXPECT_THAT(one_line(late.error()), HasSubstr("refresh 1 of bank 32"));
}

TEST_F(RefreshAccount, CountsEachBankWhereBanksAreRefreshedAlone) {
  of_.controller.refresh = RefreshMode::per_bank;
  CommandChecker all(of_), one_forgotten(of_);
  const Tick apart = interval() / 64 / 2 * 2;
  for (int n = 0; n < 3; ++n) {
    for (int bank = 0; bank < 64; ++bank) {
      const IssuedCommand next = refresh(Scope::bank, bank, n * interval() + bank * apart);
      expect(all.check(next));
      if (bank != 37) expect(one_forgotten.check(next));
    }
  }
  expect(all.finish(5 * interval()));
  const Status late = one_forgotten.finish(3 * interval() + 1);
  ASSERT_FALSE(late);
  EXPECT_THAT(one_line(late.error()), HasSubstr("refresh 1 of bank 37"));
}

TEST_F(RefreshAccount, LetsNoneComeBeforeItMayBePulledIn) {
  CommandChecker checker(of_);
  refresh_all(checker, 0);  // in the first interval, as its first
  const Status early = checker.check(refresh(Scope::rank, 0, interval() - 2));
  ASSERT_FALSE(early);
  EXPECT_THAT(one_line(early.error()), HasSubstr("is refresh 2 of bank 0, 2 ticks before it may be pulled in"));
  expect(checker.check(refresh(Scope::rank, 0, interval())));
  of_.controller.refresh_pulled_in_max = 2;
  CommandChecker eager(of_);
  for (int n = 0; n < 3; ++n) refresh_all(eager, n * 2000);
  EXPECT_FALSE(eager.check(refresh(Scope::rank, 0, interval() - 2)));
  expect(eager.check(refresh(Scope::rank, 0, interval())));
}

TEST_F(RefreshAccount, AsksForNothingWhereRefreshIsOff) {
  of_.controller.refresh = RefreshMode::none;
  expect(CommandChecker(of_).finish(1'000'000'000));
}

}  // namespace
}  // namespace plumb::memory
