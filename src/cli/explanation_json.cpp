#include "cli/explanation.h"
#include "cli/memory_rung.h"
#include "cli/pim_rung.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

constexpr double ms = 1e3;

void write_bounds(JsonWriter& json, std::span<const double> seconds_by_bound) {
  json.begin_object("time_ms_by_bound");
  for (std::size_t i = 0; i < accelerator::bounds; ++i) {
    json.member(accelerator::bound_name(static_cast<accelerator::Bound>(i)), seconds_by_bound[i] * ms);
  }
  json.end_object();
}

void write_work(JsonWriter& json, const model::Work& work) {
  json.member("operations", work.operations);
  json.member("weight_bytes", work.weight_bytes);
  json.member("cache_bytes", work.cache_bytes);
  json.member("activation_bytes", work.activation_bytes);
  json.member("sent_bytes", work.sent_bytes);
}

void write_line(JsonWriter& json, const OperatorLine& line, double step_s) {
  json.begin_object();
  json.member("operator", line.name);
  json.member("family", family_name(line.family));
  json.member("runs", line.work.launches);
  write_work(json, line.work);
  json.member("time_ms", line.time.seconds() * ms);
  json.member("physical_bound_ms", line.physical_bound_s * ms);
  json.member("time_from", accelerator::time_source_name(line.source));
  json.member("step_share", line.time.seconds() / step_s);
  write_bounds(json, line.time.seconds_by_bound);
  json.member("binding", accelerator::bound_name(line.binding()));
  json.end_object();
}

void write_step(JsonWriter& json, std::string_view key, const Subject& subject, const StepView& view) {
  json.begin_object(key);
  json.member("steps", view.steps);
  json.member("sequences", view.sequences);
  json.member("tokens", view.tokens);
  json.member("context", view.context);
  write_work(json, view.work);
  json.member("operations_per_byte", view.operations_per_byte());
  json.member("bytes_per_token", view.bytes_per_token());
  json.member("peak_bandwidth_share", view.bandwidth_share(subject.spec().machine));
  json.member("time_ms", view.seconds * ms);
  json.member("host_ms", view.host_s * ms);
  json.member("physical_bound_ms", view.physical_bound_s * ms);
  write_bounds(json, view.seconds_by_bound);
  json.member("binding", accelerator::bound_name(view.binding()));
  json.begin_array("operators");
  for (const OperatorLine& line : view.lines) write_line(json, line, view.seconds);
  json.end_array();
  json.end_object();
}

void write_bill(JsonWriter& json, std::string_view key, const RequestBill& bill) {
  json.begin_object(key);
  json.member("replica_s", bill.replica_s());
  json.member("prefill_s", bill.prefill_s);
  json.member("decode_s", bill.decode_s);
  json.member("energy_j_max", bill.joules_max);
  json.member("usd", bill.dollars);
  json.member("usd_per_million_output_tokens", bill.dollars_per_million_output);
  json.end_object();
}

void write_machine(JsonWriter& json, const Subject& subject, const Explanation& explanation) {
  const accelerator::Machine& machine = subject.spec().machine;
  json.begin_object("machine");
  json.member("accelerator", machine.name);
  json.member("ranks", subject.ranks());
  json.member("format", number_format_name(explanation.format));
  json.member("peak_flops_per_s", explanation.peak_flops_per_s);
  json.member("peak_bandwidth_bytes_per_s", machine.memory_bytes_per_s);
  json.member("sustained_bandwidth_share", machine.bandwidth_share({memory::Demand::Kind::streamed, 0.0}));
  json.member("ridge_operations_per_byte", explanation.ridge);
  json.member("power_w", machine.power_w);
  json.member("usd_per_hour", subject.cost ? std::optional((subject.cost->total() * hour).value()) : std::nullopt);
  json.member("evidence", evidence_name(subject.deployment->cost.evidence()));
  json.end_object();
}

}  // namespace

std::string explanation_json(const Subject& subject, const Explanation& explanation, const MemoryRung* rung) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.explain/1");
  json.member("name", subject.name);
  json.member("model", subject.spec().model->name);
  json.member("tensor_parallel_size", subject.spec().parallelism.tensor);
  json.member("pipeline_parallel_size", subject.spec().parallelism.pipeline);
  json.member("prompt_tokens", explanation.prompt_tokens);
  json.member("output_tokens", explanation.output_tokens);
  json.member("batch", explanation.batch);
  json.member("cache_bytes_per_rank", explanation.cache_bytes);
  json.member("ttft_ms", explanation.ttft_s * ms);
  json.member("tpot_ms", explanation.tpot_alone_s * ms);
  json.member("e2el_ms", explanation.e2e_alone_s * ms);
  write_machine(json, subject, explanation);
  write_step(json, "prefill", subject, explanation.prefill);
  write_step(json, "decode_alone", subject, explanation.alone);
  write_step(json, "decode_together", subject, explanation.together);
  if (rung != nullptr) write_rung(json, *rung, explanation);
  if (subject.spec().machine.pim) write_pim(json, subject, explanation);
  write_bill(json, "bill_alone", explanation.bill_alone);
  write_bill(json, "bill_together", explanation.bill_together);
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
