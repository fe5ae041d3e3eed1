#include "serving/targets.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace plumb::serving {
namespace {

std::optional<Target> read_target(Reader& table, std::string_view key) {
  constexpr Range percentiles{0.0, 100.0, true};
  if (!table.has(key)) return std::nullopt;
  Target target;
  if (table.kind(key) == NodeKind::table) {
    Reader inner = table.table(key);
    target.limit_s = inner.quantity<Seconds>("limit", positive).value();
    target.percentile = inner.number_if("percentile", percentiles).value_or(target.percentile);
  } else {
    target.limit_s = table.quantity<Seconds>(key, positive).value();
  }
  return target;
}

/// The smallest value that at least `percent` of the values do not exceed (nearest rank): a target is met when that
/// share of the requests met it, which interpolation between ranks would blur, and late requests may be infinitely
/// late.
double nearest_rank(std::vector<double> values, double percent) {
  if (values.empty()) return 0.0;
  const auto count = static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::clamp(std::ceil(percent / 100.0 * count), 1.0, count)) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

template <class Latency>
std::optional<TargetResult> measure_one(std::string_view name, const std::optional<Target>& target,
                                        std::span<const RequestRecord> records, Latency latency) {
  if (!target) return std::nullopt;
  std::vector<double> values;
  values.reserve(records.size());
  for (const RequestRecord& record : records) values.push_back(record.completed() ? latency(record) : never_s);
  return TargetResult{name, *target, nearest_rank(std::move(values), target->percentile)};
}

}  // namespace

Targets read_targets(Reader& table) {
  Targets targets;
  targets.ttft = read_target(table, "ttft");
  targets.tpot = read_target(table, "tpot");
  targets.e2e = read_target(table, "e2e");
  return targets;
}

bool within(const Targets& targets, const RequestRecord& record) {
  if (!record.completed() || record.e2e_s() > record.deadline_s) return false;
  if (targets.ttft && record.ttft_s() > targets.ttft->limit_s) return false;
  if (targets.tpot && record.tpot_s() > targets.tpot->limit_s) return false;
  return !targets.e2e || record.e2e_s() <= targets.e2e->limit_s;
}

bool TargetResults::met() const { return (!ttft || ttft->met()) && (!tpot || tpot->met()) && (!e2e || e2e->met()); }

const TargetResult* TargetResults::worst() const {
  const TargetResult* worst = nullptr;
  for (const auto* result : {&ttft, &tpot, &e2e}) {
    if (*result && (worst == nullptr || (*result)->ratio() > worst->ratio())) worst = &**result;
  }
  return worst;
}

TargetResults measure(const Targets& targets, std::span<const RequestRecord> records) {
  TargetResults results;
  results.ttft = measure_one("TTFT", targets.ttft, records, [](const RequestRecord& r) { return r.ttft_s(); });
  results.tpot = measure_one("TPOT", targets.tpot, records, [](const RequestRecord& r) { return r.tpot_s(); });
  results.e2e = measure_one("E2E", targets.e2e, records, [](const RequestRecord& r) { return r.e2e_s(); });
  return results;
}

}  // namespace plumb::serving
