#include "cli/plan_words.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {
namespace {

using report::human;

std::string one_target(std::string_view name, const serving::Target& target) {
  return fmt::format("{} P{:g} \u2264 {}", name, target.percentile, human(Seconds::of(target.limit_s)));
}

}  // namespace

std::string target_words(const serving::Targets& targets) {
  std::vector<std::string> words;
  if (targets.ttft) words.push_back(one_target("TTFT", *targets.ttft));
  if (targets.tpot) words.push_back(one_target("TPOT", *targets.tpot));
  if (targets.e2e) words.push_back(one_target("E2E", *targets.e2e));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string layout_words(const planner::Candidate& candidate) {
  std::string words = fmt::format("TP{}", candidate.parallelism.tensor);
  if (candidate.parallelism.pipeline > 1) words += fmt::format(" PP{}", candidate.parallelism.pipeline);
  return words + fmt::format(", chunk {}", candidate.engine.max_num_batched_tokens);
}

std::string price_words(const economics::ChosenPrice& price) {
  if (price.basis == economics::Basis::rent)
    return fmt::format("rent {} ({})", report::per_hour(price.rent), price.date);
  return fmt::format("purchase {} ({})", human(price.purchase), price.date);
}

std::string rank_words(const planner::Choice& choice) {
  return choice.tie ? fmt::format("{} tie", choice.rank) : fmt::format("{}", choice.rank);
}

std::string replica_words(std::int64_t replicas) {
  return report::count(replicas) + (replicas == 1 ? " replica" : " replicas");
}

std::string demand_words(const planner::Service& service, const planner::Plan& plan) {
  std::string words;
  if (service.demand.monthly_users > 0.0) words = report::count(service.demand.monthly_users) + " monthly users, ";
  words += fmt::format("{} requests/s at the peak of the day ({} on average)",
                       report::significant(plan.requests_per_s_peak), report::significant(plan.requests_per_s_mean));
  if (plan.output_tokens_mean > 0.0) {
    words += fmt::format(", {} prompt and {} output tokens a request", report::count(plan.prompt_tokens_mean),
                         report::count(plan.output_tokens_mean));
  }
  return words;
}

std::string latency_words(const std::optional<serving::TargetResult>& result) {
  return result ? human(Seconds::of(result->measured_s)) : "n/a";
}

std::string in_memory_words(const accelerator::TimeShares& time) {
  if (time.placed.empty()) return {};
  constexpr double least = 0.005;
  std::vector<std::string> words;
  for (const accelerator::PlacedShare& placed : time.placed) {
    if (placed.in_memory < least) continue;
    words.push_back(placed.in_memory > 1.0 - least
                        ? placed.name
                        : fmt::format("{} ({:.0f} %)", placed.name, placed.in_memory * 100.0));
  }
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, "; "));
}

std::string discard_words(const planner::Plan& plan) {
  std::map<planner::Discard::Bound, int> counts;
  for (const planner::Discard& discard : plan.discards) ++counts[discard.bound];
  std::vector<std::string> words;
  for (const auto& [bound, count] : counts)
    words.push_back(fmt::format("{} discarded by {}", count, bound_name(bound)));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string first_reason(const planner::Plan& plan, std::string_view model) {
  for (const planner::Discard& discard : plan.discards) {
    if (discard.label.starts_with(model)) return fmt::format("{}: {}", discard.label, discard.reason);
  }
  return {};
}

std::string unplanned_words(const planner::Service& service, const planner::Plan& plan) {
  std::string words;
  for (const planner::ModelChoice& model : service.models) {
    const bool planned = std::any_of(plan.choices.begin(), plan.choices.end(), [&](const planner::Choice& choice) {
      return choice.candidate.model->name == model.name;
    });
    if (planned) continue;
    const std::string reason = first_reason(plan, model.name + " on ");
    words += fmt::format("No fleet for {}{}{}. ", model.name, reason.empty() ? "" : "; for one, ", reason);
  }
  if (!words.empty()) words.pop_back();
  return words;
}

std::string unmet_words(const planner::Plan& plan) {
  if (!plan.nearest) {
    return fmt::format("Nothing can serve this: of the deployments considered, {}. For one, {}.", discard_words(plan),
                       first_reason(plan, ""));
  }
  const planner::Shortfall& nearest = *plan.nearest;
  if (nearest.target == "memory") {
    return fmt::format(
        "Nothing can serve this: the weights fit nowhere. Nearest is {}: {} of weights a rank in {} of memory.",
        nearest.label, human(Bytes::of(nearest.reached)), human(Bytes::of(nearest.limit)));
  }
  return fmt::format("Nothing meets the targets. Nearest is {}: {} is {} {}, the target is {}.", nearest.label,
                     nearest.target, nearest.bounded ? "at least" : "at best", human(Seconds::of(nearest.reached)),
                     human(Seconds::of(nearest.limit)));
}

}  // namespace plumb::cli
