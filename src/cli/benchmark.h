#pragma once
// A simulation's outcome in the measures of `vllm bench serve`, by the definitions of vllm/benchmarks/serve.py:
//
//   TTFT   first token - arrival                 of completed requests
//   TPOT   (last token - first token) / (output tokens - 1), of completed requests with two output tokens or more
//   ITL    one gap between two tokens of a request
//   E2EL   last token - arrival
//   throughput = what was completed / duration; duration runs from the first arrival to the last token
//   goodput    = completed requests within every limit of the targets / duration
//   deviations are of the population and percentiles are interpolated linearly, as numpy's are; ITL's percentiles come
//   from a sketch and are within its relative error

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "serving/simulation.h"
#include "serving/targets.h"

namespace plumb::cli {

/// Milliseconds, as every field of that name is.
struct LatencyFigures {
  double mean_ms = 0.0, median_ms = 0.0, std_ms = 0.0;
  std::vector<std::pair<double, double>> percentiles_ms;  ///< percent and value, in the order asked for
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

/// `percents` are 0 ... 100.
Benchmark benchmark_of(const serving::Outcome& outcome, const serving::Targets& targets,
                       std::span<const double> percents);

/// Most requests that were there at once, from arrival to last token; one that ends when another arrives is gone.
std::int64_t concurrent_max(std::span<const serving::RequestRecord> records);

}  // namespace plumb::cli
