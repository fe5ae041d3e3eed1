#pragma once
// What a service must feel like: latencies that a percentile of its requests must not exceed.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/reader.h"
#include "serving/simulation.h"

namespace plumb::serving {

struct Target {
  double limit_s = 0.0;
  double percentile = 95.0;
};

struct Targets {
  std::optional<Target> ttft, tpot, e2e;
  bool any() const { return ttft || tpot || e2e; }
};

/// Reads [targets]: each of ttft, tpot, e2e as { limit = "500 ms", percentile = 95 }, or just "500 ms" (percentile 95).
[[nodiscard]] Targets read_targets(Reader& table);

/// True if the request was completed within every limit and its deadline. TPOT is not asked of a request with a single
/// token.
bool within(const Targets& targets, const RequestRecord& record);

/// One target measured on requests.
struct TargetResult {
  std::string_view name;  ///< "TTFT", "TPOT", "E2E"
  Target target;
  double measured_s = 0.0;  ///< at the target's percentile; never_s if requests that count were not completed
  double ratio() const { return measured_s / target.limit_s; }
  bool met() const { return measured_s <= target.limit_s; }
};

struct TargetResults {
  std::optional<TargetResult> ttft, tpot, e2e;
  bool met() const;
  /// The target that is furthest from being met, or closest to its limit if all are met; null without targets.
  const TargetResult* worst() const;
};

/// Measures the targets on `records`; a request that was rejected or is not completed counts as infinitely late.
TargetResults measure(const Targets& targets, std::span<const RequestRecord> records);

}  // namespace plumb::serving
