#include "cli/benchmark.h"

#include <algorithm>

namespace plumb::cli {
namespace {

constexpr double ms = 1e3;

}  // namespace

void ConcurrencyMeter::add(double arrival_s, double finish_s) {
  while (!finishes_s_.empty() && finishes_s_.top() <= arrival_s) finishes_s_.pop();
  finishes_s_.push(finish_s);
  most_ = std::max(most_, static_cast<std::int64_t>(finishes_s_.size()));
}

void BenchmarkMeter::Latency::add(double value_s) {
  moments.add(value_s);
  values_s.add(value_s);
}

LatencyFigures BenchmarkMeter::Latency::figures(std::span<const double> percents) {
  LatencyFigures figures{
      moments.mean() * ms, values_s.percentile(50.0) * ms, moments.deviation() * ms, {}, values_s.relative_error()};
  for (const double percent : percents) figures.percentiles_ms.emplace_back(percent, values_s.percentile(percent) * ms);
  return figures;
}

BenchmarkMeter::BenchmarkMeter(const serving::Targets& targets, std::size_t exact_max)
    : has_targets_(targets.any()), targets_(targets, exact_max), ttft_(exact_max), tpot_(exact_max), e2el_(exact_max) {}

void BenchmarkMeter::add(const serving::RequestRecord& record) {
  if (requests_++ == 0) first_arrival_s_ = record.arrival_s;
  last_arrival_s_ = record.arrival_s;
  targets_.add(record);
  if (!record.completed()) return;
  ++completed_;
  input_tokens_ += record.prompt_tokens;
  output_tokens_ += record.output_tokens;
  ttft_.add(record.ttft_s());
  if (record.output_tokens > 1) tpot_.add(record.tpot_s());
  e2el_.add(record.e2e_s());
  concurrency_.add(record.arrival_s, record.finish_s);
}

Benchmark BenchmarkMeter::benchmark(const serving::Outcome& outcome, std::span<const double> percents) {
  Benchmark benchmark;
  benchmark.completed = completed_;
  benchmark.failed = requests_ - completed_;
  benchmark.input_tokens = input_tokens_;
  benchmark.output_tokens = output_tokens_;
  benchmark.duration_s = outcome.duration_s;
  const double per_s = outcome.duration_s > 0.0 ? 1.0 / outcome.duration_s : 0.0;
  benchmark.request_throughput = static_cast<double>(completed_) * per_s;
  benchmark.output_throughput = static_cast<double>(output_tokens_) * per_s;
  benchmark.total_token_throughput = static_cast<double>(input_tokens_ + output_tokens_) * per_s;
  if (has_targets_) benchmark.request_goodput = static_cast<double>(targets_.within_all()) * per_s;
  benchmark.output_tokens_per_s_max = static_cast<double>(outcome.tokens_per_s_max);
  benchmark.concurrent_requests_max = concurrency_.most();
  benchmark.ttft = ttft_.figures(percents);
  benchmark.tpot = tpot_.figures(percents);
  benchmark.itl = figures_of(outcome.gaps, percents);
  benchmark.e2el = e2el_.figures(percents);
  return benchmark;
}

std::optional<double> BenchmarkMeter::arrival_rate() const {
  const double span_s = last_arrival_s_ - first_arrival_s_;
  return span_s > 0.0 ? std::optional(static_cast<double>(requests_ - 1) / span_s) : std::nullopt;
}

LatencyFigures figures_of(const serving::GapTotals& gaps, std::span<const double> percents) {
  LatencyFigures figures{
      gaps.mean_s() * ms, gaps.percentile_s(50.0) * ms, gaps.deviation_s() * ms, {}, gaps.relative_error()};
  for (const double percent : percents) figures.percentiles_ms.emplace_back(percent, gaps.percentile_s(percent) * ms);
  return figures;
}

Benchmark benchmark_of(const serving::Outcome& outcome, const serving::Targets& targets,
                       std::span<const double> percents) {
  BenchmarkMeter meter(targets);
  for (const serving::RequestRecord& record : outcome.requests) meter.add(record);
  return meter.benchmark(outcome, percents);
}

}  // namespace plumb::cli
