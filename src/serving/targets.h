#pragma once
// What a service must feel like: latencies that a percentile of its requests must not exceed.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/percentile_stream.h"
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
  std::int64_t within = 0;  ///< requests within the limit
  double ratio() const { return measured_s / target.limit_s; }
  bool met() const { return measured_s <= target.limit_s; }
};

struct TargetResults {
  std::optional<TargetResult> ttft, tpot, e2e;
  bool met() const;
  /// The target that is furthest from being met, or closest to its limit if all are met; null without targets.
  const TargetResult* worst() const;
};

/// Measures the targets on requests as they come: exactly up to a million of them; beyond, what is measured comes from
/// a sketch, but whether a target is met stays exact. A request that was rejected or is not completed counts as
/// infinitely late.
class TargetMeter {
 public:
  explicit TargetMeter(const Targets& targets, std::size_t exact_max = PercentileStream::exact_max_default);
  void add(const RequestRecord& record);
  std::int64_t within_all() const { return within_all_; }  ///< requests within every limit
  TargetResults results();

 private:
  struct Meter {
    std::string_view name;
    Target target;
    double (RequestRecord::*latency_s)() const;
    PercentileStream values;
    std::int64_t within = 0;
    void add(const RequestRecord& record);
    TargetResult result();
  };

  Targets targets_;
  std::optional<Meter> ttft_, tpot_, e2e_;
  std::int64_t within_all_ = 0;
};

/// Measures the targets on `records`; a request that was rejected or is not completed counts as infinitely late.
TargetResults measure(const Targets& targets, std::span<const RequestRecord> records);

}  // namespace plumb::serving
