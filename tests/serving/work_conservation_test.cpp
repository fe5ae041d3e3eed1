// Is nothing left idle that could be used? That an engine works while anybody is there is in simulation_test; here,
// that no place, no token of a step and no cache stays free for which somebody waits.

#include <algorithm>
#include <deque>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/random_cases.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

/// The queue of an engine as one sees it from outside: arrivals at its end, who was preempted back at its front.
class Queue final : public RequestObserver {
 public:
  struct Waiting {
    std::int64_t id = 0, tokens_most = 0;  ///< that have to be computed before its next token, at most
  };
  void arrived(const RequestRecord& record) override { waiting.push_back({record.id, record.prompt_tokens}); }
  void scheduled(const RequestRecord& record, double) override { leave(record); }
  void first_token(const RequestRecord&) override {}
  void preempted(const RequestRecord& record, double) override {
    waiting.push_front({record.id, record.prompt_tokens + record.output_tokens - 1});
  }
  void resumed(const RequestRecord&, double) override {}
  void ended(const RequestRecord& record, double) override { leave(record); }

  std::deque<Waiting> waiting;

 private:
  void leave(const RequestRecord& record) {
    std::erase_if(waiting, [&](const Waiting& other) { return other.id == record.id; });
  }
};

// Law of vllm-v1: if anybody waits after a step has been put together, then all places are taken, or all tokens of the
// step, or the first who waits does not fit into what is left of the cache (or, not chunked, of the tokens). After a
// preemption nobody is let in, and that step says nothing.
RC_GTEST_PROP(WorkConservation, NothingIsFreeThatTheFirstInTheQueueCouldUse, ()) {
  test::Case made = test::any_case("vllm-v1");
  for (workload::Request& request : made.requests) request.cancel_s = never_s;
  EngineSettings& engine = made.deployment.deployment.engine;
  engine.scheduling_policy = SchedulingPolicy::fcfs;
  engine.enable_prefix_caching = false;
  engine.watermark.reset();
  made.options.replicas = 1;
  Queue queue;
  std::int64_t looked_at = 0;
  made.options.observer = &queue;
  made.options.run = [&](const StepRun& run, std::size_t) {
    if (run.waiting == 0 || run.preemptions > 0 || run.running == engine.max_num_seqs) return;
    ++looked_at;
    const std::int64_t tokens_left = engine.max_num_batched_tokens - run.sums.tokens();
    const std::int64_t tokens = queue.waiting.front().tokens_most;
    const std::int64_t bytes_left = made.deployment.cache.pool_bytes - run.cache_bytes_in(0);
    RC_ASSERT(tokens_left == 0 || (!engine.enable_chunked_prefill && tokens > tokens_left) ||
              made.deployment.cache.bytes_of(tokens) > bytes_left);
  };
  test::simulate(made.deployment, made.requests, made.options);
  RC_CLASSIFY(looked_at > 0, "somebody waited though a place was free");
}

}  // namespace
}  // namespace plumb::serving
