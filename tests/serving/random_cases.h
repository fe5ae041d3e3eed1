#pragma once
// Random deployments and loads, for properties of whole simulations.

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "serving/scheduler.h"
#include "serving/simulation.h"
#include "support/deployments.h"
#include "support/pim_machines.h"

namespace plumb::test {

/// Spans of every kind, windows small enough to fill, and states.
inline std::vector<model::Model> models() {
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
  serving::CompiledDeployment deployment;
  serving::SimulationOptions options;
};

/// Prompts of a few documents, each a chain of blocks whose hashes stand for all before them.
inline void share_blocks(std::vector<workload::Request>& requests) {
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
inline void share_history(std::vector<workload::Request>& requests) {
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
inline std::vector<workload::Request> any_requests(int sharing) {
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

inline serving::CacheTierPlan perfect_tier(const serving::CachePlan& cache) {
  serving::CacheTierPlan tier;
  tier.block_bytes = cache.block_bytes();
  tier.capacity_bytes = std::int64_t{1} << 50;
  tier.read_bytes_per_s = tier.write_bytes_per_s = std::numeric_limits<double>::infinity();
  tier.queue_depth = 1000;
  return tier;
}

/// Tiers from useless to perfect, for caches of so many bytes.
inline std::vector<serving::CacheTierPlan> any_tiers(const serving::CachePlan& cache) {
  std::vector<serving::CacheTierPlan> tiers(*rc::gen::element<std::size_t>(0, 1, 1, 2, 3));
  for (serving::CacheTierPlan& tier : tiers) {
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

/// Memory that computes, in few stacks so that steps of these loads run on both sides.
inline std::shared_ptr<const accelerator::PimMemory> any_units() {
  static const std::shared_ptr<const accelerator::PimMemory> all[] = {pim_memory("hbm3-pim", {.stacks = 2}),
                                                                      pim_memory("hbm3-pim:bank_group"),
                                                                      pim_memory("gddr6-aim", {.stacks = 24})};
  return all[*rc::gen::inRange<std::size_t>(0, std::size(all))];
}

/// One replica or several of one stage, with any settings of that scheduler, and a load for it (any_requests).
inline Case any_case_of(std::string_view scheduler, const model::Model& model, int sharing) {
  serving::EngineSettings engine;
  engine.scheduler = scheduler;
  engine.max_num_seqs = *rc::gen::element<std::int64_t>(1, 2, 7, 16, 64);
  engine.max_num_batched_tokens = *rc::gen::element<std::int64_t>(64, 100, 512, 8192);
  if (scheduler == "vllm-v1" && *rc::gen::inRange(0, 3) == 0)
    engine.scheduling_policy = serving::SchedulingPolicy::priority;
  engine.block_size = *rc::gen::element<std::int64_t>(1, 16, 64);
  engine.enable_chunked_prefill = *rc::gen::element(true, true, false);
  engine.scheduler_reserve_full_isl = *rc::gen::arbitrary<bool>();
  engine.max_prefill_tokens = *rc::gen::element<std::int64_t>(300, 16384);
  engine.schedule_conservativeness = *rc::gen::element(0.0, 0.3, 1.0);
  if (*rc::gen::arbitrary<bool>()) engine.watermark = *rc::gen::element(0.0, 0.05, 0.5);
  serving::Deployment made = deployment(model, engine);
  made.machine.memory_bytes = 1e13;
  if (*rc::gen::inRange(0, 3) == 0) made.machine.pim = any_units();
  auto compiled = serving::compile(made);
  if (!compiled) std::abort();
  compiled->cache.pool_bytes = compiled->cache.bytes_of(*rc::gen::inRange<std::int64_t>(3500, 20000));
  if (serving::make_scheduler(scheduler)->reuses_prefixes() && serving::can_cache_prefixes(compiled->cache)) {
    compiled->cache_tiers = any_tiers(compiled->cache);
    // Turns of a session that overlap may hold each other's context beside their own, which loads make likely.
    if (!compiled->cache_tiers.empty())
      compiled->cache.pool_bytes = std::max(compiled->cache.pool_bytes, compiled->cache.bytes_of(7000));
  }
  compiled->max_model_len = std::min(compiled->max_model_len, compiled->cache.longest(compiled->max_model_len));
  serving::SimulationOptions options;
  options.replicas = *rc::gen::element(1, 1, 2, 3);
  options.router = *rc::gen::element<std::string>("round-robin", "least-outstanding");
  options.inter_token_latencies = true;
  return {any_requests(sharing), std::move(*compiled), options};
}

/// The same of any model, with any sharing.
inline Case any_case(std::string_view scheduler) {
  static const std::vector<model::Model> all = models();
  return any_case_of(scheduler, all[*rc::gen::inRange<std::size_t>(0, all.size())], *rc::gen::inRange(0, 3));
}

}  // namespace plumb::test
