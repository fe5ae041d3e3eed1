#include <vector>

#include <fmt/format.h>

#include "cli/memory_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::MemoryReport;
using memory::Specification;
using report::count;
using report::human;
using report::percent;
using report::significant;
using report::Table;

constexpr int digits = 4;

/// "743.2 GB/s"
std::string rate(BytesPerSecond value) { return significant(value.value() / 1e9, digits) + " GB/s"; }
std::string nanoseconds(double value) { return significant(value, digits) + " ns"; }
std::string share(std::int64_t part, std::int64_t all) {
  return all == 0 ? std::string() : percent(static_cast<double>(part) / static_cast<double>(all));
}

Table table_of(std::string title) {
  return Table({{.title = std::move(title)}, {.title = "", .align = report::Align::right}, {.title = ""}});
}

Table served_table(const MemoryReport& report) {
  const memory::ChannelCounters& counters = report.counters;
  Table table = table_of("Served");
  table.row({"Accesses", count(report.requests)});
  table.row({"  reads", count(counters.reads)});
  table.row({"  writes", count(counters.writes)});
  if (counters.forwarded > 0) table.row({"  read from a waiting write", count(counters.forwarded)});
  table.row({"Cycles", count(report.cycles), human(Seconds::of(report.time_s))});
  table.row({"Bandwidth", rate(report.bandwidth), fmt::format("{} of the peak", percent(report.peak_share()))});
  table.row({"Peak", rate(report.peak)});
  return table;
}

Table latency_table(const MemoryReport& report) {
  Table table = table_of("Latency of reads");
  if (report.latency) {
    table.row({"Mean", nanoseconds(report.latency->mean_ns)});
    table.row({"Median", nanoseconds(report.latency->p50_ns)});
    table.row({"90th percentile", nanoseconds(report.latency->p90_ns)});
    table.row({"99th percentile", nanoseconds(report.latency->p99_ns)});
    table.row({"Longest", nanoseconds(report.latency->max_ns)});
  }
  table.row({"Unloaded", nanoseconds(report.unloaded_latency_ns), "one read of a closed bank, nothing else"});
  return table;
}

Table command_table(const Specification& of, const MemoryReport& report) {
  const memory::ChannelCounters& counters = report.counters;
  const std::int64_t all = counters.row_hits + counters.row_misses + counters.row_conflicts;
  Table table = table_of("Rows and commands");
  table.row({"Row hits", count(counters.row_hits), share(counters.row_hits, all)});
  table.row({"Row misses", count(counters.row_misses), share(counters.row_misses, all)});
  table.row({"Row conflicts", count(counters.row_conflicts), share(counters.row_conflicts, all)});
  for (std::size_t i = 0; i < counters.commands.size(); ++i)
    if (counters.commands[i] > 0) table.row({of.commands[i].name, count(counters.commands[i])});
  return table;
}

Table energy_table(const MemoryReport& report) {
  Table table = table_of("Energy");
  const memory::EnergyParts& parts = *report.energy;
  const double bits = report.bytes * 8.0;
  const auto row = [&](std::string name, double joules, report::RowKind kind = report::RowKind::normal) {
    table.row({std::move(name), human(Joules::of(joules)),
               bits > 0 ? significant(joules / bits * 1e12) + " pJ/bit" : std::string()},
              kind);
  };
  row("Activation", parts.activation);
  row("Cell array", parts.cell);
  row("Column path", parts.column_path);
  row("TSV", parts.tsv);
  row("I/O", parts.io);
  row("Refresh", parts.refresh);
  row("Standby", parts.standby);
  row("All", parts.total(), report::RowKind::total);
  return table;
}

std::string system_words(const MemoryRun& run) {
  const Specification& of = run.subject.specification;
  const memory::Organisation& has = of.organisation;
  const auto several = [](int number, std::string_view name) {
    return fmt::format("{} {}{}", report::count(number), name, number == 1 ? "" : "s");
  };
  std::string words = several(has.channels, "channel");
  if (has.pseudo_channels > 1) words += fmt::format(" of {} pseudo-channels", has.pseudo_channels);
  if (run.subject.stacks > 1) words += fmt::format(" in {} stacks", run.subject.stacks);
  const double bytes = static_cast<double>(has.capacity_bytes());
  return words + fmt::format(", {}; pattern {}, accesses of {} bytes.", report::human_binary(Bytes::of(bytes)),
                             run.pattern, has.access_bytes);
}

std::string controller_words(const MemoryRun& run) {
  const memory::ControllerSettings& of = run.subject.specification.controller;
  std::string words = fmt::format("Scheduler {}, ", of.scheduler);
  if (of.row_hit_cap > 0) words += fmt::format("at most {} hits of a row while another waits, ", of.row_hit_cap);
  words += fmt::format("page policy {}, refresh {}; a channel's queues hold {} reads and {} writes.", of.page_policy,
                       refresh_name(of.refresh), of.read_queue, of.write_queue);
  if (run.controller == memory::ControllerKind::plain) words += " Plain controller.";
  return words;
}

}  // namespace

std::string memory_run_text(const MemoryRun& run, const report::Style& style) {
  const Specification& of = run.subject.specification;
  std::string text = report::heading_text(fmt::format("{} ({})", of.title, of.full_name()), style);
  text += report::paragraph_text(system_words(run), style);
  text += report::paragraph_text(controller_words(run), style);
  const auto add = [&](const Table& table) { text += "\n" + render_text(table, style); };
  add(served_table(run.report));
  add(latency_table(run.report));
  add(command_table(of, run.report));
  if (run.report.energy) add(energy_table(run.report));
  text += "\n" + report::paragraph_text(
                     fmt::format("Evidence of the timings: {}.{}", evidence_name(of.evidence),
                                 of.energy ? fmt::format(" Of the energies: {}.", evidence_name(of.energy->evidence))
                                           : std::string(" Energy: unknown for this memory.")),
                     style);
  for (const std::string& inconsistency : of.inconsistencies)
    text += report::paragraph_text("Inconsistent: " + inconsistency, style);
  return text;
}

}  // namespace plumb::cli
