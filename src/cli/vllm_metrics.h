#pragma once
// What a vLLM server tells under /metrics, of a simulated one: the same names, types, labels and buckets, so that
// dashboards and autoscalers made for vLLM read it. Names and buckets are those of vllm/v1/metrics/loggers.py,
// intervals those of vllm/v1/metrics/stats.py, of 2026.
//
// With arrival a, first part of a step s, first token f, last token l and n output tokens of a request:
//
//   time to first token  f - a      queue time      s - a      inference time         l - s
//   end-to-end latency   l - a      prefill time    f - s      time per output token  (l - f) / (n - 1), 0 for n = 1
//                                   decode time     l - f
//
// s is the first time: what a preemption costs is in the prefill or the decode time. All times are seconds.
// Thread rule: one thread; metrics of engines that ran side by side are merged or told of side by side.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "report/histogram.h"

namespace plumb::cli {

enum class FinishReason { stop, length, abort, error, repetition };
inline constexpr std::array<std::string_view, 5> finish_reason_names{"stop", "length", "abort", "error", "repetition"};

struct FinishedRequest {
  double arrival_s = 0.0, scheduled_s = 0.0, first_token_s = 0.0, finish_s = 0.0;
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  FinishReason reason = FinishReason::length;
};

/// Of one engine, which is a replica.
struct VllmMetrics {
  /// Buckets of token counts end at the longest sequence that the engine admits.
  explicit VllmMetrics(std::int64_t max_model_len);

  // Gauges: as it is when the snapshot is taken.
  std::int64_t requests_running = 0;
  std::int64_t requests_waiting = 0;
  double kv_cache_usage = 0.0;  ///< 0 ... 1

  // Counters: since the start.
  std::int64_t prompt_tokens = 0;      ///< of requests whose first token came, cached ones included
  std::int64_t generation_tokens = 0;  ///< tokens that came out
  std::int64_t preemptions = 0;
  std::int64_t prefix_cache_queries = 0;  ///< tokens looked up
  std::int64_t prefix_cache_hits = 0;     ///< tokens found
  /// Tokens that the prefix cache did not have: looked up in caches beyond it, and loaded from there. Absent: none
  /// such.
  std::optional<std::int64_t> external_prefix_cache_queries, external_prefix_cache_hits;
  std::array<std::int64_t, finish_reason_names.size()> finished{};  ///< requests by FinishReason

  // Histograms of requests.
  report::Histogram time_to_first_token, time_per_output_token, e2e_latency;
  report::Histogram queue_time, prefill_time, decode_time, inference_time;
  report::Histogram request_prompt_tokens, request_generation_tokens;
  // Histograms of the engine.
  report::Histogram inter_token_latency;  ///< every gap between two tokens of a request
  report::Histogram iteration_tokens;  ///< of a step: prompts whose first token came out, and all tokens that came out

  /// Counts a request in its histograms, in `finished`, and in the counters of tokens. The rest is for the caller.
  void add(const FinishedRequest& request);
  /// Adds those of another engine of the same max_model_len; usage of the cache becomes the larger of both.
  void merge(const VllmMetrics& other);
};

/// The text for Prometheus. Engines are told apart by the label "engine", their position from 0.
std::string vllm_metrics_text(std::string_view model_name, std::span<const VllmMetrics> engines);

}  // namespace plumb::cli
