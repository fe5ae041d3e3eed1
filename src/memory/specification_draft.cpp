#include "memory/specification_draft.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "memory/address_recipe_reader.h"
#include "memory/expression.h"
#include "memory/pim_unit_reader.h"
#include "memory/specification_checks.h"

namespace plumb::memory {
namespace {

using Sources = std::map<std::string, std::string, std::less<>>;

constexpr std::array<std::string_view, 8> organisation_keys{
    "channels", "pseudo_channels", "ranks", "bank_groups", "banks_per_group", "rows", "row_bytes", "access_bytes"};
constexpr std::array<std::string_view, does_count> does_words{
    "activate", "precharge",    "precharge_all", "read",  "read_and_precharge", "write",         "write_and_precharge",
    "refresh",  "activate_all", "compute",       "store", "write_register",     "read_register", "change_mode"};
constexpr std::array<std::string_view, scope_count> scope_words{"bank", "same_bank", "rank", "pseudo_channel",
                                                                "alternate"};
constexpr std::array<std::string_view, 2> bus_words{"row", "column"};
constexpr std::array<std::string_view, 3> edge_words{"rising", "falling", "any"};
constexpr std::array<std::string_view, 4> refresh_words{"none", "all_bank", "per_bank", "same_bank"};
struct In {
  Level level;
  bool siblings;
};
constexpr std::array<std::string_view, 8> in_words{
    "channel",          "pseudo_channel",      "rank", "bank_group", "bank", "other_rank",
    "other_bank_group", "other_pseudo_channel"};
constexpr std::array<In, 8> in_levels{{{Level::channel, false},
                                       {Level::pseudo_channel, false},
                                       {Level::rank, false},
                                       {Level::bank_group, false},
                                       {Level::bank, false},
                                       {Level::rank, true},
                                       {Level::bank_group, true},
                                       {Level::pseudo_channel, true}}};

/// More of anything than any part has, so that counts can be multiplied without care.
constexpr Range counts{1.0, 1e6};
constexpr Range rows_or_bytes{1.0, 1e9};
constexpr Range clocks_range{0.0, 1e6};
constexpr Range queue_range{1.0, 4096.0};

struct Origin {
  Evidence evidence = Evidence::assumed;
  std::string source, note;
};

/// Where the figures of a table, or one of them, come from: its `source` (a key of the file's [sources]), `note`,
/// `assumed`.
Origin origin_of(Reader& table, const Sources& sources, Origin otherwise) {
  const std::optional<std::string> key = table.text_if("source");
  Origin origin = std::move(otherwise);
  if (key) {
    const auto found = sources.find(*key);
    if (*key == "unsourced") {
      origin.source = *key;
      origin.evidence = Evidence::assumed;
    } else if (found == sources.end()) {
      table.reject("source", fmt::format("{} is no key of [sources]", in_quotes(*key)),
                   "a key of the file's [sources], or \"unsourced\"");
    } else {
      origin.source = found->second;
      origin.evidence = Evidence::datasheet;
    }
  }
  if (auto note = table.text_if("note")) origin.note = *note;
  if (table.boolean_if("assumed").value_or(false)) origin.evidence = Evidence::assumed;
  return origin;
}

/// Puts `item` in the place of the one for which `same` holds, or behind them all.
template <class T, class Same>
std::size_t replace_or_add(std::vector<T>& items, T item, Same same) {
  const auto found = std::find_if(items.begin(), items.end(), same);
  if (found == items.end()) {
    items.push_back(std::move(item));
    return items.size() - 1;
  }
  *found = std::move(item);
  return static_cast<std::size_t>(found - items.begin());
}

}  // namespace

void SpecificationDraft::read_layer(Reader& dram, const Sources& sources) {
  if (auto clock = dram.quantity_if<Seconds>("clock", positive)) {
    clock_ = *clock;
    clock_place_ = dram.place("clock");
  }
  if (auto ticks = dram.integer_if("ticks_per_clock", {1.0, 2.0})) ticks_per_clock_ = static_cast<int>(*ticks);
  if (auto allowed = dram.boolean_if("allow_inconsistent")) allow_inconsistent_ = *allowed;
  for (std::string& note : dram.texts("notes")) notes_.push_back(std::move(note));
  if (auto table = dram.table_if("organisation")) read_organisation(*table);
  if (auto table = dram.table_if("timing")) read_timing(*table, sources);
  if (auto table = dram.table_if("commands")) read_commands(*table);
  for (Reader& entry : dram.tables("constraints")) read_constraint(entry);
  if (auto table = dram.table_if("mapping")) read_mapping(*table);
  if (auto table = dram.table_if("controller")) read_controller(*table);
  if (auto table = dram.table_if("energy")) read_energy(*table, sources);
  if (auto table = dram.table_if("pim")) {
    PimUnit unit = pim_.value_or(PimUnit{});
    read_pim_unit(*table, sources, unit);
    pim_ = std::move(unit);
    pim_place_ = table->place();
  }
}

void SpecificationDraft::read_organisation(Reader& table) {
  for (const std::string_view key : organisation_keys) {
    if (!table.has(key)) {
      table.allow(key);
      continue;
    }
    const bool many = key == "rows" || key == "row_bytes" || key == "access_bytes";
    counts_.insert_or_assign(std::string(key), table.integer(key, many ? rows_or_bytes : counts));
    count_places_.insert_or_assign(std::string(key), table.place(key));
  }
}

void SpecificationDraft::read_timing(Reader& table, const Sources& sources) {
  const Origin whole = origin_of(table, sources, {});
  // A layer that says so of its timings says it of those that it takes over: HBM3's nanoseconds at another clock.
  if (table.boolean_if("assumed").value_or(false))
    for (Parameter& parameter : parameters_) parameter.evidence = Evidence::assumed;
  for (const std::string& key : table.keys()) {
    if (key == "source" || key == "note" || key == "assumed") continue;
    Parameter parameter;
    parameter.name = key;
    parameter.place = table.place(key);
    Origin origin = whole;
    const auto read_value = [&](Reader& from, const std::string& name) {
      if (from.kind(name) == NodeKind::string) {
        parameter.duration = from.quantity<Seconds>(name);
      } else {
        parameter.clocks = from.number(name, clocks_range);
      }
    };
    if (table.kind(key) == NodeKind::table) {
      Reader entry = table.table(key);
      read_value(entry, "value");
      origin = origin_of(entry, sources, whole);
    } else {
      read_value(table, key);
    }
    parameter.evidence = origin.evidence;
    parameter.source = origin.source;
    parameter.note = origin.note;
    replace_or_add(parameters_, std::move(parameter), [&](const Parameter& p) { return p.name == key; });
  }
}

void SpecificationDraft::read_commands(Reader& table) {
  for (auto& [name, entry] : table.named_tables()) {
    Command command;
    command.name = name;
    command.does = static_cast<Does>(entry.choice("does", does_words, does_count));
    if (!entry.has("does")) entry.text("does");  // says that it is missing
    command.scope = static_cast<Scope>(entry.choice("scope", scope_words, 0));
    command.bus = static_cast<Bus>(entry.choice("bus", bus_words, 0));
    command.edge = static_cast<Edge>(entry.choice("edge", edge_words, 0));
    const double clocks = entry.number_if("clocks", {0.5, 64.0}).value_or(1.0);
    const std::size_t at =
        replace_or_add(commands_, std::move(command), [&](const Command& c) { return c.name == name; });
    command_clocks_.resize(commands_.size());
    command_places_.resize(commands_.size());
    command_clocks_[at] = clocks;
    command_places_[at] = entry.place();
  }
}

void SpecificationDraft::read_constraint(Reader& entry) {
  const std::vector<std::string> from = entry.texts("from"), to = entry.texts("to");
  for (const std::string_view key : {"from", "to"})
    if (!entry.has(key)) entry.text(key);
  if (!entry.has("in")) entry.text("in");
  const In in = in_levels[entry.choice("in", in_words, 0)];
  const int window = static_cast<int>(entry.integer_if("window", {1.0, 64.0}).value_or(1));
  if (in.siblings && window > 1)
    entry.reject("window", "a window counts the commands of one place, not those of its siblings",
                 "window = 1, or the place that holds them all");
  const std::string text = entry.text("after");
  for (const std::string& first : from) {
    for (const std::string& second : to) {
      Latency latency{first, second, in.level, in.siblings, window, text, entry.place("after")};
      replace_or_add(latencies_, std::move(latency), [&](const Latency& l) {
        return l.from == first && l.to == second && l.level == in.level && l.siblings == in.siblings &&
               l.window == window;
      });
    }
  }
}

void SpecificationDraft::read_mapping(Reader& table) { read_recipe(table, mapping_); }

void SpecificationDraft::read_controller(Reader& table) {
  const auto whole = [&](std::string_view key, int& to, Range range) {
    if (auto value = table.integer_if(key, range)) to = static_cast<int>(*value);
  };
  if (auto name = table.text_if("scheduler")) controller_.scheduler = *name;
  if (auto name = table.text_if("page_policy")) controller_.page_policy = *name;
  controller_.refresh =
      static_cast<RefreshMode>(table.choice("refresh", refresh_words, static_cast<std::size_t>(controller_.refresh)));
  whole("row_hit_cap", controller_.row_hit_cap, {0.0, 1e6});
  whole("read_queue", controller_.read_queue, queue_range);
  controller_.read_queue_stated = controller_.read_queue_stated || table.has("read_queue");
  whole("write_queue", controller_.write_queue, queue_range);
  whole("write_high", controller_.write_high, queue_range);
  whole("write_low", controller_.write_low, {0.0, 4096.0});
  whole("refresh_postponed_max", controller_.refresh_postponed_max, {0.0, 64.0});
  whole("refresh_pulled_in_max", controller_.refresh_pulled_in_max, {0.0, 64.0});
}

void SpecificationDraft::read_energy(Reader& table, const Sources& sources) {
  Energy energy = energy_.value_or(Energy{});
  constexpr double bits_per_byte = 8.0;
  const auto joules = [&](std::string_view key, double& to) {
    if (auto value = table.quantity_if<Joules>(key)) to = value->value();
  };
  const auto per_bit = [&](std::string_view key, Energy::PerBit& to) {
    auto parts = table.table_if(key);
    if (!parts) return;
    const auto part = [&](std::string_view name, double& value) {
      if (auto given = parts->quantity_if<JoulesPerByte>(name)) value = given->value() / bits_per_byte;
    };
    part("cell", to.cell);
    part("column_path", to.column_path);
    part("tsv", to.tsv);
    part("io", to.io);
  };
  joules("activation", energy.activation);
  per_bit("read", energy.read);
  energy.write = energy.read;
  per_bit("write", energy.write);
  joules("refresh", energy.refresh);
  if (auto power = table.quantity_if<Watts>("standby_active")) energy.standby_active = power->value();
  if (auto power = table.quantity_if<Watts>("standby_precharged")) energy.standby_precharged = power->value();
  const Origin origin = origin_of(table, sources, {energy.evidence, energy.source, energy.note});
  energy.evidence = origin.evidence;
  energy.source = origin.source;
  energy.note = origin.note;
  energy_ = std::move(energy);
}

Result<Specification> SpecificationDraft::finish(Place place) const {
  Specification specification;
  specification.notes = notes_;
  specification.controller = controller_;
  specification.mapping = mapping_;
  specification.energy = energy_;
  specification.pim = pim_;
  PLUMB_TRY(resolve_organisation(specification, place));
  PLUMB_TRY(resolve_timing(specification, place));
  PLUMB_TRY(resolve_constraints(specification));
  PLUMB_TRY(fill_latencies(specification, place));
  PLUMB_TRY(check_possible(specification, place));
  if (specification.pim) PLUMB_TRY(check_pim(specification, pim_place_));
  for (Error& inconsistency : find_inconsistencies(specification)) {
    if (!allow_inconsistent_) return fail(std::move(inconsistency));
    specification.inconsistencies.push_back(std::move(inconsistency.message));
  }
  return specification;
}

Status SpecificationDraft::resolve_organisation(Specification& to, const Place& place) const {
  Organisation& of = to.organisation;
  for (const std::string_view needed : {"rows", "row_bytes", "access_bytes"})
    if (counts_.find(needed) == counts_.end())
      return fail(
          input_error(place, fmt::format("[dram.organisation] lacks {}", needed), fmt::format("{} = ...", needed)));
  const auto count = [&](std::string_view key) {
    const auto found = counts_.find(key);
    return found == counts_.end() ? std::int64_t{1} : found->second;
  };
  of.channels = static_cast<int>(count("channels"));
  of.pseudo_channels = static_cast<int>(count("pseudo_channels"));
  of.ranks = static_cast<int>(count("ranks"));
  of.bank_groups = static_cast<int>(count("bank_groups"));
  of.banks_per_group = static_cast<int>(count("banks_per_group"));
  of.rows = count("rows");
  of.row_bytes = count("row_bytes");
  of.access_bytes = static_cast<int>(count("access_bytes"));
  constexpr double banks_max = 4096.0, bytes_max = 0x1p50;
  const double banks = static_cast<double>(of.pseudo_channels) * of.ranks * of.bank_groups * of.banks_per_group;
  if (banks > banks_max) return fail(input_error(place, fmt::format("{:.0f} banks a channel", banks), "at most 4096"));
  if (banks * static_cast<double>(of.rows) * static_cast<double>(of.row_bytes) * of.channels > bytes_max)
    return fail(input_error(place, "the memory holds over a pebibyte", "less"));
  if (of.row_bytes % of.access_bytes != 0)
    return fail(input_error(
        count_places_.find("row_bytes")->second,
        fmt::format("a row of {} bytes is no whole number of accesses of {} bytes", of.row_bytes, of.access_bytes),
        "a multiple of access_bytes"));
  return {};
}

Status SpecificationDraft::resolve_timing(Specification& to, const Place& place) const {
  if (!clock_) return fail(input_error(place, "[dram] lacks clock", "clock = \"0.625 ns\""));
  to.clock_s = clock_->value();
  to.ticks_per_clock = ticks_per_clock_;
  to.parameters = parameters_;
  // A time that is a whole number of clocks but for the digits it was written with is not rounded up to the next.
  constexpr double written_digits = 1e-3, clocks_max = 1e6;
  to.evidence = Evidence::measured;
  for (Parameter& parameter : to.parameters) {
    if (parameter.duration) parameter.clocks = std::ceil(parameter.duration->value() / to.clock_s - written_digits);
    if (!(parameter.clocks <= clocks_max))
      return fail(input_error(parameter.place, fmt::format("{} is {:g} clocks", parameter.name, parameter.clocks),
                              "at most a million clocks"));
    parameter.clocks = std::max(parameter.clocks, 0.0);
    const double ticks = parameter.clocks * ticks_per_clock_;
    if (ticks != std::floor(ticks))
      return fail(input_error(parameter.place, fmt::format("{} is {:g} clocks", parameter.name, parameter.clocks),
                              ticks_per_clock_ == 1 ? "whole clocks" : "whole or half clocks"));
    to.evidence = worse(to.evidence, parameter.evidence);
  }
  to.commands = commands_;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    const double ticks = command_clocks_[i] * ticks_per_clock_;
    if (ticks != std::floor(ticks))
      return fail(input_error(command_places_[i],
                              fmt::format("{} occupies its bus for {:g} clocks", commands_[i].name, command_clocks_[i]),
                              ticks_per_clock_ == 1 ? "whole clocks" : "whole or half clocks"));
    to.commands[i].bus_ticks = static_cast<Tick>(ticks);
  }
  to.index_commands();
  return {};
}

Status SpecificationDraft::resolve_constraints(Specification& to) const {
  const NameValue value_of = [&](std::string_view name) -> std::optional<double> {
    const Parameter* found = to.parameter(name);
    return found == nullptr ? std::nullopt : std::optional<double>(found->clocks);
  };
  const auto index_of = [&](const std::string& name) {
    const auto found =
        std::find_if(commands_.begin(), commands_.end(), [&](const Command& c) { return c.name == name; });
    return found == commands_.end() ? -1 : static_cast<int>(found - commands_.begin());
  };
  for (const Latency& latency : latencies_) {
    Constraint constraint;
    constraint.from = index_of(latency.from);
    constraint.to = index_of(latency.to);
    for (const auto& [index, name] : {std::pair(constraint.from, &latency.from), std::pair(constraint.to, &latency.to)})
      if (index < 0)
        return fail(
            input_error(latency.place, fmt::format("{} is no command", in_quotes(*name)), "a key of [dram.commands]"));
    Result<double> clocks = evaluate(latency.text, value_of);
    if (!clocks) {
      clocks.error().place = latency.place;
      if (clocks.error().expected.empty())
        clocks.error().expected = "names of [dram.timing], whole numbers, + - * max( )";
      return fail(std::move(clocks).error());
    }
    const double ticks = *clocks * ticks_per_clock_;
    constexpr double ticks_max = 4e6;
    if (ticks != std::floor(ticks) || std::abs(ticks) > ticks_max)
      return fail(input_error(latency.place, fmt::format("{} is {:g} clocks", in_quotes(latency.text), *clocks),
                              "a whole number of clocks below a million"));
    constraint.level = latency.level;
    constraint.siblings = latency.siblings;
    constraint.window = latency.window;
    constraint.ticks = static_cast<Tick>(ticks);
    constraint.text = latency.text;
    constraint.place = latency.place;
    if (constraint.ticks > 0) to.constraints.push_back(std::move(constraint));
  }
  return {};
}

Status SpecificationDraft::fill_latencies(Specification& to, const Place& place) const {
  const auto needed = [&](std::string_view name, Tick& ticks) -> Status {
    if (to.parameter(name) == nullptr)
      return fail(input_error(place, fmt::format("[dram.timing] lacks {}", name), fmt::format("{} = ...", name)));
    ticks = to.ticks(name);
    if (ticks <= 0)
      return fail(input_error(to.parameter(name)->place, fmt::format("{} is nothing", name), "at least a clock"));
    return {};
  };
  PLUMB_TRY(needed("tCL", to.read_latency));
  PLUMB_TRY(needed("tCWL", to.write_latency));
  PLUMB_TRY(needed("tBL", to.burst));
  if (to.controller.refresh != RefreshMode::none || to.parameter("tREFI") != nullptr)
    PLUMB_TRY(needed("tREFI", to.refresh_interval));
  return {};
}

}  // namespace plumb::memory
