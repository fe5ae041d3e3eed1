#include <fmt/format.h>

#include "cli/memory_gemv_result.h"
#include "cli/memory_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::PimKernelKind;
using memory::Specification;
using report::count;
using report::human;
using report::significant;
using report::Table;

report::Column number(std::string title) { return {.title = std::move(title), .align = report::Align::right}; }

std::string request_words(const memory::PimKernelRequest& of) {
  switch (of.kind) {
    case PimKernelKind::gemv:
      return fmt::format("y = W x, W of {} x {}, {} {}.", count(of.shape.outputs), count(of.shape.inputs),
                         count(of.batch), of.batch == 1 ? "vector" : "vectors, one after the other");
    case PimKernelKind::attention:
      return fmt::format("Attention of one token: {} heads of {}, a context of {}, {} {} to a head's cache.",
                         count(of.attention.heads), count(of.attention.head_size), count(of.attention.context),
                         count(of.attention.queries), of.attention.queries == 1 ? "query" : "queries");
    default: return fmt::format("{} of {} elements.", memory::pim_kernel_name(of.kind), count(of.elements));
  }
}

std::string unit_words(const Specification& of) {
  return fmt::format(
      "{} units a pseudo-channel, {} ({}), of {} {} lanes: together they take {} times what the pins carry.",
      memory::pim_units(of), memory::pim_placement_name(of.pim->placement),
      of.pim->style == memory::PimStyle::registers ? "vector registers" : "a shared buffer", of.pim->lanes,
      memory::pim_format_name(of.pim->format), significant(memory::pim_bandwidth_multiple(of)));
}

Table cost_table(const MemoryKernelRun& run) {
  const Specification& of = run.subject.specification;
  const memory::PimKernelReport& report = run.report;
  const auto clocks = [&](memory::Tick ticks) { return static_cast<double>(ticks) / of.ticks_per_clock; };
  const auto time = [&](memory::Tick ticks) { return human(Seconds::of(static_cast<double>(ticks) * of.tick_s())); };
  Table table({{.title = ""}, number("Host"), number("Units")});
  table.row({"Cycles", count(report.host.cycles), count(clocks(report.run.end))});
  table.row({"  until results are in memory", "", count(clocks(report.run.compute_end))});
  table.row({"Time", human(Seconds::of(report.host.time_s)), time(report.run.end)});
  table.row({"  mean over refreshes", "", human(report.figure.time)});
  table.row({"Bytes over the pins, or from banks", human(Bytes::of(report.host.bytes)),
             human(Bytes::of(report.figure.bytes_from_banks))});
  if (report.host.energy && report.figure.energy)
    table.row({"Energy", human(Joules::of(report.host.energy->total())), human(*report.figure.energy)});
  table.row({"Host / units", "", significant(report.ratio(of), 4)}, report::RowKind::total);
  return table;
}

Table command_table(const Specification& of, const memory::PimRun& run) {
  Table table({{.title = "Commands of one pseudo-channel"}, number("")});
  for (std::size_t i = 0; i < run.commands.size(); ++i)
    if (run.commands[i] > 0) table.row({of.commands[i].name, count(run.commands[i])});
  return table;
}

Table crossover_table(const memory::Crossover& crossover) {
  Table table({number("Batch"), number("Host cycles"), number("Unit cycles"), number("Host / units")});
  for (const memory::CrossoverPoint& point : crossover.points)
    table.row({count(point.batch), count(point.host_clocks), count(point.pim_clocks), significant(point.ratio())});
  table.note(crossover.batch
                 ? fmt::format("The host reads the matrix once for all vectors, the units once for each: from {} {} on "
                               "the host is faster.",
                               count(*crossover.batch), *crossover.batch == 1 ? "vector" : "vectors")
                 : std::string("The units are faster at each of these."));
  return table;
}

}  // namespace

std::string memory_gemv_text(const MemoryKernelRun& run, const report::Style& style) {
  const Specification& of = run.subject.specification;
  std::string text = report::heading_text(fmt::format("{} ({})", of.title, of.full_name()), style);
  text += report::paragraph_text(request_words(run.request), style);
  text += report::paragraph_text(unit_words(of), style);
  const auto add = [&](const Table& table) { text += "\n" + render_text(table, style); };
  add(cost_table(run));
  add(command_table(of, run.report.run));
  if (run.report.crossover) add(crossover_table(*run.report.crossover));
  text += "\n" + report::paragraph_text(fmt::format("Evidence of the timings: {}; of the units: {}.",
                                                    evidence_name(of.evidence), evidence_name(of.pim->evidence)),
                                        style);
  return text;
}

}  // namespace plumb::cli
