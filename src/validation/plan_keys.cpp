#include "validation/plan_keys.h"

#include <fmt/format.h>

#include "validation/run_plan.h"

namespace plumb::validation {
namespace {

std::string length_key(const LengthWords& lengths) {
  return fmt::format("{},{:.17g},{:.17g},{:.17g},{:.17g}", static_cast<int>(lengths.shape), lengths.mean, lengths.low,
                     lengths.high, lengths.variation);
}

}  // namespace

std::string deployment_key(const serving::Deployment& deployment, const std::string& model_key) {
  const model::Quantisation& stored = deployment.model->quantisation;
  const model::Parallelism& split = deployment.parallelism;
  const serving::EngineSettings& engine = deployment.engine;
  return fmt::format(
      "{}|{},{},{},{:.17g},{},{:.17g},{},{},{}|{}|{},{},{},{}|{},{},{},{},{},{},{:.17g},{},{},{},{},{:.17g}|",
      deployment.machine.name, model_key, deployment.model->name, static_cast<int>(stored.weights), stored.weight_bits,
      static_cast<int>(stored.experts), stored.expert_bits, static_cast<int>(stored.rest), stored.activations_too,
      stored.attention_excluded, static_cast<int>(cache_format(*deployment.model, deployment.precision)), split.tensor,
      split.pipeline, split.data, split.expert, engine.scheduler, engine.max_num_seqs, engine.max_num_batched_tokens,
      engine.max_model_len, engine.block_size, engine.num_gpu_blocks_override, engine.gpu_memory_utilization,
      engine.enable_chunked_prefill, engine.enable_prefix_caching, engine.enforce_eager, engine.max_prefill_tokens,
      engine.schedule_conservativeness);
}

std::string load_key(const LoadPlan& load) {
  return fmt::format("{}|{}|{}|{},{},{:.17g},{},{}", static_cast<int>(load.scenario), length_key(load.prompts),
                     length_key(load.outputs), load.requests, load.concurrency, load.rate_per_s, load.constant_rate,
                     load.shared_prefix_tokens);
}

}  // namespace plumb::validation
