#pragma once
// The two lines that attribution draws: error of TTFT over simulated prefill time, error of TPOT over the number of
// sequences that decode. See comparison_causes.h.

#include <span>
#include <vector>

#include "base/robust_line.h"
#include "cli/comparison_causes.h"

namespace plumb::cli {

/// A robust line whose slope counts only if it is told from noise: if over the middle 80 % of the x it makes more than
/// the points' median distance from it. Otherwise a constant, the median.
struct Trend {
  Line line;
  bool sloped = false;
  double x_low = 0.0, x_high = 0.0;  ///< 10th and 90th percentile
};
Trend trend_of(std::span<const double> x, std::span<const double> y);

/// How TTFT without queueing differs.
struct PrefillFit {
  Attribution::PrefillBy by = Attribution::PrefillBy::nothing;
  double excess = 0.0;      ///< relative to simulated prefill time
  double overhead_s = 0.0;  ///< constant
  std::int64_t points = 0;
};

/// Requests whose first token came sooner than their prompt could be computed, as the others' were.
std::vector<bool> cache_hits(std::span<const RequestPair> pairs);
/// For each request, those that had come before it and still had no token when it came, as measured.
std::vector<std::size_t> waiting_at_start(std::span<const RequestPair> pairs);
PrefillFit fit_prefill(std::span<const RequestPair> pairs, const std::vector<bool>& hits,
                       const std::vector<std::size_t>& waiting);

/// For each request, the mean number of sequences that decode while it does, itself included, on one side.
std::vector<double> sequences_decoding(std::span<const RequestPair> pairs, const RequestSide RequestPair::* side);

/// How TPOT differs.
struct DecodeFit {
  double excess = 0.0;           ///< relative, at `low` sequences
  double growth = 0.0;           ///< of it, for each sequence more
  double low = 0.0, high = 0.0;  ///< sequences on the server, 10th and 90th percentile
  bool company = false;          ///< it differs because another number of sequences decodes
};

/// Sequences that decode beside each request, on both sides; equal where starts were not measured.
struct Company {
  std::vector<double> measured, simulated;
};
Company company_of(std::span<const RequestPair> pairs, bool start_times);
DecodeFit fit_decode(std::span<const RequestPair> pairs, const Company& company);

/// Median over requests of TPOT measured / simulated - 1.
double tpot_excess(std::span<const RequestPair> pairs);

}  // namespace plumb::cli
