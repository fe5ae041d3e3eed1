// Does a simulated engine tell what a vLLM server tells, under its names and in its buckets?

#include "cli/vllm_metrics.h"

#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/golden.h"
#include "support/prometheus_check.h"

namespace plumb::cli {
namespace {

/// Figures that are told apart at a glance.
VllmMetrics engine() {
  VllmMetrics metrics(8192);
  metrics.requests_running = 17;
  metrics.requests_waiting = 3;
  metrics.kv_cache_usage = 0.625;
  metrics.preemptions = 5;
  metrics.prefix_cache_queries = 1000;
  metrics.prefix_cache_hits = 374;
  metrics.add({0.0, 0.25, 0.75, 8.75, 1024, 129, FinishReason::length});
  metrics.add({1.0, 1.0, 1.0005, 1.0005, 1, 1, FinishReason::stop});
  metrics.inter_token_latency.add(0.0625, 128);
  metrics.iteration_tokens.add(1025.0);
  metrics.iteration_tokens.add(1.0, 128);
  return metrics;
}

TEST(VllmMetrics, Golden) {
  const std::vector<VllmMetrics> engines{engine()};
  const std::string text = vllm_metrics_text("meta-llama/Llama-3.1-8B", engines);
  test::PrometheusCheck::read(text);
  test::expect_golden("cli/vllm-metrics.txt", text);
}

/// Series, types and bounds as a scrape of a vLLM server has them, of those that a simulation knows.
TEST(VllmMetrics, HasTheNamesOfVllm) {
  const std::vector<VllmMetrics> engines{engine(), engine()};
  const auto families = test::PrometheusCheck::read(vllm_metrics_text("m", engines));
  const std::map<std::string, std::string> types{{"vllm:num_requests_running", "gauge"},
                                                 {"vllm:num_requests_waiting", "gauge"},
                                                 {"vllm:kv_cache_usage_perc", "gauge"},
                                                 {"vllm:prompt_tokens_total", "counter"},
                                                 {"vllm:generation_tokens_total", "counter"},
                                                 {"vllm:request_success_total", "counter"},
                                                 {"vllm:num_preemptions_total", "counter"},
                                                 {"vllm:prefix_cache_queries_total", "counter"},
                                                 {"vllm:prefix_cache_hits_total", "counter"},
                                                 {"vllm:time_to_first_token_seconds", "histogram"},
                                                 {"vllm:inter_token_latency_seconds", "histogram"},
                                                 {"vllm:request_time_per_output_token_seconds", "histogram"},
                                                 {"vllm:e2e_request_latency_seconds", "histogram"},
                                                 {"vllm:request_queue_time_seconds", "histogram"},
                                                 {"vllm:request_inference_time_seconds", "histogram"},
                                                 {"vllm:request_prefill_time_seconds", "histogram"},
                                                 {"vllm:request_decode_time_seconds", "histogram"},
                                                 {"vllm:request_prompt_tokens", "histogram"},
                                                 {"vllm:request_generation_tokens", "histogram"},
                                                 {"vllm:iteration_tokens_total", "histogram"}};
  EXPECT_EQ(families.size(), types.size());
  for (const auto& [name, type] : types) {
    ASSERT_TRUE(families.contains(name)) << name;
    EXPECT_EQ(families.at(name).type, type) << name;
    for (const auto& [key, value] : families.at(name).samples) {
      std::set<std::string> labels;
      for (const auto& [label, text] : key.second) labels.insert(label);
      std::set<std::string> expected{"engine", "model_name"};
      if (key.first.ends_with("_bucket")) expected.insert("le");
      if (name == "vllm:request_success_total") expected.insert("finished_reason");
      EXPECT_EQ(labels, expected) << key.first;
    }
  }
  EXPECT_EQ(families.at("vllm:num_requests_running").samples.size(), 2u);
  EXPECT_EQ(families.at("vllm:request_success_total").samples.size(), 10u);
}

std::vector<double> bounds(const report::Histogram& histogram) {
  return {histogram.bounds().begin(), histogram.bounds().end()};
}

TEST(VllmMetrics, TokenBucketsEndAtTheLongestSequence) {
  EXPECT_EQ(bounds(VllmMetrics(100).request_prompt_tokens), (std::vector<double>{1, 2, 5, 10, 20, 50, 100}));
  EXPECT_EQ(bounds(VllmMetrics(99).request_prompt_tokens), (std::vector<double>{1, 2, 5, 10, 20, 50}));
  EXPECT_EQ(bounds(VllmMetrics(1).request_generation_tokens), (std::vector<double>{1}));
  EXPECT_EQ(VllmMetrics(std::numeric_limits<std::int64_t>::max()).request_prompt_tokens.bounds().size(), 3u * 19u);
}

/// queue + inference = end to end, prefill + decode = inference, queue + prefill = time to first token.
TEST(VllmMetrics, IntervalsAddUp) {
  const VllmMetrics metrics = engine();
  EXPECT_DOUBLE_EQ(metrics.queue_time.sum() + metrics.inference_time.sum(), metrics.e2e_latency.sum());
  EXPECT_DOUBLE_EQ(metrics.prefill_time.sum() + metrics.decode_time.sum(), metrics.inference_time.sum());
  EXPECT_DOUBLE_EQ(metrics.queue_time.sum() + metrics.prefill_time.sum(), metrics.time_to_first_token.sum());
  EXPECT_DOUBLE_EQ(metrics.time_per_output_token.sum(), 8.0 / 128.0);  // of one token: 0
  EXPECT_EQ(metrics.time_per_output_token.count(), 2);
  EXPECT_EQ(metrics.prompt_tokens, 1025);
  EXPECT_EQ(metrics.generation_tokens, 130);
}

TEST(VllmMetrics, EnginesMergeToTheirSum) {
  VllmMetrics both = engine();
  VllmMetrics other = engine();
  other.kv_cache_usage = 0.75;
  both.merge(other);
  EXPECT_EQ(both.kv_cache_usage, 0.75);
  const std::vector<VllmMetrics> one{engine()}, two{both};
  const auto single = test::PrometheusCheck::read(vllm_metrics_text("m", one));
  const auto merged = test::PrometheusCheck::read(vllm_metrics_text("m", two));
  for (const auto& [name, family] : single) {
    if (name == "vllm:kv_cache_usage_perc") continue;
    for (const auto& [key, value] : family.samples) {
      EXPECT_EQ(merged.at(name).samples.at(key), 2.0 * value) << key.first;
    }
  }
}

}  // namespace
}  // namespace plumb::cli
