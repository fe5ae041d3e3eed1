#include <cmath>

#include <fmt/format.h>

#include "cli/comparison_result.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

constexpr double ms = 1e3;

void write_run(JsonWriter& json, const ComparisonResult& result) {
  const workload::MeasuredRun& run = result.run;
  json.begin_object("result");
  json.member("file", result.result_file);
  json.member("tool", run.tool);
  json.member("model_id", run.model);
  json.member("completed", run.completed);
  json.member("failed", run.failed);
  if (run.load.rate_per_s && std::isinf(*run.load.rate_per_s)) {
    json.member("request_rate", "inf");
  } else {
    json.member("request_rate", run.load.rate_per_s);
  }
  json.member("max_concurrency", run.load.max_concurrency);
  json.member("has_requests", !run.requests.empty());
  json.member("has_start_times", run.start_times);
  json.end_object();
}

void write_figures(JsonWriter& json, const Comparison& comparison) {
  json.begin_array("figures");
  for (const ComparedFigure& figure : comparison.figures) {
    json.begin_object();
    json.member("metric", figure.metric);
    json.member("statistic", figure.statistic);
    json.member("unit", figure.unit);
    json.member("measured", figure.measured);
    json.member("simulated", figure.simulated);
    json.member("difference", figure.difference());
    json.end_object();
  }
  json.end_array();
}

void write_errors(JsonWriter& json, std::string_view key, const RequestErrors& errors) {
  json.begin_object(key);
  json.member("median", errors.median);
  json.member("p90", errors.p90);
  json.end_object();
}

void write_causes(JsonWriter& json, const ComparisonResult& result) {
  const Attribution& attribution = result.comparison.attribution;
  json.member("error_s", attribution.error_s);
  json.begin_array("causes");
  for (const CauseShare& share : attribution.shares) {
    json.begin_object();
    json.member("cause", cause_name(share.cause));
    json.member("share", share.share);
    json.member("excess_ms", share.excess_s * ms);
    json.member("words", share.share > 0.0 ? cause_words(share.cause, result) : std::string());
    json.end_object();
  }
  json.end_array();
}

void write_worst(JsonWriter& json, const Comparison& comparison) {
  constexpr std::size_t worst = 10;
  json.begin_array("worst_requests");
  for (const std::size_t i : worst_pairs(comparison.pairs, worst)) {
    const RequestPair& pair = comparison.pairs[i];
    json.begin_object();
    json.member("id", pair.id);
    json.member("prompt_tokens", pair.prompt_tokens);
    json.member("output_tokens", pair.output_tokens);
    json.member("measured_ttft_ms", pair.measured.ttft_s * ms);
    json.member("simulated_ttft_ms", pair.simulated.ttft_s * ms);
    json.member("measured_e2el_ms", pair.measured.e2e_s * ms);
    json.member("simulated_e2el_ms", pair.simulated.e2e_s * ms);
    json.member("simulated_queue_ms", pair.queue_s * ms);
    json.member("simulated_prefill_ms", pair.prefill_s * ms);
    json.member("simulated_preemptions", pair.preemptions);
    json.member("cause", cause_name(pair.cause));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string comparison_json(const ComparisonResult& result) {
  const Comparison& comparison = result.comparison;
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.compare/1");
  json.member("deployment", result.subject.name);
  json.member("model", result.subject.spec().model->name);
  json.member("accelerator", result.subject.spec().machine.name);
  json.member("replicas", result.subject.replicas);
  json.member("seed", result.subject.seed);
  write_run(json, result);
  json.member("load", result.load);
  json.member_array("notes", comparison.notes);
  write_figures(json, comparison);
  json.member("requests_compared", comparison.pairs.size());
  json.member("rejected", comparison.rejected);
  write_errors(json, "ttft_error", comparison.ttft);
  write_errors(json, "e2el_error", comparison.e2el);
  write_causes(json, result);
  write_worst(json, comparison);
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
