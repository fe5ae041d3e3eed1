// Is whoever listens told everything, once, and in order of time?

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::llama_with_cache;
using test::request;

/// Notes what is told as letters by request, such as "asfpsre".
class Notes final : public RequestObserver {
 public:
  void arrived(const RequestRecord& record) override { note(record, 'a', record.arrival_s); }
  void scheduled(const RequestRecord& record, double time_s) override { note(record, 's', time_s); }
  void first_token(const RequestRecord& record) override { note(record, 'f', record.first_token_s); }
  void preempted(const RequestRecord& record, double time_s) override { note(record, 'p', time_s); }
  void resumed(const RequestRecord& record, double time_s) override { note(record, 'r', time_s); }
  void ended(const RequestRecord& record, double time_s) override { note(record, 'e', time_s); }

  std::map<std::int64_t, std::string> letters;
  bool in_order = true;

 private:
  void note(const RequestRecord& record, char letter, double time_s) {
    letters[record.id] += letter;
    in_order = in_order && time_s >= last_s_;
    last_s_ = time_s;
  }
  double last_s_ = 0.0;
};

/// Whether letters tell a life: a (rejected) e, or a s [f] { p s [f or r] } e with one f.
bool is_life(const std::string& letters, const RequestRecord& record) {
  if (record.rejected) return letters == "ae";
  char before = ' ';
  int first_tokens = 0, preemptions = 0;
  for (const char letter : letters) {
    const std::string allowed = letter == 'a'   ? " "
                                : letter == 's' ? "ap"
                                : letter == 'f' ? "s"
                                : letter == 'r' ? "s"
                                : letter == 'p' ? "sfr"
                                                : "fr";
    if (allowed.find(before) == std::string::npos) return false;
    if (letter == 'r' && first_tokens == 0) return false;
    first_tokens += letter == 'f' ? 1 : 0;
    preemptions += letter == 'p' ? 1 : 0;
    before = letter;
  }
  return before == 'e' && first_tokens == 1 && preemptions == record.preemptions;
}

RC_GTEST_PROP(RequestObserver, IsToldTheLifeOfEveryRequestInOrderOfTime, ()) {
  EngineSettings engine;
  engine.max_num_seqs = *rc::gen::element<std::int64_t>(2, 8, 64);
  engine.max_num_batched_tokens = *rc::gen::element<std::int64_t>(100, 512, 8192);
  const int stages = *rc::gen::element(1, 1, 2);
  const CompiledDeployment deployment =
      llama_with_cache(*rc::gen::inRange<std::int64_t>(1600, 6000), engine, {.tensor = 1, .pipeline = stages});
  std::vector<workload::Request> requests;
  const int count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    requests.push_back(request(i, 0.02 * (i / 4), *rc::gen::inRange(1, 1000), *rc::gen::inRange(1, 700)));
  }
  Notes notes;
  std::int64_t steps = 0, gaps = 0;
  SimulationOptions options;
  options.replicas = *rc::gen::inRange(1, 4);
  options.observer = &notes;
  options.run = [&](const StepRun& run, std::size_t) {
    steps += run.ramp.steps;
    RC_ASSERT(run.cache_bytes_in(run.ramp.steps - 1) == run.cache_bytes);
    RC_ASSERT((run.cache_bytes_in(0) > 0 && run.cache_bytes_in(0) <= run.cache_bytes));
  };
  options.gaps = [&](const Ramp& ramp, std::int64_t times, std::size_t) { gaps += ramp.steps * times; };
  const Outcome outcome = test::simulate(deployment, requests, options);
  std::int64_t expected_gaps = 0;
  for (const RequestRecord& record : outcome.requests) {
    RC_ASSERT(is_life(notes.letters[record.id], record));
    if (record.completed()) expected_gaps += record.output_tokens - 1;
  }
  RC_ASSERT(notes.in_order);
  RC_ASSERT(steps == outcome.counters.steps);
  RC_ASSERT(gaps == expected_gaps);
}

TEST(Interrupt, EndsTheSimulationBeforeTheNextEvent) {
  const CompiledDeployment deployment = llama_with_cache(100000);
  std::vector<workload::Request> requests;
  for (int i = 0; i < 50; ++i) requests.push_back(request(i, i * 10.0, 100, 5));
  for (const bool together : {false, true}) {
    std::atomic<bool> interrupt = false;
    SimulationOptions options;
    options.interrupt = &interrupt;
    std::int64_t ended = 0;
    if (together)
      options.run = [&](const StepRun& run, std::size_t) { interrupt = run.start > Time::of_seconds(200.0); };
    options.record = [&](const RequestRecord& record) { ended += record.ended ? 1 : 0; };
    interrupt = !together;
    const Outcome outcome = test::simulate(deployment, requests, options);
    EXPECT_TRUE(outcome.stopped);
    EXPECT_EQ(ended, together ? 21 : 0);
  }
}

TEST(Rejection, SaysWhy) {
  EngineSettings engine;
  engine.scheduler = "vidur_vllm";
  engine.max_num_batched_tokens = 500;
  const CompiledDeployment deployment = llama_with_cache(4000, engine);
  const Outcome outcome =
      test::simulate(deployment, {request(0, 0.0, 400, 10), request(1, 0.0, 490, 20), request(2, 0.0, 5000, 10)});
  EXPECT_EQ(outcome.requests[0].rejection, Rejection::none);
  EXPECT_EQ(outcome.requests[1].rejection, Rejection::never_fits);
  EXPECT_EQ(outcome.requests[2].rejection, Rejection::too_long);
  EXPECT_EQ(outcome.rejected, 2);
  EXPECT_EQ(outcome.rejected_never_fits, 1);
}

}  // namespace
}  // namespace plumb::serving
