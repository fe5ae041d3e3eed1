#include "cli/vllm_metrics.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "report/prometheus_text.h"

namespace plumb::cli {
namespace {

using report::Histogram;
using report::MetricType;

constexpr std::array first_token_buckets_s{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1,  0.25,  0.5,   0.75,
                                           1.0,   2.5,   5.0,  7.5,  10.0, 20.0, 40.0, 80.0, 160.0, 640.0, 2560.0};

constexpr std::array gap_buckets_s{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2,  0.3,  0.4, 0.5,
                                   0.75, 1.0,   2.5,  5.0,   7.5, 10.0, 20.0, 40.0, 80.0};

constexpr std::array request_buckets_s{0.3,  0.5,  0.8,  1.0,  1.5,   2.0,   2.5,   5.0,   10.0,   15.0,  20.0,
                                       30.0, 40.0, 50.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 7680.0};

constexpr std::array iteration_buckets{1.0,   8.0,    16.0,   32.0,   64.0,   128.0,  256.0,
                                       512.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0};

Histogram histogram_of(std::span<const double> bounds) { return Histogram({bounds.begin(), bounds.end()}); }

/// 1, 2, 5, 10, 20, ... up to `most`.
Histogram token_histogram(std::int64_t most) {
  std::vector<double> buckets;
  for (std::int64_t power = 1; power <= most; power *= 10) {
    for (const std::int64_t step : {1, 2, 5}) {
      if (step * power <= most) buckets.push_back(static_cast<double>(step * power));
    }
    if (power > most / 10) break;
  }
  return Histogram(std::move(buckets));
}

struct HistogramRow {
  std::string_view name, help;
  Histogram VllmMetrics::* histogram;
};

/// All but the success counts, which have a label of their own.
constexpr std::array histograms{
    HistogramRow{"vllm:iteration_tokens_total", "Tokens of a step: prompts that ended and tokens that came out.",
                 &VllmMetrics::iteration_tokens},
    HistogramRow{"vllm:time_to_first_token_seconds", "From arrival to first token.", &VllmMetrics::time_to_first_token},
    HistogramRow{"vllm:inter_token_latency_seconds", "Between two tokens.", &VllmMetrics::inter_token_latency},
    HistogramRow{"vllm:request_time_per_output_token_seconds", "Mean of a request's gaps between tokens.",
                 &VllmMetrics::time_per_output_token},
    HistogramRow{"vllm:e2e_request_latency_seconds", "From arrival to last token.", &VllmMetrics::e2e_latency},
    HistogramRow{"vllm:request_queue_time_seconds", "From arrival to the first step.", &VllmMetrics::queue_time},
    HistogramRow{"vllm:request_inference_time_seconds", "From the first step to the last token.",
                 &VllmMetrics::inference_time},
    HistogramRow{"vllm:request_prefill_time_seconds", "From the first step to the first token.",
                 &VllmMetrics::prefill_time},
    HistogramRow{"vllm:request_decode_time_seconds", "From the first token to the last.", &VllmMetrics::decode_time},
    HistogramRow{"vllm:request_prompt_tokens", "Prompt tokens of a request.", &VllmMetrics::request_prompt_tokens},
    HistogramRow{"vllm:request_generation_tokens", "Output tokens of a request.",
                 &VllmMetrics::request_generation_tokens},
};

struct NumberRow {
  MetricType type;
  std::string_view name, help;
  double (*value)(const VllmMetrics& metrics);
};

template <std::int64_t VllmMetrics::* member>
double count_of(const VllmMetrics& metrics) {
  return static_cast<double>(metrics.*member);
}

constexpr std::array numbers{
    NumberRow{MetricType::gauge, "vllm:num_requests_running", "Requests in steps.",
              count_of<&VllmMetrics::requests_running>},
    NumberRow{MetricType::gauge, "vllm:num_requests_waiting", "Requests that wait.",
              count_of<&VllmMetrics::requests_waiting>},
    NumberRow{MetricType::gauge, "vllm:kv_cache_usage_perc", "Share of the KV cache in use; 1 is all of it.",
              [](const VllmMetrics& metrics) { return metrics.kv_cache_usage; }},
    NumberRow{MetricType::counter, "vllm:prefix_cache_queries_total", "Tokens looked up in the prefix cache.",
              count_of<&VllmMetrics::prefix_cache_queries>},
    NumberRow{MetricType::counter, "vllm:prefix_cache_hits_total", "Tokens found in the prefix cache.",
              count_of<&VllmMetrics::prefix_cache_hits>},
    NumberRow{MetricType::counter, "vllm:num_preemptions_total", "Preemptions.", count_of<&VllmMetrics::preemptions>},
    NumberRow{MetricType::counter, "vllm:prompt_tokens_total", "Prompt tokens processed.",
              count_of<&VllmMetrics::prompt_tokens>},
    NumberRow{MetricType::counter, "vllm:generation_tokens_total", "Tokens generated.",
              count_of<&VllmMetrics::generation_tokens>},
};

void write_finished(report::PrometheusText& text, std::string_view model_name, std::span<const VllmMetrics> engines) {
  text.begin_family(MetricType::counter, "vllm:request_success_total", "Requests finished, by reason.");
  for (std::size_t engine = 0; engine < engines.size(); ++engine) {
    const std::string position = std::to_string(engine);
    for (std::size_t reason = 0; reason < finish_reason_names.size(); ++reason) {
      text.sample({{"engine", position}, {"finished_reason", finish_reason_names[reason]}, {"model_name", model_name}},
                  static_cast<double>(engines[engine].finished[reason]));
    }
  }
}

/// vLLM has these series where it has a KV connector.
void write_external(report::PrometheusText& text, std::string_view model_name, std::span<const VllmMetrics> engines,
                    std::string_view name, std::string_view help, std::optional<std::int64_t> VllmMetrics::* member) {
  const auto has = [&](const VllmMetrics& metrics) { return (metrics.*member).has_value(); };
  if (std::none_of(engines.begin(), engines.end(), has)) return;
  text.begin_family(MetricType::counter, name, help);
  for (std::size_t engine = 0; engine < engines.size(); ++engine) {
    const std::string position = std::to_string(engine);
    text.sample({{"engine", position}, {"model_name", model_name}},
                static_cast<double>((engines[engine].*member).value_or(0)));
  }
}

void merge_counts(std::optional<std::int64_t>& sum, const std::optional<std::int64_t>& other) {
  if (other) sum = sum.value_or(0) + *other;
}

}  // namespace

VllmMetrics::VllmMetrics(std::int64_t max_model_len)
    : time_to_first_token(histogram_of(first_token_buckets_s)),
      time_per_output_token(histogram_of(gap_buckets_s)),
      e2e_latency(histogram_of(request_buckets_s)),
      queue_time(histogram_of(request_buckets_s)),
      prefill_time(histogram_of(request_buckets_s)),
      decode_time(histogram_of(request_buckets_s)),
      inference_time(histogram_of(request_buckets_s)),
      request_prompt_tokens(token_histogram(max_model_len)),
      request_generation_tokens(token_histogram(max_model_len)),
      inter_token_latency(histogram_of(gap_buckets_s)),
      iteration_tokens(histogram_of(iteration_buckets)) {}

void VllmMetrics::add(const FinishedRequest& request) {
  const double decode_s = request.finish_s - request.first_token_s;
  const auto gaps = static_cast<double>(request.output_tokens - 1);
  time_to_first_token.add(request.first_token_s - request.arrival_s);
  time_per_output_token.add(gaps > 0.0 ? decode_s / gaps : 0.0);
  e2e_latency.add(request.finish_s - request.arrival_s);
  queue_time.add(request.scheduled_s - request.arrival_s);
  prefill_time.add(request.first_token_s - request.scheduled_s);
  decode_time.add(decode_s);
  inference_time.add(request.finish_s - request.scheduled_s);
  request_prompt_tokens.add(static_cast<double>(request.prompt_tokens));
  request_generation_tokens.add(static_cast<double>(request.output_tokens));
  prompt_tokens += request.prompt_tokens;
  generation_tokens += request.output_tokens;
  ++finished[static_cast<std::size_t>(request.reason)];
}

void VllmMetrics::merge(const VllmMetrics& other) {
  requests_running += other.requests_running;
  requests_waiting += other.requests_waiting;
  kv_cache_usage = std::max(kv_cache_usage, other.kv_cache_usage);
  prompt_tokens += other.prompt_tokens;
  generation_tokens += other.generation_tokens;
  preemptions += other.preemptions;
  prefix_cache_queries += other.prefix_cache_queries;
  prefix_cache_hits += other.prefix_cache_hits;
  merge_counts(external_prefix_cache_queries, other.external_prefix_cache_queries);
  merge_counts(external_prefix_cache_hits, other.external_prefix_cache_hits);
  for (std::size_t i = 0; i < finished.size(); ++i) finished[i] += other.finished[i];
  for (const HistogramRow& row : histograms) (this->*row.histogram).merge(other.*row.histogram);
}

std::string vllm_metrics_text(std::string_view model_name, std::span<const VllmMetrics> engines) {
  report::PrometheusText text;
  std::vector<std::string> positions;
  for (std::size_t engine = 0; engine < engines.size(); ++engine) positions.push_back(std::to_string(engine));
  for (const NumberRow& row : numbers) {
    text.begin_family(row.type, row.name, row.help);
    for (std::size_t engine = 0; engine < engines.size(); ++engine) {
      text.sample({{"engine", positions[engine]}, {"model_name", model_name}}, row.value(engines[engine]));
    }
  }
  write_external(text, model_name, engines, "vllm:external_prefix_cache_queries_total",
                 "Tokens looked up in caches beyond the prefix cache.", &VllmMetrics::external_prefix_cache_queries);
  write_external(text, model_name, engines, "vllm:external_prefix_cache_hits_total",
                 "Tokens loaded from caches beyond the prefix cache.", &VllmMetrics::external_prefix_cache_hits);
  write_finished(text, model_name, engines);
  for (const HistogramRow& row : histograms) {
    text.begin_family(MetricType::histogram, row.name, row.help);
    for (std::size_t engine = 0; engine < engines.size(); ++engine) {
      text.sample({{"engine", positions[engine]}, {"model_name", model_name}}, engines[engine].*row.histogram);
    }
  }
  return text.take();
}

}  // namespace plumb::cli
