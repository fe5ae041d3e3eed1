// Are the steps in the log those that happened, and the sample those that were asked for?

#include "cli/step_log.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/temporary_folder.h"
#include "support/golden.h"

namespace plumb::cli {
namespace {

StepRecord step(int replica, std::int64_t number) {
  StepRecord record;
  record.replica = replica;
  record.time_s = 0.1 * static_cast<double>(number) + 0.01 * replica;
  record.duration_s = 0.0625;
  record.sequences = number + 1;
  record.decode_sequences = number;
  record.prefill_tokens = 512 - number;
  record.tokens = 512;
  record.waiting = 3;
  record.kv_cache_usage = 0.125 * static_cast<double>(number);
  record.preemptions = number % 3;
  return record;
}

std::string log_of(const TemporaryFolder& folder, std::int64_t every, int replicas, std::int64_t steps) {
  StepLog log = StepLog::create(folder.file("steps.csv"), every).value();
  for (std::int64_t number = 0; number < steps; ++number) {
    for (int replica = 0; replica < replicas; ++replica) log.add(step(replica, number));
  }
  EXPECT_TRUE(log.finish());
  return folder.bytes_of(folder.file("steps.csv"));
}

TEST(StepLog, Golden) {
  const TemporaryFolder folder;
  test::expect_golden("cli/steps.csv", log_of(folder, 1, 2, 5));
  test::expect_golden("cli/steps-every-3.csv", log_of(folder, 3, 2, 8));
  EXPECT_EQ(folder.count(), 1);
}

TEST(StepLog, IsAHeaderWithoutSteps) {
  const TemporaryFolder folder;
  const std::string text = log_of(folder, 1, 1, 0);
  EXPECT_TRUE(text.starts_with("time_s,"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(StepLog, IsStreamed) {
  const TemporaryFolder folder;
  const std::string text = log_of(folder, 1, 1, 20000);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 20001);
}

/// Passing over what is left out gives the file that adding each step gives, however replicas take turns.
RC_GTEST_PROP(StepLogLaw, PassingOverStepsChangesNothing, ()) {
  const TemporaryFolder folder;
  const std::int64_t every = *rc::gen::inRange(1, 10);
  StepLog each = StepLog::create(folder.file("each"), every).value();
  StepLog passing = StepLog::create(folder.file("passing"), every).value();
  std::int64_t numbers[2] = {0, 0};
  const int turns = *rc::gen::inRange(0, 60);
  for (int turn = 0; turn < turns; ++turn) {
    const int replica = *rc::gen::inRange(0, 2);
    std::int64_t& number = numbers[replica];
    const std::int64_t most = passing.steps_left_out(replica);
    const std::int64_t passed = *rc::gen::inRange<std::int64_t>(0, most + 1);
    passing.pass(replica, passed);
    for (std::int64_t i = 0; i < passed; ++i) {
      StepRecord quiet = step(replica, number++);
      quiet.preemptions = 0;
      each.add(quiet);
    }
    each.add(step(replica, number));
    passing.add(step(replica, number++));
  }
  RC_ASSERT(each.rows() == passing.rows());
  RC_ASSERT((each.finish() && passing.finish()));
  RC_ASSERT(folder.bytes_of(folder.file("each")) == folder.bytes_of(folder.file("passing")));
}

TEST(StepLog, AFullDiskIsAnErrorOfTheMachine) {
  StepLog log = StepLog::create("/dev/full", 1).value();
  std::int64_t number = 0;
  while (log.status() && number < 1000000) log.add(step(0, number++));
  EXPECT_LT(number, 1000000);
  const Status status = log.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), "/dev/full: cannot write: No space left on device");
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

TEST(StepLog, WhatIsNotFinishedLeavesNothing) {
  const TemporaryFolder folder;
  {
    StepLog log = StepLog::create(folder.file("steps.csv.zst"), 1).value();
    for (std::int64_t number = 0; number < 10000; ++number) log.add(step(0, number));
  }
  EXPECT_EQ(folder.count(), 0);
}

#ifndef NDEBUG
TEST(StepLogDeathTest, MisuseIsAnAssertion) {
  StepLog log = StepLog::create("/dev/null", 3).value();
  EXPECT_DEATH(log.pass(0, 1), "passed over");
  log.add(step(0, 0));
  EXPECT_EQ(log.steps_left_out(0), 2);
  EXPECT_DEATH(log.pass(0, 3), "passed over");
}
#endif

}  // namespace
}  // namespace plumb::cli
