#include <array>
#include <string_view>

#include <fmt/format.h>

#include "cli/citations.h"
#include "cli/memory_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::Parameter;
using memory::Specification;
using report::Align;
using report::significant;
using report::Table;

constexpr int digits = 4;

/// The timings that tell memories apart; of several names the first that the standard has.
struct KeyTiming {
  std::string_view title;
  std::array<std::string_view, 2> names;
};
constexpr std::array key_timings{
    KeyTiming{"tRCD", {"tRCDRD", "tRCD"}},  KeyTiming{"tCL", {"tCL", "tRL"}},     KeyTiming{"tRP", {"tRP", "tRPpb"}},
    KeyTiming{"tRC", {"tRC", "tRCpb"}},     KeyTiming{"tFAW", {"tFAW", "t32AW"}}, KeyTiming{"tRFC", {"tRFC", "tRFCab"}},
    KeyTiming{"tREFI", {"tREFI", "tREFI"}},
};

double nanoseconds(const Specification& of, const Parameter& parameter) {
  return of.nanoseconds(parameter.clocks * of.ticks_per_clock);
}

std::string timing_cell(const Specification& of, const KeyTiming& timing) {
  for (const std::string_view name : timing.names)
    if (const Parameter* parameter = of.parameter(name)) return significant(nanoseconds(of, *parameter), digits);
  return "-";
}

std::string channel_words(const memory::Organisation& of) {
  return of.pseudo_channels > 1 ? fmt::format("{} x {}", of.channels, of.pseudo_channels)
                                : fmt::format("{}", of.channels);
}

Table organisation_table(const Specification& of) {
  const memory::Organisation& has = of.organisation;
  Table table({{.title = "Organisation"}, {.title = "", .align = Align::right}, {.title = ""}});
  const auto row = [&](std::string name, std::int64_t value, std::string note = "") {
    table.row({std::move(name), report::count(value), std::move(note)});
  };
  row("Channels", has.channels);
  row("Pseudo-channels", has.pseudo_channels, "of a channel");
  row("Ranks", has.ranks, "of a pseudo-channel, or stack IDs");
  row("Bank groups", has.bank_groups, "of a rank");
  row("Banks", has.banks_per_group, "of a group");
  row("Rows", has.rows, "of a bank");
  row("Bytes of a row", has.row_bytes);
  row("Bytes of an access", has.access_bytes, "a burst");
  table.row({"Capacity", report::human_binary(Bytes::of(static_cast<double>(has.capacity_bytes())))});
  table.row({"Peak bandwidth", report::human(of.peak_bandwidth())});
  table.row({"Clock", significant(of.nanoseconds(of.ticks_per_clock), digits) + " ns",
             of.ticks_per_clock == 2 ? "commands begin on both edges" : ""});
  return table;
}

Table timing_table(const Specification& of, Citations& sources) {
  Table table({{.title = "Timing"},
               {.title = "Clocks", .align = Align::right},
               {.title = "ns", .align = Align::right},
               {.title = "Evidence"},
               {.title = "Source"}});
  for (const Parameter& parameter : of.parameters) {
    table.row({parameter.name, significant(parameter.clocks, digits), significant(nanoseconds(of, parameter), digits),
               std::string(evidence_name(parameter.evidence)), sources.cite(parameter.source)});
    if (!parameter.note.empty()) table.note(fmt::format("{}: {}", parameter.name, parameter.note));
  }
  return table;
}

Table energy_table(const Specification& of, Citations& sources) {
  const memory::Energy& energy = *of.energy;
  constexpr double pico = 1e12, nano = 1e9, milli = 1e3;
  Table table({{.title = "Energy"}, {.title = "", .align = Align::right}, {.title = ""}, {.title = "Source"}});
  const auto row = [&](std::string name, double value, std::string unit) {
    table.row({std::move(name), significant(value), std::move(unit), sources.cite(energy.source)});
  };
  row("Activation and precharge", energy.activation * nano, "nJ");
  const auto per_bit = [&](std::string_view what, const memory::Energy::PerBit& of_bit) {
    row(fmt::format("{}, cell array", what), of_bit.cell * pico, "pJ/bit");
    row(fmt::format("{}, column path", what), of_bit.column_path * pico, "pJ/bit");
    row(fmt::format("{}, TSV", what), of_bit.tsv * pico, "pJ/bit");
    row(fmt::format("{}, I/O", what), of_bit.io * pico, "pJ/bit");
  };
  per_bit("Read", energy.read);
  per_bit("Write", energy.write);
  row("Refresh of a bank", energy.refresh * nano, "nJ");
  row("Standby, a row open", energy.standby_active * milli, "mW a pseudo-channel");
  row("Standby, all closed", energy.standby_precharged * milli, "mW a pseudo-channel");
  table.note(fmt::format("Evidence: {}.", evidence_name(energy.evidence)));
  if (!energy.note.empty()) table.note(energy.note);
  return table;
}

Table command_table(const Specification& of) {
  Table table({{.title = "Command"},
               {.title = "Does"},
               {.title = "Covers"},
               {.title = "Bus"},
               {.title = "Clocks", .align = Align::right}});
  for (const memory::Command& command : of.commands)
    table.row({command.name, std::string(does_name(command.does)), std::string(scope_name(command.scope)),
               command.bus == memory::Bus::row ? "row" : "column",
               significant(static_cast<double>(command.bus_ticks) / of.ticks_per_clock)});
  return table;
}

std::string level_words(const memory::Constraint& constraint) {
  constexpr std::array<std::string_view, memory::level_count> names{"channel", "pseudo-channel", "rank", "bank group",
                                                                    "bank"};
  const std::string_view name = names[static_cast<std::size_t>(constraint.level)];
  return constraint.siblings ? fmt::format("other {}", name) : std::string(name);
}

Table constraint_table(const Specification& of) {
  Table table({{.title = "From"},
               {.title = "To"},
               {.title = "In the same"},
               {.title = "Clocks", .align = Align::right},
               {.title = "By"}});
  for (const memory::Constraint& constraint : of.constraints) {
    const std::string by = constraint.window > 1
                               ? fmt::format("{}, from the {}th last", constraint.text, constraint.window)
                               : constraint.text;
    table.row({of.commands[static_cast<std::size_t>(constraint.from)].name,
               of.commands[static_cast<std::size_t>(constraint.to)].name, level_words(constraint),
               significant(static_cast<double>(constraint.ticks) / of.ticks_per_clock, digits), by});
  }
  return table;
}

std::string mapping_words(const Specification& of) {
  std::string words = "Address, from the lowest bit:";
  for (std::size_t i = 0; i < of.mapping.order.size(); ++i) {
    const memory::AddressRecipe::Part& part = of.mapping.order[i];
    if (!of.mapping.skew.empty() && of.mapping.skew_at == i) words += " (skew)";
    words += fmt::format(" {}", memory::field_names[static_cast<std::size_t>(part.field)]);
    if (part.bits >= 0) words += fmt::format(":{}", part.bits);
  }
  for (const memory::AddressRecipe::Xor& made : of.mapping.xors)
    words += fmt::format("; {} ^= {} >> {}", memory::field_names[static_cast<std::size_t>(made.field)],
                         memory::field_names[static_cast<std::size_t>(made.other)], made.shift);
  return words + ".";
}

}  // namespace

std::string memory_list_text(std::span<const Specification> specifications, const report::Style& style) {
  std::vector<report::Column> columns{{.title = "Memory"},
                                      {.title = "Title"},
                                      {.title = "Channels", .align = Align::right},
                                      {.title = "Capacity", .align = Align::right},
                                      {.title = "Peak", .unit = "GB/s", .align = Align::right},
                                      {.title = "Clock", .unit = "ns", .align = Align::right}};
  for (const KeyTiming& timing : key_timings)
    columns.push_back({.title = std::string(timing.title), .unit = "ns", .align = Align::right});
  columns.push_back({.title = "Evidence"});
  Table table(std::move(columns));
  for (const Specification& of : specifications) {
    std::vector<std::string> cells{
        of.full_name(),
        of.title,
        channel_words(of.organisation),
        report::human_binary(Bytes::of(static_cast<double>(of.organisation.capacity_bytes()))),
        significant(of.peak_bandwidth().value() / 1e9, digits),
        significant(of.nanoseconds(of.ticks_per_clock), digits)};
    for (const KeyTiming& timing : key_timings) cells.push_back(timing_cell(of, timing));
    cells.push_back(of.inconsistencies.empty() ? std::string(evidence_name(of.evidence))
                                               : fmt::format("{}, inconsistent", evidence_name(of.evidence)));
    table.row(std::move(cells));
  }
  table.note("Channels x pseudo-channels, of a stack, a chip or a module. plumb memory list SPEC shows all of one.");
  return render_text(table, style);
}

std::string memory_show_text(const Specification& of, const report::Style& style) {
  std::string text = report::heading_text(fmt::format("{} ({})", of.title, of.full_name()), style);
  Citations sources;
  const auto add = [&](const Table& table) { text += "\n" + render_text(table, style); };
  add(organisation_table(of));
  add(timing_table(of, sources));
  add(command_table(of));
  add(constraint_table(of));
  if (of.energy) add(energy_table(of, sources));
  text += "\n" + report::paragraph_text(mapping_words(of), style) + sources.text(style);
  if (!of.energy) text += report::paragraph_text("Energy: unknown.", style);
  for (const std::string& inconsistency : of.inconsistencies)
    text += report::paragraph_text("Inconsistent: " + inconsistency, style);
  for (const std::string& note : of.notes) text += report::paragraph_text(note, style);
  return text;
}

}  // namespace plumb::cli
