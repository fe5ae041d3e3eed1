#include "validation/metric.h"

#include <array>

#include "base/statistics.h"
#include "validation/words.h"

namespace plumb::validation {
namespace {

struct Named {
  std::string_view name;
  Quantity quantity;
};
constexpr std::array latencies{
    Named{"batch_latency", Quantity::batch_latency},
    Named{"ttft", Quantity::ttft},
    Named{"tpot", Quantity::tpot},
    Named{"itl", Quantity::itl},
    Named{"e2e", Quantity::e2e},
};
constexpr std::array rates{
    Named{"req_s", Quantity::requests},
    Named{"samples_s", Quantity::requests},
    Named{"output_tok_s", Quantity::output_tokens},
    Named{"input_tok_s", Quantity::input_tokens},
    Named{"total_tok_s", Quantity::total_tokens},
    Named{"user_tok_s", Quantity::user_tokens},
};

/// "", "_mean", "_p99", "_median"; false for another statistic.
bool read_statistic(std::string_view text, std::optional<double>& percentile) {
  if (text.empty() || text == "_mean" || text == "_avg") return true;
  if (text == "_median") {
    percentile = 50.0;
    return true;
  }
  if (!text.starts_with("_p")) return false;
  percentile = first_number(text);
  return percentile && *percentile <= 100.0;
}

bool read_unit(std::string_view& text, double& unit_s) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  for (const Unit& unit : {Unit{"_ms", 1e-3}, Unit{"_us", 1e-6}, Unit{"_s", 1.0}}) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    unit_s = unit.seconds;
    return true;
  }
  return false;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

std::optional<double> statistic(const std::vector<double>& sorted, const std::optional<double>& percentile) {
  if (sorted.empty()) return std::nullopt;
  return percentile ? percentile_sorted(sorted, *percentile) : mean_of(sorted);
}

/// Of all engines.
std::optional<double> rate_of(const Metric& metric, const RunPlan& plan, const SimulatedRun& run) {
  if (run.completed == 0 || run.duration_s <= 0.0) return std::nullopt;
  const double engines = plan.replicas;
  switch (metric.quantity) {
    case Quantity::requests: return engines * static_cast<double>(run.completed) / run.duration_s;
    case Quantity::output_tokens: return engines * run.output_tokens / run.duration_s;
    case Quantity::total_tokens: return engines * (run.prompt_tokens + run.output_tokens) / run.duration_s;
    case Quantity::input_tokens: return engines * run.prompt_tokens / run.duration_s;
    case Quantity::user_tokens: {
      const double tpot_s = mean_of(run.tpot_s);
      return tpot_s > 0.0 ? std::optional(1.0 / tpot_s) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::string_view family_name(Family family) {
  switch (family) {
    case Family::throughput: return "throughput";
    case Family::ttft: return "TTFT";
    case Family::tpot: return "TPOT";
    case Family::latency: return "latency";
  }
  return "latency";
}

Family Metric::family() const {
  switch (quantity) {
    case Quantity::ttft: return Family::ttft;
    case Quantity::tpot:
    case Quantity::itl: return Family::tpot;
    case Quantity::e2e:
    case Quantity::batch_latency: return Family::latency;
    default: return Family::throughput;
  }
}

std::optional<Metric> metric_of(std::string_view name) {
  Metric metric;
  for (const Named& latency : latencies) {
    if (!name.starts_with(latency.name)) continue;
    metric.quantity = latency.quantity;
    std::string_view rest = name.substr(latency.name.size());
    if (!read_unit(rest, metric.unit_s) || !read_statistic(rest, metric.percentile)) return std::nullopt;
    return metric;
  }
  for (const Named& rate : rates) {
    if (!name.starts_with(rate.name)) continue;
    metric.quantity = rate.quantity;
    const std::string_view rest = name.substr(rate.name.size());
    metric.per_device = rest == "_gpu" || rest == "_device" || rest == "_chip";
    metric.per_node = rest == "_node";
    if (rest.empty() || metric.per_device) return metric;
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> value_of(const Metric& metric, const RunPlan& plan, const SimulatedRun& run) {
  const auto latency = [&](std::optional<double> seconds) -> std::optional<double> {
    if (!seconds || *seconds <= 0.0) return std::nullopt;
    return *seconds / metric.unit_s;
  };
  switch (metric.quantity) {
    case Quantity::ttft: return latency(statistic(run.ttft_s, metric.percentile));
    case Quantity::tpot: return latency(statistic(run.tpot_s, metric.percentile));
    case Quantity::itl: return metric.percentile ? std::nullopt : latency(run.itl_mean_s);
    case Quantity::e2e: return latency(statistic(run.e2e_s, metric.percentile));
    case Quantity::batch_latency: return latency(run.duration_s);
    default: break;
  }
  std::optional<double> rate = rate_of(metric, plan, run);
  if (rate && metric.per_device) *rate /= static_cast<double>(plan.devices);
  return rate;
}

}  // namespace plumb::validation
