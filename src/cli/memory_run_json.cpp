#include "cli/memory_result.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using memory::MemoryReport;
using memory::Specification;
using report::JsonWriter;

void write_system(JsonWriter& json, const MemorySubject& subject) {
  const memory::Organisation& of = subject.specification.organisation;
  json.begin_object("system");
  json.member("stacks", subject.stacks);
  json.member("channels", of.channels);
  json.member("pseudo_channels", of.pseudo_channels);
  json.member("ranks", of.ranks);
  json.member("bank_groups", of.bank_groups);
  json.member("banks_per_group", of.banks_per_group);
  json.member("rows", of.rows);
  json.member("row_bytes", of.row_bytes);
  json.member("access_bytes", of.access_bytes);
  json.member("capacity_bytes", of.capacity_bytes());
  json.member("clock_ns", subject.specification.nanoseconds(subject.specification.ticks_per_clock));
  json.end_object();
}

void write_controller(JsonWriter& json, const MemoryRun& run) {
  const memory::ControllerSettings& of = run.subject.specification.controller;
  json.begin_object("controller");
  json.member("kind", run.controller == memory::ControllerKind::plain ? "plain" : "event_driven");
  json.member("scheduler", of.scheduler);
  json.member("row_hit_cap", of.row_hit_cap);
  json.member("page_policy", of.page_policy);
  json.member("refresh", refresh_name(of.refresh));
  json.member("refresh_postponed_max", of.refresh_postponed_max);
  json.member("refresh_pulled_in_max", of.refresh_pulled_in_max);
  json.member("read_queue", of.read_queue);
  json.member("write_queue", of.write_queue);
  json.member("write_high", of.write_high);
  json.member("write_low", of.write_low);
  json.end_object();
}

void write_served(JsonWriter& json, const Specification& of, const MemoryReport& report) {
  constexpr double giga = 1e9;
  const memory::ChannelCounters& counters = report.counters;
  json.member("requests", report.requests);
  json.member("reads", counters.reads);
  json.member("writes", counters.writes);
  json.member("forwarded", counters.forwarded);
  json.member("cycles", report.cycles);
  json.member("time_s", report.time_s);
  json.member("bytes", report.bytes);
  json.member("bandwidth_gb_s", report.bandwidth.value() / giga);
  json.member("peak_gb_s", report.peak.value() / giga);
  json.member("peak_share", report.peak_share());
  json.member("row_hits", counters.row_hits);
  json.member("row_misses", counters.row_misses);
  json.member("row_conflicts", counters.row_conflicts);
  json.member("refreshes", report.refreshes);
  json.member("banks_refreshed", counters.banks_refreshed);
  json.begin_object("commands");
  for (std::size_t i = 0; i < counters.commands.size(); ++i) json.member(of.commands[i].name, counters.commands[i]);
  json.end_object();
}

void write_latency(JsonWriter& json, const MemoryReport& report) {
  const auto figure = [&](double MemoryReport::Latency::* of) {
    return report.latency ? std::optional((*report.latency).*of) : std::nullopt;
  };
  json.member("latency_mean_ns", figure(&MemoryReport::Latency::mean_ns));
  json.member("latency_p50_ns", figure(&MemoryReport::Latency::p50_ns));
  json.member("latency_p90_ns", figure(&MemoryReport::Latency::p90_ns));
  json.member("latency_p99_ns", figure(&MemoryReport::Latency::p99_ns));
  json.member("latency_max_ns", figure(&MemoryReport::Latency::max_ns));
  json.member("unloaded_latency_ns", report.unloaded_latency_ns);
}

void write_energy(JsonWriter& json, const Specification& of, const MemoryReport& report) {
  json.member("energy_j", report.energy ? std::optional(report.energy->total()) : std::nullopt);
  json.member("energy_pj_per_bit", report.energy_pj_per_bit());
  if (!report.energy) {
    json.member("energy_by_part_j", nullptr);
    json.member("energy_evidence", nullptr);
    return;
  }
  json.begin_object("energy_by_part_j");
  json.member("activation", report.energy->activation);
  json.member("cell", report.energy->cell);
  json.member("column_path", report.energy->column_path);
  json.member("tsv", report.energy->tsv);
  json.member("io", report.energy->io);
  json.member("refresh", report.energy->refresh);
  json.member("standby", report.energy->standby);
  json.end_object();
  json.member("energy_evidence", evidence_name(of.energy->evidence));
}

}  // namespace

std::string memory_run_json(const MemoryRun& run) {
  const Specification& of = run.subject.specification;
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.memory.run/1");
  write_identity(json, of);
  json.member_array("inconsistencies", of.inconsistencies);
  json.member("pattern", run.pattern);
  json.member("seed", run.seed);
  write_system(json, run.subject);
  write_controller(json, run);
  write_served(json, of, run.report);
  write_latency(json, run.report);
  write_energy(json, of, run.report);
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
