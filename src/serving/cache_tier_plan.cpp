#include "serving/cache_tier_plan.h"

#include <algorithm>

namespace plumb::serving {
namespace {

/// A figure as stated, or that of the kind for so many accelerators, which may be assumed.
template <class Q>
double figure_of(const std::optional<double>& stated, const catalog::Figure<Q>& of_kind, double accelerators,
                 bool& assumed) {
  if (stated) return *stated;
  assumed = assumed || of_kind.evidence == Evidence::assumed;
  return of_kind.value.value() * accelerators;
}

}  // namespace

CacheTierPlan resolve(const CacheTierSettings& settings, const model::Parallelism& parallelism,
                      std::int64_t block_bytes) {
  const catalog::Tier& kind = settings.kind;
  const double accelerators = parallelism.ranks();
  constexpr double bytes_max = 4e18;  // sums of bytes are kept in 64 bits
  CacheTierPlan plan;
  plan.name = settings.name;
  plan.kind = kind.name;
  plan.capacity_bytes = static_cast<std::int64_t>(std::min(settings.capacity_bytes, bytes_max));
  plan.read_bytes_per_s = figure_of(settings.read_bytes_per_s, kind.read_bandwidth, accelerators, plan.assumed);
  plan.write_bytes_per_s = figure_of(settings.write_bytes_per_s, kind.write_bandwidth, accelerators, plan.assumed);
  plan.latency_s = figure_of(settings.latency_s, kind.latency, 1.0, plan.assumed);
  plan.queue_depth = std::max<std::int64_t>(1, settings.queue_depth);
  plan.load_threshold = settings.load_threshold;
  plan.block_bytes = block_bytes;
  return plan;
}

}  // namespace plumb::serving
