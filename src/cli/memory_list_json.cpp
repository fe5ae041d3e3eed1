#include <array>

#include "cli/memory_result.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using memory::Specification;
using report::JsonWriter;

void write_timings(JsonWriter& json, const Specification& of) {
  json.begin_object("timings");
  for (const memory::Parameter& parameter : of.parameters) {
    json.begin_object(parameter.name);
    json.member("clocks", parameter.clocks);
    json.member("ns", of.nanoseconds(parameter.clocks * of.ticks_per_clock));
    json.member("evidence", evidence_name(parameter.evidence));
    json.member("source", parameter.source);
    json.member("note", parameter.note);
    json.member("file", parameter.place.file);
    json.member("line", parameter.place.line);
    json.end_object();
  }
  json.end_object();
}

void write_commands(JsonWriter& json, const Specification& of) {
  json.begin_array("commands");
  for (const memory::Command& command : of.commands) {
    json.begin_object();
    json.member("name", command.name);
    json.member("does", does_name(command.does));
    json.member("scope", scope_name(command.scope));
    json.member("bus", command.bus == memory::Bus::row ? "row" : "column");
    json.member("clocks", static_cast<double>(command.bus_ticks) / of.ticks_per_clock);
    json.end_object();
  }
  json.end_array();
}

void write_constraints(JsonWriter& json, const Specification& of) {
  constexpr std::array<std::string_view, memory::level_count> levels{"channel", "pseudo_channel", "rank", "bank_group",
                                                                     "bank"};
  json.begin_array("constraints");
  for (const memory::Constraint& constraint : of.constraints) {
    json.begin_object();
    json.member("from", of.commands[static_cast<std::size_t>(constraint.from)].name);
    json.member("to", of.commands[static_cast<std::size_t>(constraint.to)].name);
    json.member("in", levels[static_cast<std::size_t>(constraint.level)]);
    json.member("other", constraint.siblings);
    json.member("window", constraint.window);
    json.member("clocks", static_cast<double>(constraint.ticks) / of.ticks_per_clock);
    json.member("after", constraint.text);
    json.end_object();
  }
  json.end_array();
}

void write_energy(JsonWriter& json, const Specification& of) {
  if (!of.energy) {
    json.member("energy", nullptr);
    return;
  }
  const memory::Energy& energy = *of.energy;
  const auto write_bit = [&](std::string_view key, const memory::Energy::PerBit& bit) {
    json.begin_object(key);
    json.member("cell_j_per_bit", bit.cell);
    json.member("column_path_j_per_bit", bit.column_path);
    json.member("tsv_j_per_bit", bit.tsv);
    json.member("io_j_per_bit", bit.io);
    json.end_object();
  };
  json.begin_object("energy");
  json.member("activation_j", energy.activation);
  write_bit("read", energy.read);
  write_bit("write", energy.write);
  json.member("refresh_j", energy.refresh);
  json.member("standby_active_w", energy.standby_active);
  json.member("standby_precharged_w", energy.standby_precharged);
  json.member("evidence", evidence_name(energy.evidence));
  json.member("source", energy.source);
  json.member("note", energy.note);
  json.end_object();
}

void write_specification(JsonWriter& json, const Specification& of) {
  constexpr double giga = 1e9;
  const memory::Organisation& has = of.organisation;
  json.begin_object();
  json.member("name", of.full_name());
  write_identity(json, of);
  json.member_array("inconsistencies", of.inconsistencies);
  json.member_array("notes", of.notes);
  json.member("channels", has.channels);
  json.member("pseudo_channels", has.pseudo_channels);
  json.member("ranks", has.ranks);
  json.member("bank_groups", has.bank_groups);
  json.member("banks_per_group", has.banks_per_group);
  json.member("rows", has.rows);
  json.member("row_bytes", has.row_bytes);
  json.member("access_bytes", has.access_bytes);
  json.member("capacity_bytes", has.capacity_bytes());
  json.member("clock_ns", of.nanoseconds(of.ticks_per_clock));
  json.member("peak_gb_s", of.peak_bandwidth().value() / giga);
  write_timings(json, of);
  write_commands(json, of);
  write_constraints(json, of);
  write_energy(json, of);
  json.end_object();
}

}  // namespace

void write_identity(JsonWriter& json, const Specification& of) {
  json.member("memory", of.name);
  json.member("preset", of.preset.empty() ? std::nullopt : std::optional(of.preset));
  json.member("title", of.title);
  json.member("evidence", evidence_name(of.evidence));
}

std::string memory_list_json(std::span<const Specification> specifications) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.memory.list/1");
  json.begin_array("specifications");
  for (const Specification& specification : specifications) write_specification(json, specification);
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
