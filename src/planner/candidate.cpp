#include "planner/candidate.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/random.h"
#include "planner/latency_bound.h"
#include "serving/scheduler.h"

namespace plumb::planner {
namespace {

/// Share of requests that may be too long for a deployment before it is no use to the service.
constexpr double too_long_share_max = 0.01;

class Enumeration {
 public:
  Enumeration(const Service& service, const catalog::Catalog& catalog) : service_(service), catalog_(catalog) {
    Stream stream(service.seed, "longest");
    constexpr int samples = 2000;
    for (int i = 0; i < samples; ++i) {
      const workload::Lengths lengths = service.lengths->sample(stream);
      contexts_.push_back(lengths.prompt_tokens + lengths.output_tokens);
    }
    std::sort(contexts_.begin(), contexts_.end());
  }

  Result<CandidateList> run() {
    for (const auto& [name, accelerator] : catalog_.accelerators()) {
      const auto& wanted = service_.search.accelerators;
      if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
      PLUMB_TRY(try_accelerator(accelerator));
    }
    return std::move(list_);
  }

 private:
  Status try_accelerator(const catalog::Accelerator& accelerator) {
    const Result<accelerator::Machine> machine = accelerator::resolve(catalog_, accelerator);
    if (!machine && machine.error().fault != Fault::unmet) return fail(machine.error());
    if (!machine) {
      discard(accelerator.name, Discard::Bound::figures, one_line(machine.error()));
      return {};
    }
    const auto cost = economics::accelerator_cost(service_.cost, accelerator, Watts::of(machine->power_w));
    if (!cost) {
      discard(accelerator.name, Discard::Bound::price,
              fmt::format("no price on this basis is known; state one in [price.{}]", accelerator.name));
      return {};
    }
    for (const ModelChoice& model : service_.models) {
      for (const model::Parallelism& parallelism : parallelisms_of(*model.model)) {
        Candidate candidate;
        candidate.model = &model;
        candidate.accelerator = &accelerator;
        candidate.cost = *cost;
        candidate.parallelism = parallelism;
        try_parallelism(*machine, candidate);
      }
    }
    return {};
  }

  std::vector<model::Parallelism> parallelisms_of(const model::Model& model) const {
    const SearchSpace& search = service_.search;
    const bool experts = has_experts(model);
    std::vector<model::Parallelism> all;
    for (const int pipeline : search.pipeline_parallel_sizes) {
      for (const int data : search.data_parallel_sizes) {
        for (const int tensor : search.tensor_parallel_sizes) {
          model::Parallelism parallelism;
          parallelism.tensor = tensor;
          parallelism.pipeline = pipeline;
          parallelism.data = data;
          parallelism.expert = experts && search.enable_expert_parallel;
          if (experts) parallelism.routing = search.routing;
          all.push_back(std::move(parallelism));
        }
      }
    }
    return all;
  }

  static bool has_experts(const model::Model& model) {
    return std::any_of(model.layers.begin(), model.layers.end(), [](const model::Layer& layer) {
      return layer.feed_forward.kind == model::FeedForward::Kind::experts;
    });
  }

  void try_parallelism(const accelerator::Machine& machine, const Candidate& base) {
    // Memory and cuts do not depend on the engine's limits: refuse once for all of them.
    bool refused = false;
    for (const std::int64_t sequences : service_.search.max_num_seqs) {
      for (const std::int64_t tokens : service_.search.max_num_batched_tokens) {
        if (refused) return;
        Candidate candidate = base;
        candidate.engine = service_.search.engine;
        candidate.engine.max_num_seqs = sequences;
        candidate.engine.max_num_batched_tokens = tokens;
        if (serving::make_scheduler(candidate.engine.scheduler)->refusal(candidate.engine)) continue;
        candidate.label = label_of(candidate);
        refused = !try_candidate(machine, std::move(candidate));
      }
    }
  }

  /// False if no other engine limits could help.
  bool try_candidate(const accelerator::Machine& machine, Candidate candidate) {
    const serving::Deployment deployment{
        candidate.label,       candidate.model->model, machine, candidate.model->precision,
        candidate.parallelism, candidate.engine,       nullptr};
    Result<serving::CompiledDeployment> compiled = serving::compile(deployment);
    const std::string label = short_label(candidate);
    if (!compiled) {
      discard_unfit(machine, candidate, compiled.error().message);
      return false;
    }
    const double too_long = share_longer_than(compiled->max_model_len);
    if (too_long > too_long_share_max) {
      discard(
          label, Discard::Bound::length,
          fmt::format("{:.1f} % of requests are longer than the {} tokens it admits ({:.1f} GB a rank for the cache)",
                      too_long * 100.0, compiled->max_model_len, compiled->memory.cache_pool_bytes / 1e9));
      return false;
    }
    candidate.deployment = std::make_shared<const serving::CompiledDeployment>(std::move(*compiled));
    if (auto shortfall = broken_by_bound(service_, *candidate.deployment)) {
      shortfall->label = candidate.label;
      discard(candidate.label, Discard::Bound::latency,
              fmt::format("{} of a request alone is at least {:.4g} ms, the target is {:.4g} ms", shortfall->target,
                          shortfall->reached * 1e3, shortfall->limit * 1e3));
      list_.shortfalls.push_back(std::move(*shortfall));
      return true;
    }
    list_.candidates.push_back(std::move(candidate));
    return true;
  }

  /// One that does not compile: the model cannot be cut that way, or else its weights leave no room for the cache.
  void discard_unfit(const accelerator::Machine& machine, const Candidate& candidate, std::string reason) {
    const model::Model& model = *candidate.model->model;
    const model::Precision& precision = candidate.model->precision;
    const std::string label = short_label(candidate);
    if (!accelerator::compile(machine, model, precision, candidate.parallelism)) {
      discard(label, Discard::Bound::cut, std::move(reason));
      return;
    }
    double weights = 0.0;
    for (int stage = 0; stage < candidate.parallelism.pipeline; ++stage) {
      weights = std::max(weights, weight_bytes(model, precision, candidate.parallelism, stage).value());
    }
    const double usable = std::max(0.0, machine.memory_bytes * (candidate.engine.gpu_memory_utilization -
                                                                machine.efficiency.memory_reserve.value));
    discard(label, Discard::Bound::memory, std::move(reason));
    // Weights that fit leave too little for a single block of the cache: that is the settings' doing, not the memory's.
    if (weights > usable) list_.shortfalls.push_back({label, "memory", usable, weights, true});
  }

  double share_longer_than(std::int64_t tokens) const {
    const auto first = std::upper_bound(contexts_.begin(), contexts_.end(), tokens);
    return static_cast<double>(contexts_.end() - first) / static_cast<double>(contexts_.size());
  }

  static std::string short_label(const Candidate& candidate) {
    std::string label = fmt::format("{} on {}", candidate.model->name, candidate.accelerator->name);
    if (candidate.parallelism.tensor > 1 || candidate.parallelism.pipeline == 1) {
      label += fmt::format(" TP{}", candidate.parallelism.tensor);
    }
    if (candidate.parallelism.pipeline > 1) label += fmt::format(" PP{}", candidate.parallelism.pipeline);
    if (candidate.parallelism.data > 1) label += fmt::format(" DP{}", candidate.parallelism.data);
    if (candidate.parallelism.expert) label += " EP";
    return label;
  }

  std::string label_of(const Candidate& candidate) const {
    std::string label = short_label(candidate);
    if (service_.search.max_num_seqs.size() > 1) label += fmt::format(" seqs {}", candidate.engine.max_num_seqs);
    if (service_.search.max_num_batched_tokens.size() > 1) {
      label += fmt::format(" chunk {}", candidate.engine.max_num_batched_tokens);
    }
    return label;
  }

  void discard(std::string label, Discard::Bound bound, std::string reason) {
    list_.discards.push_back({std::move(label), bound, std::move(reason)});
  }

  const Service& service_;
  const catalog::Catalog& catalog_;
  std::vector<std::int64_t> contexts_;  ///< sampled prompt + output, ascending
  CandidateList list_;
};

}  // namespace

std::string_view bound_name(Discard::Bound bound) {
  switch (bound) {
    case Discard::Bound::figures: return "unknown figures";
    case Discard::Bound::price: return "unknown price";
    case Discard::Bound::cut: return "parallelism";
    case Discard::Bound::memory: return "memory";
    case Discard::Bound::length: return "context length";
    case Discard::Bound::latency: return "latency bound";
    case Discard::Bound::targets: return "targets";
    case Discard::Bound::cost: return "cost bound";
  }
  return "bound";
}

Result<CandidateList> enumerate(const Service& service, const catalog::Catalog& catalog) {
  return Enumeration(service, catalog).run();
}

}  // namespace plumb::planner
