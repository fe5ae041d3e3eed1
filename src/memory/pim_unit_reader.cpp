#include "memory/pim_unit_reader.h"

#include <array>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

constexpr std::array<std::string_view, 5> placement_words{"bank", "bank_pair", "bank_group", "buffer", "logic_die"};
constexpr std::array<std::string_view, 2> style_words{"registers", "buffer"};
constexpr std::array<std::string_view, 2> format_words{"fp16", "bf16"};
constexpr int element_bytes = 2;

Status lacks(const Specification& of, const Place& place, Does does) {
  if (of.command(does) >= 0) return {};
  return fail(input_error(
      place, fmt::format("[dram.commands] has none that does \"{}\", which [dram.pim] needs", does_name(does)),
      fmt::format("NAME = {{ does = \"{}\", scope = \"pseudo_channel\" }}", does_name(does))));
}

}  // namespace

void read_pim_unit(Reader& table, const std::map<std::string, std::string, std::less<>>& sources, PimUnit& unit) {
  unit.placement =
      static_cast<PimPlacement>(table.choice("placement", placement_words, static_cast<std::size_t>(unit.placement)));
  unit.style = static_cast<PimStyle>(table.choice("style", style_words, static_cast<std::size_t>(unit.style)));
  unit.format = static_cast<PimFormat>(table.choice("format", format_words, static_cast<std::size_t>(unit.format)));
  const auto whole = [&](std::string_view key, auto& to, Range range) {
    if (auto value = table.integer_if(key, range)) to = static_cast<std::remove_reference_t<decltype(to)>>(*value);
  };
  whole("lanes", unit.lanes, {1.0, 4096.0});
  whole("vector_registers", unit.vector_registers, {0.0, 256.0});
  whole("instructions", unit.instructions, {0.0, 4096.0});
  whole("rows", unit.rows, {0.0, 1e9});
  if (auto bytes = table.quantity_if<Bytes>("buffer", {0.0, 1e9}))
    unit.buffer_bytes = static_cast<std::int64_t>(bytes->value());
  if (auto clocks = table.number_if("fence_clocks", {0.0, 1e6})) unit.fence_clocks = *clocks;
  if (auto joules = table.quantity_if<Joules>("operation")) unit.operation_j = joules->value();
  constexpr double bits_per_byte = 8.0;
  if (auto path = table.quantity_if<JoulesPerByte>("path")) unit.path_j = path->value() / bits_per_byte;
  if (auto displaced = table.number_if("capacity_displaced", share)) unit.capacity_displaced = *displaced;
  if (auto key = table.text_if("source")) {
    const auto found = sources.find(*key);
    if (found == sources.end()) {
      table.reject("source", fmt::format("{} is no key of [sources]", in_quotes(*key)),
                   "a key of the file's [sources]");
    } else {
      unit.source = found->second;
      unit.evidence = Evidence::datasheet;
    }
  }
  if (auto note = table.text_if("note")) unit.note = *note;
  if (table.boolean_if("assumed").value_or(false)) unit.evidence = Evidence::assumed;
}

Status check_pim(const Specification& of, const Place& place) {
  const PimUnit& unit = *of.pim;
  PLUMB_TRY(lacks(of, place, Does::compute));
  PLUMB_TRY(lacks(of, place, Does::precharge_all));
  PLUMB_TRY(lacks(of, place, Does::write_register));
  if (of.commands[static_cast<std::size_t>(of.command(Does::compute))].scope != Scope::bank)
    PLUMB_TRY(lacks(of, place, Does::activate_all));
  const Organisation& o = of.organisation;
  if (unit.lanes * element_bytes != o.access_bytes)
    return fail(input_error(place,
                            fmt::format("{} lanes of {} bytes take {} bytes, an access moves {}", unit.lanes,
                                        element_bytes, unit.lanes * element_bytes, o.access_bytes),
                            fmt::format("lanes = {}", o.access_bytes / element_bytes)));
  if (unit.rows > o.rows)
    return fail(input_error(place, fmt::format("units reach {} rows of a bank of {}", unit.rows, o.rows),
                            "at most the bank's rows"));
  if (unit.style == PimStyle::buffer) {
    PLUMB_TRY(lacks(of, place, Does::read_register));
    if (unit.buffer_bytes < o.access_bytes || unit.buffer_bytes % o.access_bytes != 0)
      return fail(input_error(place, fmt::format("a buffer of {} bytes", unit.buffer_bytes),
                              fmt::format("a multiple of an access's {} bytes", o.access_bytes)));
    return {};
  }
  PLUMB_TRY(lacks(of, place, Does::store));
  PLUMB_TRY(lacks(of, place, Does::change_mode));
  if (unit.placement != PimPlacement::bank_pair)
    return fail(input_error(place, "units with registers serve pairs of banks", "placement = \"bank_pair\""));
  const int half = unit.vector_registers / 2;
  const bool fits = half > 0 && unit.vector_registers % 2 == 0 && o.columns() % half == 0 &&
                    2 * o.columns() % (half * half) == 0 && o.banks_per_pseudo_channel() % 2 == 0;
  if (!fits)
    return fail(input_error(
        place, fmt::format("{} vector registers do not divide a row of {} columns", unit.vector_registers, o.columns()),
        "half of them for vectors and half for sums; half squared divides two rows' columns"));
  return {};
}

}  // namespace plumb::memory
