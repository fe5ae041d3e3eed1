#include "serving/targets.h"

#include <algorithm>
#include <cmath>

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

TargetMeter::TargetMeter(const Targets& targets, std::size_t exact_max) : targets_(targets) {
  const PercentileStream none(exact_max);
  if (targets.ttft) ttft_ = Meter{"TTFT", *targets.ttft, &RequestRecord::ttft_s, none};
  if (targets.tpot) tpot_ = Meter{"TPOT", *targets.tpot, &RequestRecord::tpot_s, none};
  if (targets.e2e) e2e_ = Meter{"E2E", *targets.e2e, &RequestRecord::e2e_s, none};
}

void TargetMeter::Meter::add(const RequestRecord& record) {
  const double value_s = record.completed() ? (record.*latency_s)() : never_s;
  within += value_s <= target.limit_s ? 1 : 0;
  values.add(value_s);
}

/// Nearest rank: a target is met when that share of the requests met it, which interpolation between ranks would blur,
/// and late requests may be infinitely late. A sketched value is moved to the side of the limit that the count says.
TargetResult TargetMeter::Meter::result() {
  TargetResult result{name, target, values.at_nearest_rank(target.percentile), within};
  if (values.exact()) return result;
  const bool met = within >= nearest_rank(target.percentile, values.count());
  const double above_s = std::nextafter(target.limit_s, never_s);
  result.measured_s = met ? std::min(result.measured_s, target.limit_s) : std::max(result.measured_s, above_s);
  return result;
}

void TargetMeter::add(const RequestRecord& record) {
  for (auto* meter : {&ttft_, &tpot_, &e2e_}) {
    if (*meter) (*meter)->add(record);
  }
  within_all_ += plumb::serving::within(targets_, record) ? 1 : 0;
}

TargetResults TargetMeter::results() {
  TargetResults results;
  if (ttft_) results.ttft = ttft_->result();
  if (tpot_) results.tpot = tpot_->result();
  if (e2e_) results.e2e = e2e_->result();
  return results;
}

TargetResults measure(const Targets& targets, std::span<const RequestRecord> records) {
  TargetMeter meter(targets);
  for (const RequestRecord& record : records) meter.add(record);
  return meter.results();
}

}  // namespace plumb::serving
