#include "cli/metrics_feed.h"

#include <algorithm>

namespace plumb::cli {

void add_ramp(const Ramp& ramp, std::int64_t count, report::Histogram& histogram) {
  const auto length_s = [&](std::int64_t i) { return (ramp.first + i * ramp.growth).seconds(); };
  const std::span<const double> bounds = histogram.bounds();
  for (std::int64_t begin = 0; begin < ramp.steps;) {
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), length_s(begin));
    std::int64_t end = ramp.steps;
    if (bound != bounds.end() && length_s(end - 1) > *bound) {
      // The first step beyond the bucket; step `begin` is in it.
      for (std::int64_t within = begin; end - within > 1;) {
        const std::int64_t middle = within + (end - within) / 2;
        (length_s(middle) > *bound ? end : within) = middle;
      }
    }
    // The mean of equally spaced lengths is in their bucket too, and their sum is that of the mean.
    histogram.add(0.5 * (length_s(begin) + length_s(end - 1)), (end - begin) * count);
    begin = end;
  }
}

MetricsFeed::MetricsFeed(std::int64_t max_model_len, int replicas, bool cache_tiers) {
  for (int i = 0; i < replicas; ++i) {
    replicas_.emplace_back(max_model_len);
    if (!cache_tiers) continue;
    replicas_.back().metrics.external_prefix_cache_queries = 0;
    replicas_.back().metrics.external_prefix_cache_hits = 0;
  }
}

void MetricsFeed::Replica::count_iteration() {
  if (steps > 0) metrics.iteration_tokens.add(static_cast<double>(tokens), steps);
  steps = 0;
}

/// A run is told before the first tokens of its end.
void MetricsFeed::ran(const serving::StepRun& run, std::size_t replica) {
  Replica& of = replicas_[replica];
  of.count_iteration();
  of.steps = run.ramp.steps;
  of.tokens = run.tokens_out();
}

void MetricsFeed::gaps(const Ramp& ramp, std::int64_t count, std::size_t replica) {
  add_ramp(ramp, count, replicas_[replica].metrics.inter_token_latency);
}

void MetricsFeed::first_token(const serving::RequestRecord& record) { of(record).tokens += record.prompt_tokens; }

void MetricsFeed::preempted(const serving::RequestRecord& record, double /*time_s*/) {
  ++of(record).metrics.preemptions;
}

void MetricsFeed::ended(const serving::RequestRecord& record, double /*time_s*/) {
  if (record.scheduled_s < serving::never_s) {
    VllmMetrics& metrics = of(record).metrics;
    const std::int64_t hits = record.cached_tokens - record.loaded_tokens;
    metrics.prefix_cache_queries += record.prompt_tokens;
    metrics.prefix_cache_hits += hits;
    if (metrics.external_prefix_cache_queries) {
      *metrics.external_prefix_cache_queries += record.prompt_tokens - hits;
      *metrics.external_prefix_cache_hits += record.loaded_tokens;
    }
  }
  if (!record.completed()) return;
  of(record).metrics.add({record.arrival_s, record.scheduled_s, record.first_token_s, record.finish_s,
                          record.prompt_tokens, record.output_tokens, FinishReason::length});
}

std::string MetricsFeed::text(const std::string& model_name) {
  std::vector<VllmMetrics> engines;
  for (Replica& replica : replicas_) {
    replica.count_iteration();
    engines.push_back(replica.metrics);
  }
  return vllm_metrics_text(model_name, engines);
}

}  // namespace plumb::cli
