#include <cmath>

#include <fmt/format.h>

#include "cli/cache_tier_report.h"
#include "cli/json_parts.h"
#include "cli/simulation_result.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

void write_latency(JsonWriter& json, std::string_view metric, const LatencyFigures& figures) {
  json.member(fmt::format("mean_{}_ms", metric), figures.mean_ms);
  json.member(fmt::format("median_{}_ms", metric), figures.median_ms);
  json.member(fmt::format("std_{}_ms", metric), figures.std_ms);
  for (const auto& [percent, value_ms] : figures.percentiles_ms) {
    json.member(fmt::format("p{:g}_{}_ms", percent, metric), value_ms);
  }
}

/// The members of the result file of `vllm bench serve`, in its order. No date: equal inputs give equal bytes.
void write_benchmark(JsonWriter& json, const Subject& subject, const Load& load, const SimulationResult& result) {
  const Benchmark& benchmark = result.benchmark;
  json.member("endpoint_type", "plumb");
  json.member("backend", "plumb");
  json.member("label", subject.name);
  json.member("model_id", subject.spec().model->name);
  json.member("tokenizer_id", nullptr);
  json.member("num_prompts", result.outcome.arrived);
  if (result.rate_per_s && std::isinf(*result.rate_per_s)) {
    json.member("request_rate", "inf");
  } else {
    json.member("request_rate", result.rate_per_s);
  }
  json.member("burstiness", load.trace == nullptr ? std::optional(load.burstiness) : std::nullopt);
  json.member("max_concurrency", nullptr);
  json.member("duration", benchmark.duration_s);
  json.member("completed", benchmark.completed);
  json.member("failed", benchmark.failed);
  json.member("total_input_tokens", benchmark.input_tokens);
  json.member("total_output_tokens", benchmark.output_tokens);
  json.member("request_throughput", benchmark.request_throughput);
  json.member("request_goodput", benchmark.request_goodput);
  json.member("output_throughput", benchmark.output_throughput);
  json.member("total_token_throughput", benchmark.total_token_throughput);
  json.member("max_output_tokens_per_s", benchmark.output_tokens_per_s_max);
  json.member("max_concurrent_requests", benchmark.concurrent_requests_max);
  json.member("rtfx", 0.0);  // of speech only
  write_latency(json, "ttft", benchmark.ttft);
  write_latency(json, "tpot", benchmark.tpot);
  write_latency(json, "itl", benchmark.itl);
  write_latency(json, "e2el", benchmark.e2el);
}

void write_deployment(JsonWriter& json, const Subject& subject) {
  const serving::Deployment& spec = subject.spec();
  json.begin_object("deployment");
  json.member("model", spec.model->name);
  json.member("accelerator", spec.machine.name);
  json.member("tensor_parallel_size", spec.parallelism.tensor);
  json.member("pipeline_parallel_size", spec.parallelism.pipeline);
  json.member("enable_expert_parallel", spec.parallelism.expert);
  json.member("max_num_seqs", spec.engine.max_num_seqs);
  json.member("max_num_batched_tokens", spec.engine.max_num_batched_tokens);
  json.member("max_model_len", subject.deployment->max_model_len);
  json.member("block_size", spec.engine.block_size);
  json.member("gpu_memory_utilization", spec.engine.gpu_memory_utilization);
  json.member("enable_chunked_prefill", spec.engine.enable_chunked_prefill);
  json.member("scheduler", spec.engine.scheduler);
  json.member("weight_gb_per_rank", subject.deployment->memory.weight_bytes / 1e9);
  json.member("kv_cache_gb_per_rank", subject.deployment->memory.cache_pool_bytes / 1e9);
  json.member("replicas", subject.replicas);
  json.member("router", subject.router);
  json.end_object();
}

/// What the fleet costs and gives, as a plan's choices say it; null where no price is known.
void write_cost(JsonWriter& json, const Subject& subject, const SimulationResult& result) {
  const int accelerators = subject.ranks() * subject.replicas;
  const double tokens_per_s = result.benchmark.output_throughput;
  const double median_tpot_ms = result.benchmark.tpot.median_ms;
  std::optional<double> per_hour, per_million;
  if (subject.cost) {
    const DollarsPerSecond cost = subject.cost->total() * static_cast<double>(accelerators);
    per_hour = (cost * hour).value();
    if (tokens_per_s > 0.0) per_million = cost.value() / tokens_per_s * 1e6;
  }
  json.member("accelerators", accelerators);
  json.member("cost_usd_per_hour", per_hour);
  json.member("usd_per_million_output_tokens", per_million);
  json.member("output_throughput_per_accelerator", tokens_per_s / accelerators);
  json.member("output_throughput_per_user", median_tpot_ms > 0.0 ? std::optional(1e3 / median_tpot_ms) : std::nullopt);
}

/// Requests a second within the limit of one target; null where there is no such target.
void write_goodput(JsonWriter& json, std::string_view key, const std::optional<serving::TargetResult>& result,
                   double duration_s) {
  const double per_s = duration_s > 0.0 ? 1.0 / duration_s : 0.0;
  json.member(key, result ? std::optional(static_cast<double>(result->within) * per_s) : std::nullopt);
}

}  // namespace

std::string simulation_json(const Subject& subject, const Load& load, const SimulationResult& result) {
  const serving::EngineCounters& counters = result.outcome.counters;
  JsonWriter json;
  json.begin_object();
  write_benchmark(json, subject, load, result);
  json.begin_object("plumb");
  json.member("schema", "plumb.simulate/1");
  write_deployment(json, subject);
  json.member("load", load.words);
  json.member("seed", subject.seed);
  json.member("steps", counters.steps);
  json.member("steps_per_replica", result.steps_per_replica(subject));
  json.member("mean_sequences", result.sequences_mean());
  json.member("busy_share", result.busy_share(subject));
  json.member("prompt_tokens_computed", counters.prompt_tokens_computed);
  json.member("padding_tokens", counters.padding_tokens);
  json.member("preemptions", counters.preemptions);
  json.member("rejected", result.outcome.rejected);
  json.member("cancelled", result.outcome.cancelled);
  json.member("prefix_cache_queries", result.outcome.counters.prefix.queried);
  json.member("prefix_cache_hits", result.outcome.counters.prefix.hit);
  json.member("prefix_cache_known", result.outcome.counters.prefix.known);
  write_cache_tiers(json, subject, counters);
  json.member("rejected_too_long", result.rejected_too_long());
  json.member("rejected_never_fits", result.outcome.rejected_never_fits);
  json.member("skipped_without_output", result.skipped);
  json.member("kv_cache_peak_share", result.cache_peak_share(subject));
  json.begin_object("targets");
  write_target(json, "ttft", result.targets.ttft);
  write_target(json, "tpot", result.targets.tpot);
  write_target(json, "e2el", result.targets.e2e);
  json.end_object();
  json.begin_object("goodput_by_target");
  write_goodput(json, "ttft", result.targets.ttft, result.benchmark.duration_s);
  write_goodput(json, "tpot", result.targets.tpot, result.benchmark.duration_s);
  write_goodput(json, "e2el", result.targets.e2e, result.benchmark.duration_s);
  json.end_object();
  json.begin_object("percentile_relative_error");
  json.member("ttft", result.benchmark.ttft.relative_error);
  json.member("tpot", result.benchmark.tpot.relative_error);
  json.member("itl", result.benchmark.itl.relative_error);
  json.member("e2el", result.benchmark.e2el.relative_error);
  json.end_object();
  write_time(json, result.outcome.time);
  write_cost(json, subject, result);
  json.member("binding", result.binding());
  json.member("evidence", evidence_name(subject.deployment->evidence()));
  json.end_object();
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
