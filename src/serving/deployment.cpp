#include "serving/deployment.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "serving/kernel_profile.h"
#include "serving/prefix_cache.h"
#include "serving/scheduler.h"

namespace plumb::serving {
namespace {

/// Context that an engine is given where neither the model nor the settings say one.
constexpr std::int64_t model_len_unstated = 131072;

CachePlan plan_cache(const Deployment& deployment, int stage) {
  const model::Model& model = *deployment.model;
  const model::CacheLayout layout = cache_layout(model, deployment.precision, deployment.parallelism, stage);
  CachePlan plan;
  plan.block_size = deployment.engine.block_size;
  plan.state_bytes = static_cast<std::int64_t>(std::ceil(layout.state_bytes));
  for (const model::CacheShare& share : layout.shares) {
    const double block_bytes = share.bytes_per_key * static_cast<double>(plan.block_size);
    plan.shares.push_back({model.spans[share.span], static_cast<std::int64_t>(std::ceil(block_bytes))});
  }
  return plan;
}

Result<CachePlan> plan_stage(const Deployment& deployment, int stage, MemoryPlan& memory) {
  const accelerator::Machine& machine = deployment.machine;
  memory.capacity_bytes = machine.memory_bytes;
  memory.usable_bytes =
      machine.memory_bytes * (deployment.engine.gpu_memory_utilization - machine.efficiency.memory_reserve.value);
  memory.weight_bytes = weight_bytes(*deployment.model, deployment.precision, deployment.parallelism, stage).value();
  memory.cache_pool_bytes = memory.usable_bytes - memory.weight_bytes;
  if (memory.cache_pool_bytes <= 0.0) {
    return fail(unmet_error(fmt::format("{:.1f} GB of weights a rank do not fit in the {:.1f} GB usable of {}",
                                        memory.weight_bytes / 1e9, memory.usable_bytes / 1e9, machine.name)));
  }
  CachePlan plan = plan_cache(deployment, stage);
  if (deployment.engine.num_gpu_blocks_override > 0) {
    memory.cache_pool_bytes =
        static_cast<double>(plan.block_bytes()) * static_cast<double>(deployment.engine.num_gpu_blocks_override);
  }
  constexpr double bytes_max = 4e18;  // sums of bytes are kept in 64 bits
  if (memory.cache_pool_bytes * deployment.parallelism.data > bytes_max) {
    return fail(
        unmet_error(fmt::format("a cache of {:.3g} bytes is more than is reckoned with", memory.cache_pool_bytes),
                    "fewer blocks in num_gpu_blocks_override"));
  }
  plan.data_ranks = deployment.parallelism.data;
  plan.pool_bytes = static_cast<std::int64_t>(memory.cache_pool_bytes) * plan.data_ranks;
  return plan;
}

accelerator::Launching launching_of(const Deployment& deployment) {
  const EngineSettings& engine = deployment.engine;
  if (engine.enforce_eager) return {.eager = true, .capture_sizes = {}};
  if (engine.cudagraph_capture_sizes) return {.eager = false, .capture_sizes = *engine.cudagraph_capture_sizes};
  const std::int64_t ranks = std::max(1, deployment.parallelism.data);  // accelerator::compile refuses less
  const std::int64_t proposed = deployment.model->speculation ? deployment.model->speculation->tokens : 0;
  const auto of_rank = [&](std::int64_t all) { return (all + ranks - 1) / ranks; };
  return {.eager = false,
          .capture_sizes = accelerator::default_capture_sizes(of_rank(engine.max_num_seqs),
                                                              of_rank(engine.max_num_batched_tokens), 1 + proposed)};
}

}  // namespace

std::int64_t CachePlan::bytes_of(std::int64_t context) const {
  std::int64_t bytes = state_bytes;
  for (const Share& share : shares) {
    const bool full = share.span.kind == model::Span::Kind::full;
    const std::int64_t keys = full ? context : static_cast<std::int64_t>(share.span.cached(context));
    bytes += blocks(keys) * share.block_bytes;
  }
  return bytes;
}

std::int64_t CachePlan::block_bytes() const {
  std::int64_t bytes = 0;
  for (const Share& share : shares) bytes += share.block_bytes;
  return bytes;
}

std::int64_t CachePlan::token_bytes_max() const {
  std::int64_t bytes = 0;
  for (const Share& share : shares) {
    // A token may complete a compressed entry and be one of the window as well.
    const bool two_entries = share.span.kind == model::Span::Kind::compressed && share.span.window > 0;
    bytes += blocks(two_entries ? 2 : 1) * share.block_bytes;
  }
  return bytes;
}

std::int64_t CachePlan::longest(std::int64_t limit) const {
  std::int64_t fits = 0, beyond = limit + 1;
  while (beyond - fits > 1) {
    const std::int64_t middle = fits + (beyond - fits) / 2;
    (bytes_of(middle) <= pool_bytes / data_ranks ? fits : beyond) = middle;
  }
  return fits;
}

std::unique_ptr<accelerator::StepTimer> make_timer(const CompiledDeployment& deployment) {
  const Deployment& spec = deployment.deployment;
  if (!spec.profile) return accelerator::make_roofline_timer(deployment.cost);
  return make_profile_timer(spec.profile, *spec.model, spec.parallelism);
}

namespace {

Status check_scheduler(const Deployment& deployment) {
  const auto scheduler = make_scheduler(deployment.engine.scheduler);
  if (!scheduler) return {};
  if (deployment.model->speculation && !scheduler->speculates()) {
    return fail(
        unmet_error(fmt::format("the scheduler {} does not speculate", deployment.engine.scheduler), "vllm-v1"));
  }
  if (deployment.engine.scheduling_policy == SchedulingPolicy::priority && !scheduler->has_priorities()) {
    return fail(unmet_error(fmt::format("the scheduler {} has no priorities", deployment.engine.scheduler), "vllm-v1"));
  }
  return {};
}

/// Tiers keep prefixes: there must be some to keep.
Status check_cache_tiers(const Deployment& deployment, const CachePlan& cache) {
  const auto scheduler = make_scheduler(deployment.engine.scheduler);
  if (deployment.cache_tiers.empty() || !scheduler) return {};
  if (!scheduler->reuses_prefixes()) {
    return fail(unmet_error(fmt::format("the scheduler {} computes every prompt whole: cache tiers keep prefixes",
                                        deployment.engine.scheduler),
                            "vllm-v1, or no [[cache_tier]]"));
  }
  if (!deployment.engine.enable_prefix_caching) {
    return fail(unmet_error("cache tiers keep prefixes, and enable_prefix_caching is false",
                            "enable_prefix_caching = true, or no [[cache_tier]]"));
  }
  if (!can_cache_prefixes(cache)) {
    return fail(unmet_error(fmt::format("{} has layers that keep a window or a state only: cache tiers keep prefixes",
                                        deployment.model->name),
                            "no [[cache_tier]]"));
  }
  return {};
}

/// Bytes of a block on all the ranks that keep a share of a sequence.
std::int64_t block_bytes_of_ranks(const Deployment& deployment) {
  std::int64_t bytes = 0;
  for (int stage = 0; stage < deployment.parallelism.pipeline; ++stage) {
    bytes += plan_cache(deployment, stage).block_bytes() * deployment.parallelism.tensor;
  }
  return bytes;
}

}  // namespace

Result<CompiledDeployment> compile(const Deployment& deployment) {
  PLUMB_TRY(check_scheduler(deployment));
  PLUMB_ASSIGN(accelerator::StepCost cost,
               accelerator::compile(deployment.machine, *deployment.model, deployment.precision, deployment.parallelism,
                                    launching_of(deployment), deployment.engine.block_size));
  CompiledDeployment compiled{deployment, std::move(cost), {}, {}, 0, {}};
  const std::int64_t stated = deployment.engine.max_model_len > 0   ? deployment.engine.max_model_len
                              : deployment.model->positions_max > 0 ? deployment.model->positions_max
                                                                    : model_len_unstated;
  compiled.max_model_len =
      deployment.engine.enable_chunked_prefill ? stated : std::min(stated, deployment.engine.max_num_batched_tokens);
  // Every stage stores its own layers' share of each sequence. Stages are cut alike, so one of them is always the first
  // to be full: the one that holds the fewest sequences.
  double sequences_least = std::numeric_limits<double>::infinity();
  for (int stage = 0; stage < deployment.parallelism.pipeline; ++stage) {
    MemoryPlan memory;
    PLUMB_ASSIGN(CachePlan cache, plan_stage(deployment, stage, memory));
    compiled.max_model_len = std::min(compiled.max_model_len, cache.longest(compiled.max_model_len));
    const double sequence_bytes = static_cast<double>(std::max<std::int64_t>(1, cache.bytes_of(stated)));
    const double sequences = memory.cache_pool_bytes / sequence_bytes;
    if (sequences >= sequences_least) continue;
    sequences_least = sequences;
    compiled.cache = std::move(cache);
    compiled.memory = memory;
  }
  if (compiled.max_model_len < 1) {
    return fail(unmet_error(fmt::format("{:.1f} GB a rank are left for the cache of {}, less than one block",
                                        compiled.memory.cache_pool_bytes / 1e9, deployment.machine.name)));
  }
  PLUMB_TRY(check_cache_tiers(deployment, compiled.cache));
  for (const CacheTierSettings& tier : deployment.cache_tiers) {
    compiled.cache_tiers.push_back(resolve(tier, deployment.parallelism, block_bytes_of_ranks(deployment)));
  }
  return compiled;
}

}  // namespace plumb::serving
