#pragma once
// A metric by its name: which figure of a simulated run it is.
//
//   ttft_ms  tpot_ms  itl_ms  e2e_ms  batch_latency_ms     with _mean, _p50, _p90, _p99 ... or nothing, and _s or _us
//   too req_s  samples_s  output_tok_s  input_tok_s  total_tok_s  user_tok_s      with _gpu or _node or nothing
//
//   output_tok_s = output tokens / t     total_tok_s: prompts and outputs     req_s: requests
//       t = from the first arrival to the last token. Of a prompt evaluation input_tok_s = prompt tokens / t to the
//       first token
//   user_tok_s = 1 / mean TPOT    batch_latency = t    tpot of a single batch: (t - TTFT) / (outputs - 1)
// A statistic that is not told is the mean, of a static batch that is that of all its requests.

#include <optional>
#include <string>
#include <string_view>

#include "validation/run_plan.h"
#include "validation/run_simulation.h"

namespace plumb::validation {

enum class Quantity {
  ttft,
  tpot,
  itl,
  e2e,
  batch_latency,
  requests,
  output_tokens,
  input_tokens,
  total_tokens,
  user_tokens
};

/// Metric families, the second half of a cell's kind.
enum class Family { throughput, ttft, tpot, latency };
std::string_view family_name(Family family);

struct Metric {
  Quantity quantity = Quantity::ttft;
  std::optional<double> percentile;  ///< absent: mean
  double unit_s = 1e-3;              ///< of a latency
  bool per_device = false, per_node = false;
  Family family() const;
};

/// Nothing for a metric that is no latency and no throughput of serving.
std::optional<Metric> metric_of(std::string_view name);

/// The simulated value, in the metric's own unit; nothing where the run has none, such as the TPOT of single tokens.
std::optional<double> value_of(const Metric& metric, const RunPlan& plan, const SimulatedRun& run);

}  // namespace plumb::validation
