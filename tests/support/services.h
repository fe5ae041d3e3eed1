#pragma once
// A small service, cheap enough to plan many times, and its plan.

#include <cstdlib>
#include <memory>
#include <utility>

#include "model/known_models.h"
#include "planner/plan.h"

namespace plumb::test {

inline const catalog::Catalog& builtin_catalog() {
  static const catalog::Catalog catalog = [] {
    auto read = catalog::Catalog::builtin();
    if (!read) std::abort();
    return std::move(*read);
  }();
  return catalog;
}

/// Llama-3-8B for ten thousand users, on H100 or L4.
inline planner::Service small_service() {
  planner::Service service;
  service.name = "small";
  service.title = "A small service";
  service.path = "small.toml";
  service.demand.monthly_users = 10000.0;
  service.demand.requests_per_s_mean = 20.0;
  service.demand.curve = workload::DayCurve({1.0, 2.0, 3.0, 2.0});
  service.lengths = workload::lengths_of_pairs({{300, 40}, {700, 20}, {1500, 60}, {90, 10}}, "four pairs");
  service.targets.ttft = serving::Target{1.0, 90.0};
  service.targets.tpot = serving::Target{0.06, 90.0};
  service.models = {{"8B", std::make_shared<const model::Model>(model::test::llama_3_8b()), {}}};
  service.search.accelerators = {"h100-sxm", "l4"};
  service.search.tensor_parallel_sizes = {1, 2};
  service.search.pipeline_parallel_sizes = {1};
  service.search.max_num_seqs = {32};
  service.search.max_num_batched_tokens = {2048};
  service.revenue.subscription = 10.0 * dollar / month;
  service.revenue.paying_share = 0.5;
  return service;
}

/// The same with a target that no machine meets.
inline planner::Service service_that_nothing_meets() {
  planner::Service service = small_service();
  service.targets.tpot = serving::Target{1e-4, 90.0};
  return service;
}

/// The same with a model too large for every accelerator that it may use.
inline planner::Service service_that_fits_nowhere() {
  planner::Service service = small_service();
  service.models = {{"70B", std::make_shared<const model::Model>(model::test::llama_3_70b()), {}}};
  service.search.accelerators = {"l4"};
  return service;
}

/// By load tests of few requests. The plan refers to `service`.
inline planner::Plan quick_plan(const planner::Service& service, int jobs = 1) {
  planner::PlanOptions options;
  options.jobs = jobs;
  options.requests = 250;
  auto plan = planner::make_plan(service, builtin_catalog(), options);
  if (!plan) std::abort();
  return std::move(*plan);
}

}  // namespace plumb::test
