#pragma once
// Deployments and loads for tests of what serves them.

#include <memory>
#include <utility>
#include <vector>

#include "model/known_models.h"
#include "serving/deployment.h"
#include "serving/simulation.h"
#include "support/machines.h"
#include "workload/arrivals.h"

namespace plumb::test {

inline serving::Deployment deployment(model::Model model, serving::EngineSettings engine = {},
                                      model::Parallelism parallelism = {}) {
  serving::Deployment deployment;
  deployment.name = "test";
  deployment.model = std::make_shared<const model::Model>(std::move(model));
  deployment.machine = machine(lossy_class());
  deployment.parallelism = parallelism;
  deployment.engine = std::move(engine);
  return deployment;
}

/// Llama-3-8B on the test machine, with a cache of `cache_tokens` tokens.
inline serving::CompiledDeployment llama_with_cache(std::int64_t cache_tokens, serving::EngineSettings engine = {},
                                                    model::Parallelism parallelism = {}) {
  auto compiled = serving::compile(deployment(model::test::llama_3_8b(), std::move(engine), parallelism));
  if (!compiled) std::abort();
  compiled->cache.pool_bytes = compiled->cache.bytes_of(cache_tokens);
  compiled->max_model_len = std::min(compiled->max_model_len, compiled->cache.longest(compiled->max_model_len));
  return std::move(*compiled);
}

inline workload::Request request(std::int64_t id, double arrival_s, std::int64_t prompt, std::int64_t output) {
  workload::Request request;
  request.id = id;
  request.arrival_s = arrival_s;
  request.prompt_tokens = prompt;
  request.output_tokens = output;
  return request;
}

inline serving::Outcome simulate(const serving::CompiledDeployment& deployment, std::vector<workload::Request> requests,
                                 const serving::SimulationOptions& options = {}) {
  const workload::RequestSourcePtr source = workload::fixed_requests(std::move(requests));
  auto outcome = serving::simulate(deployment, *source, options);
  if (!outcome) std::abort();
  return std::move(*outcome);
}

}  // namespace plumb::test
