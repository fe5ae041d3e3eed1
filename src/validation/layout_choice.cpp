#include "validation/layout_choice.h"

#include <algorithm>

#include <fmt/format.h>

#include "validation/plan_keys.h"
#include "validation/run_simulation.h"

namespace plumb::validation {
namespace {

/// Output tokens a second of one device, or nothing where the layout cannot be run.
std::optional<double> tokens_per_device(serving::Deployment deployment, const model::Parallelism& split,
                                        const LoadPlan& load) {
  if (cannot_split(*deployment.model, split)) return std::nullopt;
  deployment.parallelism = split;
  deployment.engine.max_num_seqs *= split.data;
  deployment.engine.max_num_batched_tokens *= split.data;
  const Result<serving::CompiledDeployment> compiled = serving::compile(deployment);
  if (!compiled) return std::nullopt;
  const Result<SimulatedRun> run = simulate(*compiled, load);
  if (!run || run->completed == 0 || run->refused > 0) return std::nullopt;
  return run->output_tokens / run->duration_s / split.ranks();
}

std::vector<model::Parallelism> candidates(const serving::Deployment& deployment, std::int64_t devices) {
  std::vector<model::Parallelism> splits;
  const bool shares_by_sequence = has_latent_experts(*deployment.model);
  const std::int64_t most = std::min<std::int64_t>(devices, std::max(deployment.machine.domain_ranks, 1));
  for (int ranks = 1; ranks <= most; ranks *= 2) {
    if (devices % ranks != 0) continue;
    splits.push_back({.tensor = ranks});
    if (shares_by_sequence && ranks > 1) splits.push_back({.expert = true, .data = ranks});
  }
  return splits;
}

}  // namespace

bool has_latent_experts(const model::Model& model) {
  return std::any_of(model.layers.begin(), model.layers.end(), [](const model::Layer& layer) {
    return layer.mixer.kind == model::Mixer::Kind::latent &&
           layer.feed_forward.kind == model::FeedForward::Kind::experts;
  });
}

std::optional<Layout> LayoutChooser::choose(const serving::Deployment& deployment, const LoadPlan& load,
                                            std::int64_t devices, const std::string& key) {
  LoadPlan offline = load;
  constexpr std::int64_t requests = 600;
  offline.scenario = Scenario::offline;
  offline.requests = requests;
  offline.concurrency = 0;
  offline.rate_per_s = 0.0;
  const std::string question = fmt::format("{}{}{}", key, devices, load_key(offline));
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(question); found != known_.end()) return found->second;
  }
  std::optional<Layout> best;
  double most = 0.0;
  for (const model::Parallelism& split : candidates(deployment, devices)) {
    const std::optional<double> tokens = tokens_per_device(deployment, split, offline);
    if (!tokens || *tokens <= most) continue;
    most = *tokens;
    best = Layout{split, static_cast<int>(devices / split.ranks()), true};
  }
  const std::lock_guard lock(mutex_);
  return known_.emplace(question, best).first->second;
}

}  // namespace plumb::validation
