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

/// The kind that the table names: "dram" if none.
catalog::Tier read_kind(Reader& table, const catalog::Catalog& catalog) {
  std::vector<std::string_view> names;
  for (const auto& [name, tier] : catalog.tiers()) names.push_back(name);
  const auto usual = std::find(names.begin(), names.end(), "dram") - names.begin();
  return *catalog.tier(names[table.choice("kind", names, static_cast<std::size_t>(usual))]);
}

CacheTierSettings read_cache_tier(Reader& table, const catalog::Catalog& catalog) {
  constexpr Range capacities{0.0, 1e18}, bandwidths{0.0, 1e18, true}, latencies{0.0, 3600.0}, depths{1.0, 1e9},
      tokens{1.0, 1e8};
  CacheTierSettings tier;
  tier.kind = read_kind(table, catalog);
  tier.name = table.text_if("name").value_or(tier.kind.name);
  tier.capacity_bytes = table.quantity<Bytes>("capacity", capacities).value();
  tier.read_bytes_per_s = value_if<BytesPerSecond>(table, "read_bandwidth", bandwidths);
  tier.write_bytes_per_s = value_if<BytesPerSecond>(table, "write_bandwidth", bandwidths);
  tier.latency_s = value_if<Seconds>(table, "latency", latencies);
  tier.queue_depth = table.integer_if("queue_depth", depths).value_or(tier.queue_depth);
  tier.load_threshold = table.integer_if("load_threshold", tokens).value_or(tier.load_threshold);
  return tier;
}

}  // namespace

std::vector<CacheTierSettings> read_cache_tiers(Reader& root, const catalog::Catalog& catalog) {
  std::vector<CacheTierSettings> tiers;
  for (Reader& table : root.tables("cache_tier")) {
    CacheTierSettings tier = read_cache_tier(table, catalog);
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
