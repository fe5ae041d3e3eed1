#pragma once
// A simulation's outcome in the measures of `vllm bench serve`, by the definitions of vllm/benchmarks/serve.py:
//
//   TTFT   first token - arrival                 of completed requests
//   TPOT   (last token - first token) / (output tokens - 1), of completed requests with two output tokens or more
//   ITL    one gap between two tokens of a request
//   E2EL   last token - arrival
//   throughput = what was completed / duration; duration runs from the first arrival to the last token
//   goodput    = completed requests within every limit of the targets / duration
//   deviations are of the population and percentiles are interpolated linearly, as numpy's are, up to a million
//   requests; beyond, they come from a sketch, as ITL's always do, and are within its relative error
//
// Requests are measured as they come, in order of arrival, so that memory does not grow with their number.

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "base/percentile_stream.h"
#include "serving/simulation.h"
#include "serving/targets.h"

namespace plumb::cli {

/// Milliseconds, as every field of that name is.
struct LatencyFigures {
  double mean_ms = 0.0, median_ms = 0.0, std_ms = 0.0;
  std::vector<std::pair<double, double>> percentiles_ms;  ///< percent and value, in the order asked for
  double relative_error = 0.0;                            ///< of the percentiles and the median; 0 is exact
};

struct Benchmark {
  std::int64_t completed = 0, failed = 0;
  std::int64_t input_tokens = 0, output_tokens = 0;  ///< of completed requests
  double duration_s = 0.0;
  double request_throughput = 0.0, output_throughput = 0.0, total_token_throughput = 0.0;
  std::optional<double> request_goodput;  ///< nothing without targets
  double output_tokens_per_s_max = 0.0;
  std::int64_t concurrent_requests_max = 0;
  LatencyFigures ttft, tpot, itl, e2el;
};

/// Most requests that were there at once, from arrival to last token; one that ends when another arrives is gone.
class ConcurrencyMeter {
 public:
  /// The next request, by arrival.
  void add(double arrival_s, double finish_s);
  std::int64_t most() const { return most_; }

 private:
  std::priority_queue<double, std::vector<double>, std::greater<>> finishes_s_;
  std::int64_t most_ = 0;
};

/// Thread rule: one thread.
class BenchmarkMeter {
 public:
  /// Percentiles are exact up to `exact_max` requests.
  explicit BenchmarkMeter(const serving::Targets& targets, std::size_t exact_max = PercentileStream::exact_max_default);

  /// The next request, by arrival, when it has ended.
  void add(const serving::RequestRecord& record);
  /// Of all that were added; gaps, tokens and duration are the outcome's. `percents` are 0 ... 100.
  Benchmark benchmark(const serving::Outcome& outcome, std::span<const double> percents);
  serving::TargetResults targets() { return targets_.results(); }
  std::int64_t completed() const { return completed_; }
  /// Arrivals after the first, over the time that they took; nothing where they took none.
  std::optional<double> arrival_rate() const;

 private:
  struct Latency {
    explicit Latency(std::size_t exact_max) : values_s(exact_max) {}
    void add(double value_s);
    LatencyFigures figures(std::span<const double> percents);
    Moments moments;
    PercentileStream values_s;
  };

  bool has_targets_;
  serving::TargetMeter targets_;
  Latency ttft_, tpot_, e2el_;
  ConcurrencyMeter concurrency_;
  std::int64_t requests_ = 0, completed_ = 0, input_tokens_ = 0, output_tokens_ = 0;
  double first_arrival_s_ = 0.0, last_arrival_s_ = 0.0;
};

LatencyFigures figures_of(const serving::GapTotals& gaps, std::span<const double> percents);

/// Of an outcome that kept its records.
Benchmark benchmark_of(const serving::Outcome& outcome, const serving::Targets& targets,
                       std::span<const double> percents);

}  // namespace plumb::cli
