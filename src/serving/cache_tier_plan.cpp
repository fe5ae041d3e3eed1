#include "serving/cache_tier_plan.h"

#include <algorithm>

namespace plumb::serving {
namespace {

struct KindFigures {
  double read_bytes_per_s, write_bytes_per_s, latency_s;
};

/// Of one accelerator, by CacheTierKind.
constexpr std::array<KindFigures, cache_tier_kind_names.size()> kinds{{
    {0.76 * 64e9, 0.76 * 64e9, 10e-6},
    {0.76 * 32e9, 0.76 * 32e9, 10e-6},
    {7e9, 5e9, 100e-6},
}};

}  // namespace

CacheTierPlan resolve(const CacheTierSettings& settings, const model::Parallelism& parallelism,
                      std::int64_t block_bytes) {
  const KindFigures& kind = kinds[static_cast<std::size_t>(settings.kind)];
  const double accelerators = parallelism.ranks();
  constexpr double bytes_max = 4e18;  // sums of bytes are kept in 64 bits
  CacheTierPlan plan;
  plan.name = settings.name;
  plan.kind = settings.kind;
  plan.capacity_bytes = static_cast<std::int64_t>(std::min(settings.capacity_bytes, bytes_max));
  plan.read_bytes_per_s = settings.read_bytes_per_s.value_or(kind.read_bytes_per_s * accelerators);
  plan.write_bytes_per_s = settings.write_bytes_per_s.value_or(kind.write_bytes_per_s * accelerators);
  plan.latency_s = settings.latency_s.value_or(kind.latency_s);
  plan.queue_depth = std::max<std::int64_t>(1, settings.queue_depth);
  plan.load_threshold = settings.load_threshold;
  plan.block_bytes = block_bytes;
  plan.assumed = !settings.read_bytes_per_s || !settings.write_bytes_per_s || !settings.latency_s;
  return plan;
}

}  // namespace plumb::serving
