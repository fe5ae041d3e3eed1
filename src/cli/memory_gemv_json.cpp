#include "cli/memory_gemv_result.h"
#include "cli/memory_result.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using memory::Specification;
using report::JsonWriter;

void write_request(JsonWriter& json, const memory::PimKernelRequest& of) {
  json.member("kernel", memory::pim_kernel_name(of.kind));
  if (of.kind == memory::PimKernelKind::gemv) {
    json.member("rows", of.shape.outputs);
    json.member("columns", of.shape.inputs);
    json.member("batch", of.batch);
  } else if (of.kind == memory::PimKernelKind::attention) {
    json.member("heads", of.attention.heads);
    json.member("context", of.attention.context);
    json.member("head_size", of.attention.head_size);
    json.member("queries", of.attention.queries);
  } else {
    json.member("elements", of.elements);
  }
}

void write_units(JsonWriter& json, const Specification& of) {
  json.begin_object("units");
  json.member("placement", memory::pim_placement_name(of.pim->placement));
  json.member("format", memory::pim_format_name(of.pim->format));
  json.member("per_pseudo_channel", memory::pim_units(of));
  json.member("lanes", of.pim->lanes);
  json.member("bandwidth_multiple", memory::pim_bandwidth_multiple(of));
  json.member("capacity_displaced", of.pim->capacity_displaced);
  json.member("evidence", evidence_name(of.pim->evidence));
  json.end_object();
}

void write_host(JsonWriter& json, const memory::MemoryReport& host) {
  json.begin_object("host");
  json.member("cycles", host.cycles);
  json.member("time_s", host.time_s);
  json.member("bytes", host.bytes);
  json.member("bandwidth_gb_s", host.bandwidth.value() / 1e9);
  json.member("refreshes", host.refreshes);
  json.member("energy_j", host.energy ? std::optional(host.energy->total()) : std::nullopt);
  json.end_object();
}

void write_pim(JsonWriter& json, const Specification& of, const memory::PimKernelReport& report) {
  const auto clocks = [&](memory::Tick ticks) { return static_cast<double>(ticks) / of.ticks_per_clock; };
  json.begin_object("pim");
  json.member("cycles", clocks(report.run.end));
  json.member("compute_cycles", clocks(report.run.compute_end));
  json.member("time_s", static_cast<double>(report.run.end) * of.tick_s());
  json.member("mean_time_s", report.figure.time.value());
  json.member("bytes", report.figure.bytes_from_banks);
  json.member("refreshes", report.run.refreshes);
  json.member("energy_j", report.figure.energy ? std::optional(report.figure.energy->value()) : std::nullopt);
  json.begin_object("commands");
  for (std::size_t i = 0; i < report.run.commands.size(); ++i)
    if (report.run.commands[i] > 0) json.member(of.commands[i].name, report.run.commands[i]);
  json.end_object();
  json.end_object();
}

void write_crossover(JsonWriter& json, const memory::Crossover& crossover) {
  json.begin_object("crossover");
  json.member("batch", crossover.batch);
  json.begin_array("points");
  for (const memory::CrossoverPoint& point : crossover.points) {
    json.begin_object();
    json.member("batch", point.batch);
    json.member("host_cycles", point.host_clocks);
    json.member("pim_cycles", point.pim_clocks);
    json.member("ratio", point.ratio());
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::string memory_gemv_json(const MemoryKernelRun& run) {
  const Specification& of = run.subject.specification;
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.memory.gemv/1");
  write_identity(json, of);
  json.member("stacks", run.subject.stacks);
  json.member("pseudo_channels", of.organisation.channels * of.organisation.pseudo_channels);
  write_request(json, run.request);
  write_units(json, of);
  write_host(json, run.report.host);
  write_pim(json, of, run.report);
  json.member("ratio", run.report.ratio(of));
  if (run.report.crossover) write_crossover(json, *run.report.crossover);
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
