#include "cli/cache_tier_report.h"

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {
namespace {

using serving::CacheTierCounts;
using serving::CacheTierPlan;
using serving::TransferLink;

double mean_queue_ms(const TransferLink::Counts& link) {
  return link.transfers > 0 ? link.queued.seconds() * 1e3 / static_cast<double>(link.transfers) : 0.0;
}

void write_tier(report::JsonWriter& json, const CacheTierPlan& plan, const CacheTierCounts& counts) {
  json.begin_object();
  json.member("name", plan.name);
  json.member("kind", plan.kind);
  json.member("capacity_gb", static_cast<double>(plan.capacity_bytes) / 1e9);
  json.member("read_gb_per_s", plan.read_bytes_per_s / 1e9);
  json.member("write_gb_per_s", plan.write_bytes_per_s / 1e9);
  json.member("latency_ms", plan.latency_s * 1e3);
  json.member("assumed", plan.assumed);
  json.member("tokens_loaded", counts.tokens_loaded);
  json.member("reads", counts.reads.transfers);
  json.member("bytes_read", counts.reads.bytes);
  json.member("mean_read_queue_ms", mean_queue_ms(counts.reads));
  json.member("read_busy_s", counts.reads.busy.seconds());
  json.member("writes", counts.writes.transfers);
  json.member("writes_refused", counts.writes.refused);
  json.member("bytes_written", counts.writes.bytes);
  json.member("mean_write_queue_ms", mean_queue_ms(counts.writes));
  json.member("write_busy_s", counts.writes.busy.seconds());
  json.member("bytes_held", counts.bytes_held);
  json.member("bytes_held_peak", counts.bytes_held_peak);
  json.member("bytes_evicted", counts.bytes_evicted);
  json.member("bytes_cut", counts.bytes_cut);
  json.end_object();
}

std::string link_words(const TransferLink::Counts& link) {
  return fmt::format("{}, queued {}", report::human(Bytes::of(static_cast<double>(link.bytes))),
                     report::human(Seconds::of(mean_queue_ms(link) / 1e3)));
}

}  // namespace

void write_cache_tiers(report::JsonWriter& json, const Subject& subject, const serving::EngineCounters& counters) {
  const std::vector<CacheTierPlan>& plans = subject.deployment->cache_tiers;
  if (plans.empty()) return;
  json.member("external_prefix_cache_queries", counters.prefix.external_queried);
  json.member("external_prefix_cache_hits", counters.prefix.external_hit);
  json.begin_array("cache_tiers");
  for (std::size_t i = 0; i < plans.size() && i < counters.cache_tiers.size(); ++i) {
    write_tier(json, plans[i], counters.cache_tiers[i]);
  }
  json.end_array();
}

std::vector<std::pair<std::string, std::string>> cache_tier_lines(const Subject& subject,
                                                                  const serving::EngineCounters& counters) {
  const std::vector<CacheTierPlan>& plans = subject.deployment->cache_tiers;
  std::vector<std::pair<std::string, std::string>> lines;
  if (plans.empty()) return lines;
  const auto& prefix = counters.prefix;
  const double loaded =
      prefix.queried > 0 ? 100.0 * static_cast<double>(prefix.external_hit) / static_cast<double>(prefix.queried) : 0.0;
  lines.emplace_back("Loaded from tiers (% of prompt tokens):", fmt::format("{:.2f}", loaded));
  for (std::size_t i = 0; i < plans.size() && i < counters.cache_tiers.size(); ++i) {
    const CacheTierCounts& counts = counters.cache_tiers[i];
    lines.emplace_back(fmt::format("Tier {}, peak of a replica:", plans[i].name),
                       fmt::format("{} of {}", report::human(Bytes::of(static_cast<double>(counts.bytes_held_peak))),
                                   report::human(Bytes::of(static_cast<double>(plans[i].capacity_bytes)))));
    lines.emplace_back(fmt::format("Tier {}, read:", plans[i].name), link_words(counts.reads));
    lines.emplace_back(fmt::format("Tier {}, written:", plans[i].name), link_words(counts.writes));
  }
  return lines;
}

}  // namespace plumb::cli
