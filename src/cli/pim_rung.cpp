#include "cli/pim_rung.h"

#include <algorithm>

#include <fmt/format.h>

#include "accelerator/pim_memory.h"
#include "memory/pim_unit.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::human;

const OperatorLine* find(const StepView& view, const OperatorLine& like) {
  const auto found = std::find_if(view.lines.begin(), view.lines.end(), [&](const OperatorLine& line) {
    return line.name == like.name && line.family == like.family;
  });
  return found == view.lines.end() ? nullptr : &*found;
}

const BatchesInMemory* batches_of(const Explanation& explanation, const OperatorLine& line) {
  for (const BatchesInMemory& batches : explanation.in_memory)
    if (batches.name == line.name && batches.family == line.family) return &batches;
  return nullptr;
}

/// "1-7", "1-7, 10-18", "from 9", "none".
std::string batch_words(const BatchesInMemory& batches) {
  if (batches.spans.empty()) return "none";
  std::vector<std::string> words;
  for (const auto& [first, last] : batches.spans) {
    if (last == batches.batch_max && first == 1) return "all";
    words.push_back(last == batches.batch_max ? fmt::format("from {}", first)
                    : first == last           ? fmt::format("{}", first)
                                              : fmt::format("{}-{}", first, last));
  }
  constexpr std::size_t most = 3;
  if (words.size() > most) words = {words.front(), "...", words.back()};
  return fmt::format("{}", fmt::join(words, ", "));
}

/// "32 us / 11 us, memory"
std::string time_words(const OperatorLine* line) {
  if (line == nullptr || !line->in_memory.can) return "-";
  const InMemory& in = line->in_memory;
  return fmt::format("{} / {}{}", human(Seconds::of(in.host_s)), human(Seconds::of(in.memory_s)),
                     in.steps_in_memory > 0 ? " *" : "");
}

std::string energy_words(const OperatorLine* line) {
  if (line == nullptr || !line->in_memory.host_j || !line->in_memory.memory_j) return "-";
  return fmt::format("{} / {}", human(Joules::of(*line->in_memory.host_j)),
                     human(Joules::of(*line->in_memory.memory_j)));
}

std::string unit_words(const accelerator::PimMemory& memory) {
  const memory::PimUnit& unit = *memory.specification().pim;
  std::string words = fmt::format(
      "{}: units of {} lanes of {}, one a {}, {} together, which take {:.3g} times what the pins carry", memory.words(),
      unit.lanes, pim_format_name(unit.format), pim_placement_name(unit.placement),
      human(FlopsPerSecond::of(memory.peak_flops_per_s())), memory::pim_bandwidth_multiple(memory.specification()));
  if (unit.capacity_displaced > 0.0)
    words += fmt::format("; in place of {} of a stack's capacity", report::percent(unit.capacity_displaced));
  if (memory.share_reached() < 1.0)
    words += fmt::format("; they reach {} of it", report::percent(memory.share_reached()));
  return words;
}

void write_side(report::JsonWriter& json, std::string_view key, const OperatorLine* line) {
  if (line == nullptr || !line->in_memory.can) return;
  const InMemory& in = line->in_memory;
  constexpr double ms = 1e3;
  json.begin_object(key);
  json.member("in_memory", in.steps_in_memory > 0);
  json.member("host_ms", in.host_s * ms);
  json.member("memory_ms", in.memory_s * ms);
  json.member("units_ms", in.units_s * ms);
  json.member("host_energy_j", in.host_j);
  json.member("memory_energy_j", in.memory_j);
  json.end_object();
}

}  // namespace

report::Table pim_table(const Subject& subject, const Explanation& explanation) {
  using report::Align;
  report::Table table(
      {{.title = "Operator"},
       {.title = "Time", .unit = "alone, host / memory", .align = Align::right},
       {.title = "Energy", .unit = "alone, host / memory", .align = Align::right},
       {.title = "Time", .unit = fmt::format("{} together", explanation.batch), .align = Align::right},
       {.title = "Energy", .unit = fmt::format("{} together", explanation.batch), .align = Align::right},
       {.title = "In memory at batch", .align = Align::right},
       {.title = "Stays with the host because"}});
  for (const OperatorLine& together : explanation.together.lines) {
    const BatchesInMemory* batches = batches_of(explanation, together);
    if (batches == nullptr && together.in_memory.why_host.empty()) continue;
    const OperatorLine* alone = find(explanation.alone, together);
    table.row({together.name, time_words(alone), energy_words(alone), time_words(&together), energy_words(&together),
               batches != nullptr ? batch_words(*batches) : "-", together.in_memory.why_host},
              together.in_memory.steps_in_memory > 0 ? report::RowKind::best : report::RowKind::normal);
  }
  table.note(fmt::format("{}. * runs in memory. Energies are the memory's, units included; launches are in the times.",
                         unit_words(*subject.spec().machine.pim)));
  return table;
}

void write_pim(report::JsonWriter& json, const Subject& subject, const Explanation& explanation) {
  const accelerator::PimMemory& memory = *subject.spec().machine.pim;
  json.begin_object("compute_in_memory");
  json.member("specification", memory.specification().name);
  json.member("preset", memory.specification().preset);
  json.member("stacks", memory.use().stacks);
  json.member("beside", memory.use().beside);
  json.member("units_flops_per_s", memory.peak_flops_per_s());
  json.member("bandwidth_multiple", memory::pim_bandwidth_multiple(memory.specification()));
  json.member("capacity_displaced", memory.specification().pim->capacity_displaced);
  json.member("share_reached", memory.share_reached());
  json.begin_array("operators");
  for (const OperatorLine& together : explanation.together.lines) {
    const BatchesInMemory* batches = batches_of(explanation, together);
    if (batches == nullptr && together.in_memory.why_host.empty()) continue;
    json.begin_object();
    json.member("operator", together.name);
    json.member("family", family_name(together.family));
    if (!together.in_memory.why_host.empty()) json.member("why_host", together.in_memory.why_host);
    write_side(json, "decode_alone", find(explanation.alone, together));
    write_side(json, "decode_together", &together);
    if (batches != nullptr) {
      json.begin_array("batches_in_memory");
      for (const auto& [first, last] : batches->spans) {
        json.begin_object();
        json.member("first", first);
        json.member("last", last);
        json.end_object();
      }
      json.end_array();
      json.member("host_from_batch", batches->host_from());
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace plumb::cli
