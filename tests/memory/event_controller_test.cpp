// Does the event-driven controller look at every tick at which the plain one does something? Cases in which it is easy
// to look past one.

#include "memory/event_controller.h"

#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/channel_controller.h"
#include "specifications.h"

namespace plumb::memory {
namespace {

class BothControllers : public testing::Test {
 protected:
  BothControllers() : of_(catalog_specification("hbm3")) { of_.controller.refresh = RefreshMode::none; }

  using Step = std::tuple<Tick, std::string, int>;
  struct Outcome {
    std::vector<Step> steps;  ///< tick, command, bank
    ChannelCounters counters;
  };
  Outcome run(ControllerKind kind, const std::vector<Access>& accesses) const {
    Outcome outcome;
    const auto controller = make_channel_controller(of_, kind, [&](const IssuedCommand& command) {
      outcome.steps.emplace_back(command.at, of_.commands[static_cast<std::size_t>(command.command)].name,
                                 command.bank);
    });
    controller->offer(accesses);
    controller->run(true);
    outcome.counters = controller->counters();
    return outcome;
  }
  /// The event-driven controller's outcome, which is that of the plain one.
  Outcome run_both(const std::vector<Access>& accesses) const {
    Outcome events = run(ControllerKind::event_driven, accesses);
    const Outcome plain = run(ControllerKind::plain, accesses);
    EXPECT_EQ(events.steps, plain.steps);
    EXPECT_EQ(events.counters.read_latency.sum(), plain.counters.read_latency.sum());
    return events;
  }

  Specification of_;
};

// Activations at ticks 0 and 8; with the write of the ninth tick the channel turns to writes before a read can come.
TEST_F(BothControllers, SeeAnAccessThatArrivesInTheNextTick) {
  of_.controller.write_high = 1;
  of_.controller.write_low = 0;
  for (Tick arrival = 1; arrival < 20; ++arrival) {
    const Outcome outcome = run_both({{0, 0, 0, false, 0}, {0, 1, 35, false, 0}, {0, 0, 35, true, arrival}});
    EXPECT_EQ(std::get<1>(outcome.steps.at(2)), "WR") << arrival;
  }
}

// A write waits behind a long row of reads, and the queue of reads is full when one comes for what it will write.
TEST_F(BothControllers, AnswerAReadFromAWriteThoughTheQueueBeFull) {
  of_.controller.read_queue = 1;
  const Outcome outcome =
      run_both({{0, 0, 0, true, 0}, {0, 0, 16, false, 0}, {0, 0, 0, false, 7}, {1, 0, 16, false, 300}});
  EXPECT_EQ(outcome.counters.forwarded, 1);
  EXPECT_EQ(outcome.counters.read_latency.quantile(0.01), 0);  // at once
}

// At tick 1000 a read of bank 0 is issued, for which the precharge of bank 4, of the oldest request, must now wait;
// that of bank 36, in the other pseudo-channel, need not.
TEST_F(BothControllers, ChooseAnotherRowCommandWhereAnAccessHoldsTheFirstUp) {
  for (Command& command : of_.commands) command.edge = Edge::any;
  of_.constraints.push_back(
      {of_.command(Does::read), of_.command(Does::precharge), Level::pseudo_channel, false, 1, 10, "extra", {}});
  ASSERT_EQ(of_.organisation.node_of(Level::pseudo_channel, 4), 0);
  ASSERT_EQ(of_.organisation.node_of(Level::pseudo_channel, 36), 1);
  const Outcome outcome = run_both({{0, 0, 0, false, 0},
                                    {0, 0, 4, false, 0},
                                    {0, 0, 36, false, 0},
                                    {1, 0, 4, false, 1000},
                                    {1, 0, 36, false, 1000},
                                    {0, 1, 0, false, 1000}});
  EXPECT_THAT(outcome.steps,
              ::testing::IsSupersetOf({Step{1000, "RD", 0}, Step{1000, "PRE", 36}, Step{1010, "PRE", 4}}));
}

}  // namespace
}  // namespace plumb::memory
