// Are priorities, deadlines and clients that go away obeyed?

#include <gtest/gtest.h>

#include "serving/fleet.h"
#include "serving/targets.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::request;

TEST(RequestTerms, AClientThatGoesAwayFreesItsPlace) {
  EngineSettings engine;
  engine.max_num_seqs = 1;
  const CompiledDeployment deployment = test::llama_with_cache(100000, engine);
  std::vector<workload::Request> requests{request(0, 0.0, 100, 5000), request(1, 0.0, 100, 10)};
  requests[0].cancel_s = 1.0;
  const Outcome outcome = test::simulate(deployment, requests);
  EXPECT_TRUE(outcome.requests[0].cancelled);
  EXPECT_FALSE(outcome.requests[0].completed());
  EXPECT_LT(outcome.requests[0].first_token_s, 1.0) << "it had begun";
  EXPECT_GE(outcome.requests[1].scheduled_s, 1.0);
  EXPECT_LT(outcome.requests[1].scheduled_s, 1.1) << "the step under way ends, then the next is in";
  EXPECT_EQ(outcome.cancelled, 1);
}

TEST(RequestTerms, AClientMayGoWhileItWaits) {
  EngineSettings engine;
  engine.max_num_seqs = 1;
  const CompiledDeployment deployment = test::llama_with_cache(100000, engine);
  std::vector<workload::Request> requests{request(0, 0.0, 100, 500), request(1, 0.1, 100, 10),
                                          request(2, 0.2, 100, 10)};
  requests[1].cancel_s = 0.5;
  const Outcome outcome = test::simulate(deployment, requests);
  EXPECT_TRUE(outcome.requests[1].cancelled);
  EXPECT_EQ(outcome.requests[1].scheduled_s, never_s);
  EXPECT_TRUE(outcome.requests[2].completed());
}

class Nobody final : public EngineObserver {
 public:
  void gaps(Time, std::int64_t) override {}
  void gaps(const Ramp&, std::int64_t) override {}
  void ran(const StepRun&) override {}
  void scheduled(const Sequence&, Time) override {}
  void first_token(const Sequence&, Time) override {}
  void finished(const Sequence&, Time) override {}
  void cancelled(const Sequence&, Time) override {}
};

// Clients that would stay for years, and are served in seconds: what the engine keeps is what is in it. On several
// stages some are gone while they are computed.
TEST(RequestTerms, WhoHasLeftIsNotWaitedForToGoAway) {
  for (const int stages : {1, 2}) {
    EngineSettings settings;
    settings.max_num_seqs = 4;
    const CompiledDeployment deployment = test::llama_with_cache(4000, settings, {.tensor = 1, .pipeline = stages});
    const auto timer = make_timer(deployment);
    Nobody nobody;
    Engine engine(deployment, *timer, nobody);
    Time time;
    for (std::int64_t i = 0; i < 500; ++i) {
      Sequence sequence;
      sequence.request = i;
      sequence.arrival = time = Time::of_seconds(0.3 * static_cast<double>(i));
      sequence.prompt_tokens = 100;
      sequence.output_tokens = 1 + i % 90;
      sequence.cancel = Time::of_seconds(0.3 * static_cast<double>(i) + (i % 3 == 0 ? 0.1 : 1e8));
      while (engine.next_event() < time) engine.advance();
      engine.receive(sequence, time);
      EXPECT_GT(engine.cancellations(), 0);
      EXPECT_LE(engine.cancellations(), engine.outstanding());
      EXPECT_LT(engine.outstanding(), 20);
    }
    while (engine.outstanding() > 0) engine.advance();
    EXPECT_EQ(engine.cancellations(), 0);
    EXPECT_EQ(engine.next_event(), Time::never());
  }
}

TEST(RequestTerms, ADeadlineThatPassedMakesARequestNoGood) {
  RequestRecord record;
  record.first_token_s = 1.0;
  record.finish_s = 5.0;
  EXPECT_TRUE(within({}, record));
  record.deadline_s = 4.0;
  EXPECT_FALSE(within({}, record));
}

TEST(RequestTerms, TheUrgentAreAdmittedFirst) {
  EngineSettings engine;
  engine.max_num_seqs = 1;
  std::vector<workload::Request> requests;
  for (int i = 0; i < 4; ++i) requests.push_back(request(i, 0.01 * i, 100, 50));
  requests[3].priority = -1;
  const auto order = [&](SchedulingPolicy policy) {
    engine.scheduling_policy = policy;
    const Outcome outcome = test::simulate(test::llama_with_cache(100000, engine), requests);
    return outcome.requests[3].scheduled_s < outcome.requests[1].scheduled_s;
  };
  EXPECT_FALSE(order(SchedulingPolicy::fcfs));
  EXPECT_TRUE(order(SchedulingPolicy::priority));
}

// Two sequences that fill the cache together: the less urgent one goes, though it was admitted first.
TEST(RequestTerms, TheLeastUrgentIsPreempted) {
  EngineSettings engine;
  engine.scheduling_policy = SchedulingPolicy::priority;
  std::vector<workload::Request> requests{request(0, 0.0, 700, 400), request(1, 0.001, 700, 400)};
  requests[0].priority = 5;
  const Outcome outcome = test::simulate(test::llama_with_cache(1600, engine), requests);
  EXPECT_GE(outcome.requests[0].preemptions, 1);
  EXPECT_EQ(outcome.requests[1].preemptions, 0);
}

}  // namespace
}  // namespace plumb::serving
