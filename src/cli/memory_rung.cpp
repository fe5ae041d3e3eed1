#include "cli/memory_rung.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {
namespace {

using memory::Demand;

constexpr memory::Demand activations{Demand::Kind::mixed, 0.5};

/// What the largest of the operators' demands of a kind is: of the layers' attention, of their experts.
void take_larger(const Demand& demand, Demand& largest) {
  if (demand.kind == Demand::Kind::gathered && demand.parameter > largest.parameter) largest = demand;
}

std::array<const StepView*, 3> views_of(const Explanation& of) { return {&of.prefill, &of.alone, &of.together}; }

/// "gathered in blocks of 32 KiB"
std::string demand_words(const Demand& demand) {
  if (demand.kind != Demand::Kind::gathered) return "streamed";
  return fmt::format("gathered in blocks of {}", report::human_binary(Bytes::of(demand.parameter)));
}

}  // namespace

std::optional<MemoryRung> find_memory_rung(const Subject& subject) {
  const serving::Deployment& spec = subject.spec();
  if (!spec.machine.memory_sustains.own) return std::nullopt;
  MemoryRung rung{spec.machine.memory_sustains, spec.machine.efficiency.bandwidth.value, {}, {}};
  for (const model::Operator& op : model::operators(*spec.model, spec.precision, spec.parallelism, 0)) {
    const accelerator::OperatorDemands demands = accelerator::demands_of(op, *spec.model, spec.engine.block_size);
    take_larger(demands.weights, rung.experts);
    take_larger(demands.cache, rung.cache);
  }
  return rung;
}

StepRung MemoryRung::of(const StepView& view) const {
  const auto line = [&](std::string name, double bytes, const Demand& demand) {
    return RungLine{std::move(name), bytes, sustains.own->at(demand), sustains.used_share(measured_share, demand)};
  };
  const double routed = view.streamed_expert_bytes;
  return {line("weights", view.streamed.weight_bytes - routed, {Demand::Kind::streamed, 0.0}),
          line("experts", routed, experts), line("cache", view.streamed.cache_bytes, cache),
          line("activations", view.streamed.activation_bytes, activations)};
}

report::Table rung_table(const MemoryRung& rung, const Explanation& explanation) {
  using report::Align;
  constexpr int digits = 3;
  report::Table table({{.title = "Step"},
                       {.title = "Asked for"},
                       {.title = "Bytes", .align = Align::right},
                       {.title = "Sustains", .unit = "% of peak", .align = Align::right},
                       {.title = "Step gets", .unit = "% of peak", .align = Align::right},
                       {.title = "Rows opened", .align = Align::right},
                       {.title = "Row hits", .unit = "%", .align = Align::right},
                       {.title = "Energy", .align = Align::right}});
  for (const StepView* view : views_of(explanation)) {
    bool first = true;
    for (const RungLine& line : rung.of(*view)) {
      if (line.bytes == 0.0) continue;
      const std::string energy = rung.specification().energy ? report::human(Joules::of(line.joules())) : "-";
      table.row({first ? view->name : "", line.name, report::human(Bytes::of(line.bytes)),
                 fmt::format("{:.1f}", line.point.share * 100.0), fmt::format("{:.1f}", line.used_share * 100.0),
                 report::significant(line.activations(), digits),
                 fmt::format("{:.1f}", line.point.row_hit_share * 100.0), energy});
      first = false;
    }
  }
  table.note(fmt::format(
      "{}, command by command: weights streamed, {}the cache {}, activations half written; refresh included. The "
      "memory "
      "alone sustains these shares; a step gets them times {:.3f}, which is what the class's {:.3f} of streamed bytes "
      "leaves when the memory's own losses are taken out.",
      rung.specification().title,
      rung.experts.parameter > 0.0 ? fmt::format("experts {}, ", demand_words(rung.experts)) : std::string(),
      demand_words(rung.cache), rung.residual(), rung.measured_share));
  return table;
}

void write_rung(report::JsonWriter& json, const MemoryRung& rung, const Explanation& explanation) {
  json.begin_object("memory");
  json.member("specification", rung.specification().name);
  json.member("preset", rung.specification().preset);
  json.member("cache_block_bytes", rung.cache.parameter);
  json.member("residual_efficiency", rung.residual());
  constexpr std::array keys{"prefill", "decode_alone", "decode_together"};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    json.begin_object(keys[i]);
    for (const RungLine& line : rung.of(*views_of(explanation)[i])) {
      json.begin_object(line.name);
      json.member("bytes", line.bytes);
      json.member("sustained_share", line.point.share);
      json.member("used_share", line.used_share);
      json.member("activations", line.activations());
      json.member("row_hit_share", line.point.row_hit_share);
      if (rung.specification().energy) json.member("energy_j", line.joules());
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
}

}  // namespace plumb::cli
