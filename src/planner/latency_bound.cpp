#include "planner/latency_bound.h"

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "model/model.h"

namespace plumb::planner {
namespace {

constexpr int samples = 200;

double alone_ttft_s(const serving::CompiledDeployment& deployment, std::int64_t prompt) {
  const std::int64_t chunk = deployment.deployment.engine.max_num_batched_tokens;
  double seconds = 0.0;
  for (std::int64_t done = 0; done < prompt; done += chunk) {
    const std::int64_t tokens = std::min(chunk, prompt - done);
    model::Step step;
    model::add_prefill(*deployment.deployment.model, step, tokens, done, done + tokens == prompt);
    seconds += deployment.cost.step_time_s(step);
  }
  return seconds;
}

/// Tokens that a step gives a sequence at most.
std::int64_t tokens_max(const serving::Deployment& deployment) {
  const auto& speculation = deployment.model->speculation;
  return speculation && deployment.engine.acceptance_rate > 0.0 ? 1 + speculation->tokens : 1;
}

double alone_tpot_s(const serving::CompiledDeployment& deployment, std::int64_t context) {
  model::Step step;
  model::add_decode(*deployment.deployment.model, step, context);
  return deployment.cost.step_time_s(step) / static_cast<double>(tokens_max(deployment.deployment));
}

/// The value that `percent` of the samples do not exceed, taken a twentieth of the ranks low so that a sample's chance
/// cannot make the bound too strict.
double low_percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::ptrdiff_t>(percent / 100.0 * static_cast<double>(values.size())) - samples / 20;
  return values[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(rank, 0, samples - 1))];
}

std::optional<Shortfall> broken(std::string_view name, const std::optional<serving::Target>& target,
                                const std::vector<double>& values) {
  if (!target) return std::nullopt;
  const double reached = low_percentile(values, target->percentile);
  if (reached <= target->limit_s) return std::nullopt;
  return Shortfall{"", std::string(name), target->limit_s, reached, true};
}

}  // namespace

std::optional<Shortfall> broken_by_bound(const Service& service, const serving::CompiledDeployment& deployment) {
  Stream stream(service.seed, "latency bound");
  std::vector<double> ttft, tpot, e2e;
  for (int i = 0; i < samples; ++i) {
    const workload::Lengths lengths = service.lengths->sample(stream);
    ttft.push_back(alone_ttft_s(deployment, lengths.prompt_tokens));
    tpot.push_back(lengths.output_tokens > 1 ? alone_tpot_s(deployment, lengths.prompt_tokens) : 0.0);
    e2e.push_back(ttft.back() + tpot.back() * static_cast<double>(lengths.output_tokens - 1));
  }
  if (auto shortfall = broken("TPOT", service.targets.tpot, tpot)) return shortfall;
  if (auto shortfall = broken("TTFT", service.targets.ttft, ttft)) return shortfall;
  return broken("E2E", service.targets.e2e, e2e);
}

}  // namespace plumb::planner
