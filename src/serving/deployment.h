#pragma once
// A deployment: a model on accelerators with its parallelism and engine settings. Names follow vLLM's.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accelerator/machine.h"
#include "accelerator/step_cost.h"
#include "accelerator/step_timer.h"
#include "base/result.h"
#include "model/model.h"
#include "serving/cache_tier_plan.h"

namespace plumb::serving {

class KernelProfile;

/// Which waiting request is first: the one that came first, or the one of the lowest priority number.
enum class SchedulingPolicy { fcfs, priority };

struct EngineSettings {
  /// Sequences that may run at once, on all data-parallel ranks together (vLLM's flag counts those of one). More raises
  /// throughput and the time of every step; vLLM's default on large accelerators is 256 (1024 since 0.9).
  std::int64_t max_num_seqs = 256;
  /// Tokens of one step, decode and prefill together, on all data-parallel ranks together. Prompts are cut into chunks
  /// to fit. More shortens TTFT under load and lengthens the gaps of those who decode meanwhile; vLLM's default is 2048
  /// to 8192 by accelerator.
  std::int64_t max_num_batched_tokens = 8192;
  /// Longest prompt + output that is admitted; 0: what the model's positions and the cache allow.
  std::int64_t max_model_len = 0;
  /// Tokens of a cache block. vLLM's default is 16.
  std::int64_t block_size = 16;
  /// Blocks of the cache in place of what the memory leaves; 0: what it leaves. vLLM's num_gpu_blocks_override.
  std::int64_t num_gpu_blocks_override = 0;
  /// Share of the accelerator's memory that weights, activations and cache may fill together. vLLM's default.
  double gpu_memory_utilization = 0.92;
  /// Chunk longer prompts. Without it a prompt waits for a step whose tokens hold it whole.
  bool enable_chunked_prefill = true;
  /// Keep what was computed of prompts for those that begin alike, where the scheduler asks for it and the model's
  /// cache allows it.
  bool enable_prefix_caching = true;
  SchedulingPolicy scheduling_policy = SchedulingPolicy::fcfs;  ///< vLLM's; vllm-v1 looks at it
  /// Sizes, in tokens of a step on one data-parallel rank, that CUDA graphs are captured for, ascending; a step is
  /// filled up to the next. Absent: vLLM's default (accelerator/launching.h). Fewer sizes fill steps up with more.
  std::optional<std::vector<std::int64_t>> cudagraph_capture_sizes;
  /// No graphs: steps are not filled up, and every operator is launched on its own, which slows small steps down.
  bool enforce_eager = false;
  /// Chance that a token which the model's drafter proposed is accepted, those before it being so (speculation.h).
  double acceptance_rate = 0.0;
  /// Share of the cache that must stay free when a waiting request is admitted. More means fewer preemptions and fewer
  /// sequences at once. Absent: the scheduler's default, 0.01 of vllm-v0 and sarathi, 0 of vllm-v1; others have none.
  std::optional<double> watermark;
  /// vllm-v1: admit a request only if all its known tokens find room, not only its first chunk. vLLM's default since
  /// the spring of 2026; before, it was as without it.
  bool scheduler_reserve_full_isl = true;
  /// sglang: prompt tokens of one step, beyond which no further prompt is admitted. SGLang's default.
  std::int64_t max_prefill_tokens = 16384;
  /// sglang: a factor on the share of their outputs that running requests are expected to generate still. More means
  /// fewer retractions and fewer sequences at once. SGLang's default.
  double schedule_conservativeness = 1.0;
  /// Name of a scheduler (scheduler.h).
  std::string scheduler = "vllm-v1";
};

/// How the cache of one replica is counted: a pool of bytes on the fullest rank, and what a sequence takes of it.
/// Data-parallel ranks keep different sequences, so the pool is as many times that of a rank; which rank a sequence is
/// on is not followed, but it has to fit one alone. For each span, keys are stored in blocks of `block_size`; a
/// sequence of c tokens holds ceil(cached(c) / block_size).
struct CachePlan {
  struct Share {
    model::Span span;
    std::int64_t block_bytes = 0;
  };
  std::vector<Share> shares;
  std::int64_t block_size = 16;
  std::int64_t state_bytes = 0;
  std::int64_t pool_bytes = 0;
  int data_ranks = 1;  ///< that the pool is made of

  std::int64_t bytes_of(std::int64_t context) const;
  /// Of one block of every share.
  std::int64_t block_bytes() const;
  /// The most that one more token of a sequence takes.
  std::int64_t token_bytes_max() const;
  /// Blocks that hold so many keys. Asked for at every turn, so by the short division where it will do.
  std::int64_t blocks(std::int64_t keys) const {
    const auto rounded = static_cast<std::uint64_t>(keys + block_size - 1),
               size = static_cast<std::uint64_t>(block_size);
    if ((rounded | size) >> 32 == 0) return static_cast<std::uint32_t>(rounded) / static_cast<std::uint32_t>(size);
    return static_cast<std::int64_t>(rounded / size);
  }
  /// Longest sequence that fits alone on a rank, up to `limit`.
  std::int64_t longest(std::int64_t limit) const;
};

/// Where the memory of one rank goes, on the rank that has least left for the cache.
struct MemoryPlan {
  double capacity_bytes = 0.0;
  double usable_bytes = 0.0;  ///< capacity x gpu_memory_utilization - reserve
  double weight_bytes = 0.0;
  double cache_pool_bytes = 0.0;
};

struct Deployment {
  std::string name;
  std::shared_ptr<const model::Model> model;
  accelerator::Machine machine;
  model::Precision precision;
  model::Parallelism parallelism;
  EngineSettings engine;
  std::shared_ptr<const KernelProfile> profile;     ///< measured times in place of the machine's; null: none
  std::vector<CacheTierSettings> cache_tiers = {};  ///< below the accelerators' memory, in order
};

/// A deployment made ready to simulate. Thread rule: immutable; many simulations may share one.
struct CompiledDeployment {
  Deployment deployment;
  accelerator::StepCost cost;
  CachePlan cache;
  MemoryPlan memory;
  std::int64_t max_model_len = 0;  ///< resolved
  std::vector<CacheTierPlan> cache_tiers = {};

  /// Of the times of its steps.
  Evidence evidence() const { return deployment.profile ? Evidence::measured : cost.evidence(); }
};

/// The times of its steps, for one thread; `deployment` must outlive it.
std::unique_ptr<accelerator::StepTimer> make_timer(const CompiledDeployment& deployment);

/// Fault::unmet if the weights leave no memory for the cache, if there are tiers for prefixes that are not kept, or for
/// why accelerator::compile refuses.
[[nodiscard]] Result<CompiledDeployment> compile(const Deployment& deployment);

}  // namespace plumb::serving
