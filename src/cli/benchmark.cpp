#include "cli/benchmark.h"

#include <algorithm>
#include <cmath>

#include "base/statistics.h"

namespace plumb::cli {
namespace {

constexpr double ms = 1e3;

LatencyFigures figures_of(std::vector<double> values_s, std::span<const double> percents) {
  LatencyFigures figures;
  Moments moments;
  for (const double value_s : values_s) moments.add(value_s);
  figures.mean_ms = moments.mean() * ms;
  figures.std_ms = moments.deviation() * ms;
  std::sort(values_s.begin(), values_s.end());
  figures.median_ms = percentile_sorted(values_s, 50.0) * ms;
  for (const double percent : percents) {
    figures.percentiles_ms.emplace_back(percent, percentile_sorted(values_s, percent) * ms);
  }
  return figures;
}

LatencyFigures figures_of(const serving::GapTotals& gaps, std::span<const double> percents) {
  LatencyFigures figures{gaps.mean_s() * ms, gaps.percentile_s(50.0) * ms, gaps.deviation_s() * ms, {}};
  for (const double percent : percents) figures.percentiles_ms.emplace_back(percent, gaps.percentile_s(percent) * ms);
  return figures;
}

}  // namespace

std::int64_t concurrent_max(std::span<const serving::RequestRecord> records) {
  std::vector<double> arrivals, ends;
  for (const serving::RequestRecord& record : records) {
    if (!record.completed()) continue;
    arrivals.push_back(record.arrival_s);
    ends.push_back(record.finish_s);
  }
  std::sort(arrivals.begin(), arrivals.end());
  std::sort(ends.begin(), ends.end());
  std::int64_t most = 0;
  std::size_t gone = 0;
  for (std::size_t come = 0; come < arrivals.size(); ++come) {
    while (gone < ends.size() && ends[gone] <= arrivals[come]) ++gone;
    most = std::max(most, static_cast<std::int64_t>(come + 1 - gone));
  }
  return most;
}

Benchmark benchmark_of(const serving::Outcome& outcome, const serving::Targets& targets,
                       std::span<const double> percents) {
  Benchmark benchmark;
  std::vector<double> ttft, tpot, e2el;
  std::int64_t good = 0;
  for (const serving::RequestRecord& record : outcome.requests) {
    if (!record.completed()) continue;
    ++benchmark.completed;
    benchmark.input_tokens += record.prompt_tokens;
    benchmark.output_tokens += record.output_tokens;
    ttft.push_back(record.ttft_s());
    if (record.output_tokens > 1) tpot.push_back(record.tpot_s());
    e2el.push_back(record.e2e_s());
    if (within(targets, record)) ++good;
  }
  benchmark.failed = static_cast<std::int64_t>(outcome.requests.size()) - benchmark.completed;
  benchmark.duration_s = outcome.duration_s;
  const double per_s = outcome.duration_s > 0.0 ? 1.0 / outcome.duration_s : 0.0;
  benchmark.request_throughput = static_cast<double>(benchmark.completed) * per_s;
  benchmark.output_throughput = static_cast<double>(benchmark.output_tokens) * per_s;
  benchmark.total_token_throughput = static_cast<double>(benchmark.input_tokens + benchmark.output_tokens) * per_s;
  if (targets.any()) benchmark.request_goodput = static_cast<double>(good) * per_s;
  benchmark.output_tokens_per_s_max = static_cast<double>(outcome.tokens_per_s_max);
  benchmark.concurrent_requests_max = concurrent_max(outcome.requests);
  benchmark.ttft = figures_of(std::move(ttft), percents);
  benchmark.tpot = figures_of(std::move(tpot), percents);
  benchmark.itl = figures_of(outcome.gaps, percents);
  benchmark.e2el = figures_of(std::move(e2el), percents);
  return benchmark;
}

}  // namespace plumb::cli
