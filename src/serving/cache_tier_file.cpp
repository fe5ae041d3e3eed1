#include "serving/cache_tier_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/quantity.h"

namespace plumb::serving {
namespace {

template <class Q>
std::optional<double> value_if(Reader& table, std::string_view key, Range range) {
  const std::optional<Q> quantity = table.quantity_if<Q>(key, range);
  return quantity ? std::optional(quantity->value()) : std::nullopt;
}

CacheTierSettings read_cache_tier(Reader& table) {
  constexpr Range capacities{0.0, 1e18}, bandwidths{0.0, 1e18, true}, latencies{0.0, 3600.0}, depths{1.0, 1e9},
      tokens{1.0, 1e8};
  CacheTierSettings tier;
  tier.kind = static_cast<CacheTierKind>(table.choice("kind", cache_tier_kind_names, 0));
  tier.name = table.text_if("name").value_or(std::string(cache_tier_kind_names[static_cast<std::size_t>(tier.kind)]));
  tier.capacity_bytes = table.quantity<Bytes>("capacity", capacities).value();
  tier.read_bytes_per_s = value_if<BytesPerSecond>(table, "read_bandwidth", bandwidths);
  tier.write_bytes_per_s = value_if<BytesPerSecond>(table, "write_bandwidth", bandwidths);
  tier.latency_s = value_if<Seconds>(table, "latency", latencies);
  tier.queue_depth = table.integer_if("queue_depth", depths).value_or(tier.queue_depth);
  tier.load_threshold = table.integer_if("load_threshold", tokens).value_or(tier.load_threshold);
  return tier;
}

}  // namespace

std::vector<CacheTierSettings> read_cache_tiers(Reader& root) {
  std::vector<CacheTierSettings> tiers;
  for (Reader& table : root.tables("cache_tier")) {
    CacheTierSettings tier = read_cache_tier(table);
    const bool known = std::any_of(tiers.begin(), tiers.end(),
                                   [&](const CacheTierSettings& other) { return other.name == tier.name; });
    if (known) {
      table.reject(table.has("name") ? "name" : "kind", fmt::format("another cache tier is called {}", tier.name),
                   "a name of its own for each");
    }
    tiers.push_back(std::move(tier));
  }
  return tiers;
}

}  // namespace plumb::serving
