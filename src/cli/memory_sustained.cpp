#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/memory_actions.h"
#include "cli/terminal.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"
#include "report/json_writer.h"
#include "report/table.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::Demand;
using memory::Specification;
using memory::SustainedBandwidth;
using memory::SustainedPoint;

constexpr std::array<std::string_view, 4> known_options{"--csv", "--json", "--jobs", "--catalog"};

std::string demand_words(const Demand& demand) {
  switch (demand.kind) {
    case Demand::Kind::streamed: return "streamed";
    case Demand::Kind::gathered:
      return fmt::format("gathered in blocks of {}", report::human_binary(Bytes::of(demand.parameter)));
    case Demand::Kind::mixed: return fmt::format("one stream, {:.1f} % written", demand.parameter * 100.0);
  }
  return "";
}

std::string table_text(const Specification& of, const SustainedBandwidth& table, const report::Style& style) {
  report::Table shown({{.title = "Demand"},
                       {.title = "Bandwidth", .unit = "GB/s", .align = report::Align::right},
                       {.title = "of peak", .unit = "%", .align = report::Align::right},
                       {.title = "Row hits", .unit = "%", .align = report::Align::right},
                       {.title = "Activations", .unit = "per KiB", .align = report::Align::right},
                       {.title = "Energy", .unit = "pJ/bit", .align = report::Align::right}});
  constexpr double giga = 1e9, percent = 100.0, kibi = 1024.0, pico_per_bit = 1e12 / 8.0;
  for (const SustainedPoint& point : table.points()) {
    const std::string energy = of.energy ? fmt::format("{:.2f}", point.joules_per_byte * pico_per_bit) : "-";
    shown.row({demand_words(point.demand), fmt::format("{:.1f}", of.peak_bandwidth().value() * point.share / giga),
               fmt::format("{:.1f}", point.share * percent), fmt::format("{:.1f}", point.row_hit_share * percent),
               fmt::format("{:.2f}", point.activations_per_byte * kibi), energy});
  }
  shown.caption = fmt::format("{}, {} reads to choose from: what it sustains of {:.1f} GB/s, by what is asked of it",
                              of.title, of.controller.read_queue, of.peak_bandwidth().value() / giga);
  shown.note("The command-level model at the specification's queues and policies, refresh included.");
  return render_text(shown, style);
}

void write_points(report::JsonWriter& json, const Specification& of, const SustainedBandwidth& table) {
  json.begin_object();
  json.member("specification", of.name);
  json.member("preset", of.preset);
  json.member("read_queue", of.controller.read_queue);
  json.member("peak_gb_s", of.peak_bandwidth().value() / 1e9);
  json.begin_array("demands");
  for (const SustainedPoint& point : table.points()) {
    json.begin_object();
    json.member("demand", demand_name(point.demand.kind));
    if (point.demand.kind == Demand::Kind::gathered) json.member("block_bytes", point.demand.parameter);
    if (point.demand.kind == Demand::Kind::mixed) json.member("write_share", point.demand.parameter);
    json.member("share_of_peak", point.share);
    json.member("row_hit_share", point.row_hit_share);
    json.member("activations_per_byte", point.activations_per_byte);
    if (of.energy) json.member("energy_pj_per_bit", point.joules_per_byte * 1e12 / 8.0);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

Result<int> run(const Arguments& arguments) {
  const auto json_path = arguments.text("--json"), csv_path = arguments.text("--csv");
  PLUMB_TRY(check_outputs({json_path, csv_path}));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  std::vector<Specification> asked;
  if (arguments.operands.size() > 1) {
    PLUMB_ASSIGN(Specification of, memory::find_specification(arguments.operands[1], catalog));
    asked.push_back(std::move(of));
  } else {
    PLUMB_ASSIGN(asked, memory::tabled_specifications(catalog));
  }
  std::string csv(memory::sustained_header()), text;
  report::JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.memory.sustained/1");
  json.begin_array("memories");
  for (const Specification& of : asked) {
    const SustainedBandwidth table =
        memory::whole_sustained_of(of, memory::sustained_cache_folder(), static_cast<int>(jobs));
    csv += memory::sustained_rows(of, table);
    write_points(json, of, table);
    text += (text.empty() ? "" : "\n") + table_text(of, table, terminal_style());
  }
  json.end_array();
  json.end_object();
  if (csv_path) PLUMB_TRY(write_file(*csv_path, csv));
  if (json_path) PLUMB_TRY(write_file(*json_path, json.take()));
  if (csv_path != "-" && json_path != "-") fmt::print("{}", text);
  return 0;
}

}  // namespace

MemoryAction memory_sustained_action() { return {"sustained", known_options, run}; }

}  // namespace plumb::cli
