#pragma once
// A measured run beside the simulation of its load: figures by percentile, requests one by one, and what accounts for
// the differences. docs/compare.md defines every figure and states the rule of attribution.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/benchmark.h"
#include "cli/comparison_causes.h"
#include "serving/simulation.h"
#include "workload/measured_load.h"
#include "workload/measured_run.h"

namespace plumb::cli {

/// One line of the comparison; nothing where a side does not have it.
struct ComparedFigure {
  std::string metric;     ///< "TTFT"
  std::string statistic;  ///< "mean", "p99"; may be empty
  std::string unit;       ///< "ms"
  std::optional<double> measured, simulated;

  /// (simulated - measured) / measured.
  std::optional<double> difference() const;
};

/// Absolute relative errors |simulated - measured| / measured over requests.
struct RequestErrors {
  double median = 0.0, p90 = 0.0;
};

/// Whether the start times look like what the file says of them.
struct ArrivalCheck {
  double stated_per_s = 0.0, measured_per_s = 0.0;
  double stated_variation = 1.0, measured_variation = 0.0;  ///< deviation over mean of the gaps
  bool agrees = true;
};

struct Comparison {
  std::vector<ComparedFigure> figures;
  std::vector<RequestPair> pairs;  ///< requests completed on both sides, by start; empty without requests in the file
  RequestErrors ttft, e2el;        ///< over `pairs`
  Attribution attribution;         ///< over `pairs`
  std::optional<ArrivalCheck> arrivals;
  std::int64_t rejected = 0;       ///< in the simulation, as too long
  std::int64_t failed = 0;         ///< on the server
  std::vector<std::string> notes;  ///< what to know before trusting a figure, in sentences
};

/// What was simulated for it.
struct ComparedSimulation {
  std::span<const serving::RequestRecord> records;
  LatencyFigures itl;
  /// The same load with arrivals of another seed, where arrivals were made; else empty.
  std::span<const serving::RequestRecord> other_arrivals;
};

/// The percentiles that the file has beside the median, else 99: ascending.
std::vector<double> percents_of(const workload::MeasuredRun& run);

Comparison compare(const workload::MeasuredRun& run, const workload::MeasuredLoad& load,
                   const ComparedSimulation& simulation);

/// Indices into `pairs` of the requests with the largest error |d TTFT| + |d decode| in seconds, largest first.
std::vector<std::size_t> worst_pairs(std::span<const RequestPair> pairs, std::size_t count_max);

}  // namespace plumb::cli
