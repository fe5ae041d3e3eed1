// Do runs of steps give what single steps give? The plain stepper is the reference: every sequence by itself, one token
// at a time. Every time must be the same to the last bit, and every counter.

#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/fleet.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::request;

/// Spans of every kind, windows small enough to fill, and states.
std::vector<model::Model> models() {
  model::Model windows = model::test::gpt_oss_20b();
  for (model::Span& span : windows.spans) {
    if (span.kind == model::Span::Kind::sliding) span.window = 100;
  }
  model::Model chunks = model::test::gpt_oss_20b();
  for (model::Span& span : chunks.spans) {
    if (span.kind == model::Span::Kind::sliding) span = {model::Span::Kind::chunked, 70, 1, 0};
  }
  model::Model picks = model::test::deepseek_v3_2();
  for (model::Span& span : picks.spans) {
    if (span.kind == model::Span::Kind::compressed) span.limit = 150;
  }
  return {model::test::llama_3_8b(),     windows, chunks,
          model::test::qwen3_next_80b(), picks,   model::test::deepseek_v4_flash()};
}

struct Case {
  std::vector<workload::Request> requests;
  CompiledDeployment deployment;
  SimulationOptions options;
};

/// Prompts of a few documents, each a chain of blocks whose hashes stand for all before them.
void share_blocks(std::vector<workload::Request>& requests) {
  for (workload::Request& r : requests) {
    const auto document = static_cast<std::uint64_t>(*rc::gen::inRange(0, 4));
    const std::int64_t shared = *rc::gen::inRange<std::int64_t>(0, 5);
    for (std::int64_t block = 0; block * 512 < r.prompt_tokens; ++block) {
      const auto whose = block < shared ? document : 100 + static_cast<std::uint64_t>(r.id);
      r.prefix_hashes.push_back(whose * 1000 + static_cast<std::uint64_t>(block));
    }
  }
}

/// Turns of a few sessions, some of which drop their history, with a system prompt before them.
void share_history(std::vector<workload::Request>& requests) {
  std::map<std::int64_t, std::int64_t> contexts;
  for (workload::Request& r : requests) {
    r.session = *rc::gen::inRange<std::int64_t>(0, 5);
    r.shared_prefix = r.session % 2;
    r.shared_prefix_tokens = std::min<std::int64_t>(r.prompt_tokens, 40 + 60 * r.shared_prefix);
    const bool keeps = *rc::gen::inRange(0, 4) > 0;
    if (keeps && contexts[r.session] > 0) {
      r.prompt_tokens = std::min<std::int64_t>(3000, r.prompt_tokens % 200 + contexts[r.session] + 1);
      r.history_tokens = std::min(r.prompt_tokens, contexts[r.session]);
    }
    r.shared_prefix_tokens = std::min(r.shared_prefix_tokens, r.prompt_tokens);
    contexts[r.session] = r.prompt_tokens + r.output_tokens;
  }
}

/// `sharing`: 0 blocks, 1 history, else nothing.
std::vector<workload::Request> any_requests(int sharing) {
  std::vector<workload::Request> requests;
  const int count = *rc::gen::resize(100, rc::gen::inRange(1, 80));
  const int longest = *rc::gen::element(40, 400, 3000, 3000);
  double time_s = 0.0;
  for (int i = 0; i < count; ++i) {
    time_s += *rc::gen::inRange(0, 4) * *rc::gen::inRange(0, 100) * 1e-3;  // ties are common
    requests.push_back(request(i, time_s, *rc::gen::inRange(1, longest), *rc::gen::inRange(1, 400)));
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    for (workload::Request& r : requests) {
      r.priority = *rc::gen::inRange(0, 3);
      if (*rc::gen::inRange(0, 3) == 0) r.cancel_s = *rc::gen::inRange(0, 4000) * 1e-3;
    }
  }
  switch (sharing) {
    case 0: share_blocks(requests); break;
    case 1: share_history(requests); break;
    default: break;
  }
  return requests;
}

CacheTierPlan perfect_tier(const CachePlan& cache) {
  CacheTierPlan tier;
  tier.block_bytes = cache.block_bytes();
  tier.capacity_bytes = std::int64_t{1} << 50;
  tier.read_bytes_per_s = tier.write_bytes_per_s = std::numeric_limits<double>::infinity();
  tier.queue_depth = 1000;
  return tier;
}

/// Tiers from useless to perfect, for caches of so many bytes.
std::vector<CacheTierPlan> any_tiers(const CachePlan& cache) {
  std::vector<CacheTierPlan> tiers(*rc::gen::element<std::size_t>(0, 1, 1, 2, 3));
  for (CacheTierPlan& tier : tiers) {
    tier = perfect_tier(cache);
    tier.capacity_bytes = cache.bytes_of(*rc::gen::resize(100, rc::gen::inRange<std::int64_t>(0, 60000)));
    tier.read_bytes_per_s = *rc::gen::element(1e8, 1e10, std::numeric_limits<double>::infinity());
    tier.write_bytes_per_s = *rc::gen::element(1e8, 1e10, std::numeric_limits<double>::infinity());
    tier.latency_s = *rc::gen::element(0.0, 1e-5, 0.02);
    tier.queue_depth = *rc::gen::element<std::int64_t>(1, 2, 256);
    tier.load_threshold = *rc::gen::element<std::int64_t>(1, 1, 100, 600);
  }
  return tiers;
}

Case any_case_of(std::string_view scheduler, const model::Model& model, int sharing) {
  EngineSettings engine;
  engine.scheduler = scheduler;
  engine.max_num_seqs = *rc::gen::element<std::int64_t>(1, 2, 7, 16, 64);
  engine.max_num_batched_tokens = *rc::gen::element<std::int64_t>(64, 100, 512, 8192);
  if (scheduler == "vllm-v1" && *rc::gen::inRange(0, 3) == 0) engine.scheduling_policy = SchedulingPolicy::priority;
  engine.block_size = *rc::gen::element<std::int64_t>(1, 16, 64);
  engine.enable_chunked_prefill = *rc::gen::element(true, true, false);
  engine.scheduler_reserve_full_isl = *rc::gen::arbitrary<bool>();
  engine.max_prefill_tokens = *rc::gen::element<std::int64_t>(300, 16384);
  engine.schedule_conservativeness = *rc::gen::element(0.0, 0.3, 1.0);
  if (*rc::gen::arbitrary<bool>()) engine.watermark = *rc::gen::element(0.0, 0.05, 0.5);
  serving::Deployment deployment = test::deployment(model, engine);
  deployment.machine.memory_bytes = 1e13;
  auto compiled = compile(deployment);
  if (!compiled) std::abort();
  compiled->cache.pool_bytes = compiled->cache.bytes_of(*rc::gen::inRange<std::int64_t>(3500, 20000));
  if (make_scheduler(scheduler)->reuses_prefixes() && can_cache_prefixes(compiled->cache)) {
    compiled->cache_tiers = any_tiers(compiled->cache);
    // Turns of a session that overlap may hold each other's context beside their own, which loads make likely.
    if (!compiled->cache_tiers.empty()) {
      compiled->cache.pool_bytes = std::max(compiled->cache.pool_bytes, compiled->cache.bytes_of(7000));
    }
  }
  compiled->max_model_len = std::min(compiled->max_model_len, compiled->cache.longest(compiled->max_model_len));
  SimulationOptions options;
  options.replicas = *rc::gen::element(1, 1, 2, 3);
  options.router = *rc::gen::element<std::string>("round-robin", "least-outstanding");
  options.inter_token_latencies = true;
  return {any_requests(sharing), std::move(*compiled), options};
}

Case any_case(std::string_view scheduler) {
  static const std::vector<model::Model> all = models();
  return any_case_of(scheduler, all[*rc::gen::inRange<std::size_t>(0, all.size())], *rc::gen::inRange(0, 3));
}

void expect_equal_records(const Outcome& a, const Outcome& b) {
  RC_ASSERT(a.requests.size() == b.requests.size());
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    const RequestRecord &left = a.requests[i], &right = b.requests[i];
    RC_ASSERT(left.id == right.id);
    RC_ASSERT(left.replica == right.replica);
    RC_ASSERT(left.rejected == right.rejected);
    RC_ASSERT(left.preemptions == right.preemptions);
    RC_ASSERT(left.cancelled == right.cancelled);
    RC_ASSERT(left.completed() + left.rejected + left.cancelled == 1);
    RC_ASSERT(left.cached_tokens == right.cached_tokens);
    RC_ASSERT(left.loaded_tokens == right.loaded_tokens);
    RC_ASSERT(left.scheduled_s == right.scheduled_s);
    RC_ASSERT(left.first_token_s == right.first_token_s);
    RC_ASSERT(left.finish_s == right.finish_s);
  }
}

void expect_equal_links(const TransferLink::Counts& a, const TransferLink::Counts& b) {
  RC_ASSERT(a.transfers == b.transfers);
  RC_ASSERT(a.bytes == b.bytes);
  RC_ASSERT(a.refused == b.refused);
  RC_ASSERT(a.queued == b.queued);
  RC_ASSERT(a.busy == b.busy);
}

void expect_equal_tiers(const std::vector<CacheTierCounts>& a, const std::vector<CacheTierCounts>& b) {
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    expect_equal_links(a[i].reads, b[i].reads);
    expect_equal_links(a[i].writes, b[i].writes);
    RC_ASSERT(a[i].tokens_loaded == b[i].tokens_loaded);
    RC_ASSERT(a[i].bytes_held == b[i].bytes_held);
    RC_ASSERT(a[i].bytes_evicted == b[i].bytes_evicted);
    RC_ASSERT(a[i].writes.bytes == a[i].bytes_held + a[i].bytes_evicted + a[i].bytes_cut);
  }
}

void expect_equal_counters(const Outcome& a, const Outcome& b) {
  RC_ASSERT(a.counters.steps == b.counters.steps);
  RC_ASSERT(a.counters.preemptions == b.counters.preemptions);
  RC_ASSERT(a.counters.prompt_tokens_computed == b.counters.prompt_tokens_computed);
  RC_ASSERT(a.counters.tokens_generated == b.counters.tokens_generated);
  RC_ASSERT(a.counters.busy == b.counters.busy);
  RC_ASSERT(a.counters.sequence_time == b.counters.sequence_time);
  RC_ASSERT(a.counters.cache_bytes_peak == b.counters.cache_bytes_peak);
  RC_ASSERT(a.counters.prefix.hit == b.counters.prefix.hit);
  RC_ASSERT(a.counters.prefix.external_hit == b.counters.prefix.external_hit);
  expect_equal_tiers(a.counters.cache_tiers, b.counters.cache_tiers);
  RC_ASSERT(a.gaps.count() == b.gaps.count());
  RC_ASSERT(a.gaps.mean_s() == b.gaps.mean_s());
  RC_ASSERT(std::abs(a.gaps.deviation_s() - b.gaps.deviation_s()) <= 1e-6 * b.gaps.mean_s());
  RC_ASSERT(std::abs(a.gaps.percentile_s(90.0) - b.gaps.percentile_s(90.0)) <= 0.011 * b.gaps.percentile_s(90.0));
}

TEST(Stepping, RunsOfStepsGiveTheBitsOfSingleSteps) {
  for (const std::string_view scheduler : scheduler_names()) {
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      Case made = any_case(scheduler);
      const Outcome runs = test::simulate(made.deployment, made.requests, made.options);
      made.options.stepping = Stepping::plain;
      const Outcome plain = test::simulate(made.deployment, made.requests, made.options);
      expect_equal_records(runs, plain);
      expect_equal_counters(runs, plain);
    }));
  }
}

// Loads from cache tiers come between steps as arrivals do: with small caches, prompts that share much, and tiers that
// are slow, full or refuse.
TEST(Stepping, RunsEndWhereLoadsFromTiersDo) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (!make_scheduler(scheduler)->reuses_prefixes()) continue;
    EXPECT_TRUE(rc::check(std::string(scheduler), [&] {
      const int sharing = *rc::gen::element(0, 1);
      Case made = any_case_of(scheduler, model::test::llama_3_8b(), sharing);
      made.options.replicas = 1;
      CachePlan& cache = made.deployment.cache;
      cache.pool_bytes = cache.bytes_of(sharing == 0 ? 4000 : 7000);
      made.deployment.max_model_len = std::min<std::int64_t>(cache.longest(made.deployment.max_model_len), 3500);
      if (made.deployment.cache_tiers.empty()) made.deployment.cache_tiers.resize(1, perfect_tier(cache));
      const Outcome runs = test::simulate(made.deployment, made.requests, made.options);
      made.options.stepping = Stepping::plain;
      const Outcome plain = test::simulate(made.deployment, made.requests, made.options);
      expect_equal_records(runs, plain);
      expect_equal_counters(runs, plain);
      RC_CLASSIFY(plain.counters.prefix.external_hit > 0, "loads");
      RC_CLASSIFY(plain.counters.prefix.hit > 0, "hits");
      RC_CLASSIFY(plain.counters.preemptions > 0, "preempts");
    }));
  }
}

// Replicas that do not know of each other are simulated one by one, on threads, to the same bits.
RC_GTEST_PROP(Stepping, ReplicasApartGiveTheBitsOfReplicasTogether, ()) {
  const std::vector<std::string_view> names = scheduler_names();
  Case made = any_case(names[*rc::gen::inRange<std::size_t>(0, names.size())]);
  made.options.router = "round-robin";
  made.options.jobs = *rc::gen::element(1, 2, 3);
  const auto apart_source = workload::fixed_requests(made.requests),
             together_source = workload::fixed_requests(made.requests);
  const auto apart = simulate_apart(made.deployment, *apart_source, made.options);
  const auto together = simulate_together(made.deployment, *together_source, made.options);
  RC_ASSERT(apart.has_value() && together.has_value());
  expect_equal_records(*apart, *together);
  expect_equal_counters(*apart, *together);
  RC_ASSERT(apart->gaps.percentile_s(50.0) == together->gaps.percentile_s(50.0));
  RC_ASSERT(apart->duration_s == together->duration_s);
}

// A long answer alone is one run, whatever its length: events are those of the request, not of its tokens.
TEST(Stepping, ALongAnswerCostsAHandfulOfEvents) {
  const CompiledDeployment deployment = test::llama_with_cache(100000);
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 100, 20000)});
  EXPECT_EQ(outcome.counters.steps, 20000);
  EXPECT_LE(outcome.counters.events, 3);
}

}  // namespace
}  // namespace plumb::serving
