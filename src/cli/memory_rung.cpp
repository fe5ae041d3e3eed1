#include "cli/memory_rung.h"

#include <algorithm>

#include <fmt/format.h>

#include "memory/specification_file.h"
#include "memory/sustained_table.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::Demand;

constexpr double activations_written = 0.5;

/// Of the layers' attention, the largest: keys and values lie apart.
double cache_block_bytes_of(const Subject& subject) {
  const serving::Deployment& spec = subject.spec();
  double bytes = 0.0;
  for (const model::Operator& op : model::operators(*spec.model, spec.precision, spec.parallelism, 0)) {
    const auto* attention = std::get_if<model::Attention>(&op.shape);
    if (attention != nullptr) bytes = std::max(bytes, attention->key_bytes / 2.0);
  }
  return bytes * static_cast<double>(spec.engine.block_size);
}

std::array<const StepView*, 3> views_of(const Explanation& of) { return {&of.prefill, &of.alone, &of.together}; }

}  // namespace

std::optional<MemoryRung> find_memory_rung(const catalog::Catalog& catalog, const Subject& subject) {
  auto specification = memory::find_specification(subject.spec().machine.memory_specification, catalog);
  if (!specification) return std::nullopt;
  memory::SustainedBandwidth sustained = memory::sustained_of(*specification, memory::sustained_cache_folder());
  return MemoryRung{*std::move(specification), cache_block_bytes_of(subject), std::move(sustained)};
}

StepRung MemoryRung::of(const StepView& view) const {
  const auto line = [&](std::string name, double bytes, Demand demand) {
    return RungLine{std::move(name), bytes, sustained.at(demand)};
  };
  return {line("weights", view.streamed.weight_bytes, {Demand::Kind::streamed, 0.0}),
          line("cache", view.streamed.cache_bytes, {Demand::Kind::gathered, cache_block_bytes}),
          line("activations", view.streamed.activation_bytes, {Demand::Kind::mixed, activations_written})};
}

report::Table rung_table(const MemoryRung& rung, const Explanation& explanation) {
  using report::Align;
  constexpr int digits = 3;
  report::Table table({{.title = "Step"},
                       {.title = "Asked for"},
                       {.title = "Bytes", .align = Align::right},
                       {.title = "Sustains", .unit = "% of peak", .align = Align::right},
                       {.title = "Rows opened", .align = Align::right},
                       {.title = "Row hits", .unit = "%", .align = Align::right},
                       {.title = "Energy", .align = Align::right}});
  for (const StepView* view : views_of(explanation)) {
    bool first = true;
    for (const RungLine& line : rung.of(*view)) {
      if (line.bytes == 0.0) continue;
      const std::string energy = rung.specification.energy ? report::human(Joules::of(line.joules())) : "-";
      table.row({first ? view->name : "", line.name, report::human(Bytes::of(line.bytes)),
                 fmt::format("{:.1f}", line.point.share * 100.0), report::significant(line.activations(), digits),
                 fmt::format("{:.1f}", line.point.row_hit_share * 100.0), energy});
      first = false;
    }
  }
  table.note(fmt::format(
      "{}, command by command: weights streamed, the cache gathered in blocks of {}, activations half written; refresh "
      "included. Shares are of the memory alone: what the class sustains of the data sheet holds them and the "
      "accelerator's "
      "own losses.",
      rung.specification.title, report::human_binary(Bytes::of(rung.cache_block_bytes))));
  return table;
}

void write_rung(report::JsonWriter& json, const MemoryRung& rung, const Explanation& explanation) {
  json.begin_object("memory");
  json.member("specification", rung.specification.name);
  json.member("preset", rung.specification.preset);
  json.member("cache_block_bytes", rung.cache_block_bytes);
  constexpr std::array keys{"prefill", "decode_alone", "decode_together"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    json.begin_object(keys[i]);
    for (const RungLine& line : rung.of(*views_of(explanation)[i])) {
      json.begin_object(line.name);
      json.member("bytes", line.bytes);
      json.member("sustained_share", line.point.share);
      json.member("activations", line.activations());
      json.member("row_hit_share", line.point.row_hit_share);
      if (rung.specification.energy) json.member("energy_j", line.joules());
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
}

}  // namespace plumb::cli
