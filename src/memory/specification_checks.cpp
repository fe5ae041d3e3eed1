#include "memory/specification_checks.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "memory/address_mapping.h"
#include "memory/page_policy.h"
#include "memory/request_scheduler.h"

namespace plumb::memory {
namespace {

/// A constraint without which the device would do what no device does, between the commands of these meanings.
struct Needed {
  Does from, to;
};
constexpr Needed needed_of_bank[] = {
    {Does::activate, Does::read},     {Does::activate, Does::write},     {Does::activate, Does::precharge},
    {Does::activate, Does::activate}, {Does::precharge, Does::activate}, {Does::read, Does::precharge},
    {Does::write, Does::precharge},
};
/// The same of commands that a memory need not have.
constexpr Needed needed_of_bank_if_there[] = {{Does::read_and_precharge, Does::activate},
                                              {Does::write_and_precharge, Does::activate},
                                              {Does::activate, Does::read_and_precharge},
                                              {Does::activate, Does::write_and_precharge}};
/// Any level that holds the bank: a data bus is a pseudo-channel's.
constexpr Needed needed_of_bus[] = {
    {Does::read, Does::read}, {Does::write, Does::write}, {Does::read, Does::write}, {Does::write, Does::read}};

bool constrained(const Specification& of, int from, int to, bool in_bank) {
  return std::any_of(of.constraints.begin(), of.constraints.end(), [&](const Constraint& c) {
    return c.from == from && c.to == to && !c.siblings && c.window == 1 && (!in_bank || c.level == Level::bank);
  });
}

Status check_commands(const Specification& of, const Place& place) {
  for (const Does does : {Does::activate, Does::precharge, Does::read, Does::write})
    if (of.command(does) < 0)
      return fail(input_error(place, fmt::format("[dram.commands] has none that does \"{}\"", does_name(does)),
                              fmt::format("NAME = {{ does = \"{}\", ... }}", does_name(does))));
  const auto lacks = [&](const Needed& needed, std::string_view where) {
    return fail(input_error(place,
                            fmt::format("no constraint from {} to {} in {}",
                                        of.commands[static_cast<std::size_t>(of.command(needed.from))].name,
                                        of.commands[static_cast<std::size_t>(of.command(needed.to))].name, where),
                            "an entry of constraints"));
  };
  for (const Needed& needed : needed_of_bank)
    if (!constrained(of, of.command(needed.from), of.command(needed.to), true)) return lacks(needed, "a bank");
  for (const Needed& needed : needed_of_bank_if_there) {
    const int from = of.command(needed.from), to = of.command(needed.to);
    if (from >= 0 && to >= 0 && !constrained(of, from, to, true)) return lacks(needed, "a bank");
  }
  for (const Needed& needed : needed_of_bus)
    if (!constrained(of, of.command(needed.from), of.command(needed.to), false))
      return lacks(needed, "a pseudo-channel");
  return {};
}

Status check_refresh(const Specification& of, const Place& place) {
  const RefreshMode mode = of.controller.refresh;
  if (mode == RefreshMode::none) return {};
  const Scope scope = mode == RefreshMode::all_bank   ? Scope::rank
                      : mode == RefreshMode::per_bank ? Scope::bank
                                                      : Scope::same_bank;
  int command = of.refresh_command(scope);
  if (command < 0 && mode == RefreshMode::all_bank) command = of.refresh_command(Scope::pseudo_channel);
  if (command < 0)
    return fail(input_error(place, fmt::format("this memory has no refresh of a {}", scope_name(scope)),
                            "another refresh, or a command for it"));
  const auto lacks = [&](int from, int to, std::string_view timing) {
    const auto name = [&](int of_command) { return of.commands[static_cast<std::size_t>(of_command)].name; };
    return fail(input_error(place, fmt::format("no constraint from {} to {}", name(from), name(to)),
                            fmt::format("an entry of constraints ({})", timing)));
  };
  const auto any = [&](int from, int to) {
    return std::any_of(of.constraints.begin(), of.constraints.end(),
                       [&](const Constraint& c) { return c.from == from && c.to == to; });
  };
  const int activate = of.command(Does::activate), precharge = of.command(Does::precharge);
  if (!any(command, activate)) return lacks(command, activate, "tRFC");
  if (!any(precharge, command)) return lacks(precharge, command, "tRP");
  return {};
}

Status check_controller(const Specification& of, const Place& place) {
  const ControllerSettings& settings = of.controller;
  const auto unknown = [&](std::string_view what, const std::string& name, const std::vector<std::string_view>& names) {
    return fail(input_error(place, fmt::format("unknown {} {}", what, in_quotes(name)),
                            fmt::format("one of {}", fmt::join(names, ", "))));
  };
  if (find_request_scheduler(settings.scheduler) == nullptr)
    return unknown("scheduler", settings.scheduler, request_scheduler_names());
  const std::vector<std::string_view> policies = page_policy_names();
  if (std::find(policies.begin(), policies.end(), settings.page_policy) == policies.end())
    return unknown("page policy", settings.page_policy, policies);
  if (settings.page_policy != "open" &&
      (of.command(Does::read_and_precharge) < 0 || of.command(Does::write_and_precharge) < 0))
    return fail(input_error(place,
                            fmt::format("this memory has no access that closes its row, which the page policy {} needs",
                                        in_quotes(settings.page_policy)),
                            "page_policy = \"open\""));
  if (settings.write_high > settings.write_queue || settings.write_low >= settings.write_high)
    return fail(input_error(place,
                            fmt::format("writes are begun at {} and ended at {} in a queue of {}", settings.write_high,
                                        settings.write_low, settings.write_queue),
                            "write_low < write_high <= write_queue"));
  return {};
}

bool is_write(Does does) { return does == Does::write || does == Does::write_and_precharge; }
bool is_access(Does does) { return does == Does::read || does == Does::read_and_precharge || is_write(does); }

/// The constraint that keeps `to` longest behind `from`, both in one rank or in two of a pseudo-channel; or null.
const Constraint* longest(const Specification& of, int from, int to, bool same_rank) {
  const Constraint* found = nullptr;
  for (const Constraint& c : of.constraints) {
    const bool wide = !c.siblings && (c.level == Level::channel || c.level == Level::pseudo_channel);
    const bool speaks = wide || (c.level == Level::rank && c.siblings != same_rank);
    if (c.from != from || c.to != to || c.window != 1 || !speaks) continue;
    if (found == nullptr || c.ticks > found->ticks) found = &c;
  }
  return found;
}

/// Accesses that may follow each other so soon that their bursts meet on the data bus.
void find_colliding_bursts(const Specification& of, std::vector<Error>& found) {
  for (int from = 0; from < static_cast<int>(of.commands.size()); ++from) {
    for (int to = 0; to < static_cast<int>(of.commands.size()); ++to) {
      const Command &first = of.commands[static_cast<std::size_t>(from)],
                    &second = of.commands[static_cast<std::size_t>(to)];
      if (!is_access(first.does) || !is_access(second.does)) continue;
      const auto latency = [&](Does does) { return is_write(does) ? of.write_latency : of.read_latency; };
      const Tick needed = latency(first.does) + of.burst - latency(second.does);
      for (const bool same_rank : {true, false}) {
        const Constraint* constraint = longest(of, from, to, same_rank);
        const Tick given = constraint == nullptr ? 0 : constraint->ticks;
        if (given >= needed || (!same_rank && of.organisation.ranks == 1)) continue;
        const double clock = of.ticks_per_clock;
        found.push_back(input_error(
            constraint == nullptr ? Place{} : constraint->place,
            fmt::format("{} to {} in {} takes {:g} clocks: their bursts meet on the data bus", first.name, second.name,
                        same_rank ? "a rank" : "another rank", static_cast<double>(given) / clock),
            fmt::format("at least {:g} clocks, or allow_inconsistent = true", static_cast<double>(needed) / clock)));
      }
    }
  }
}

}  // namespace

Status check_possible(const Specification& of, const Place& place) {
  PLUMB_TRY(check_commands(of, place));
  PLUMB_TRY(check_refresh(of, place));
  PLUMB_TRY(check_controller(of, place));
  const auto mapping = AddressMapping::make(of.mapping, of.organisation, place);
  if (!mapping) return fail(mapping.error());
  return {};
}

bool uses_timing(const Specification& of, std::string_view name) {
  constexpr std::array<std::string_view, 5> read_by_name{"tCL", "tCWL", "tBL", "tREFI", "tMOD"};
  if (std::find(read_by_name.begin(), read_by_name.end(), name) != read_by_name.end()) return true;
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  return std::any_of(of.constraints.begin(), of.constraints.end(), [&](const Constraint& constraint) {
    const std::string_view text = constraint.text;
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
    }
    return false;
  });
}

std::vector<Error> find_inconsistencies(const Specification& of) {
  std::vector<Error> found;
  // What the first must not exceed: a sum of others. Names that a standard does not use are passed over.
  struct Law {
    std::string_view small;
    std::vector<std::string_view> large;
    std::string_view why;
  };
  const Law laws[] = {
      {"tRAS", {"tRC"}, "a row is open for a part of its cycle"},
      {"tRCDRD", {"tRAS"}, "a row is read while it is open"},
      {"tCCDS", {"tCCDL"}, "the same bank group is never faster than another"},
      {"tRRDS", {"tRRDL"}, "the same bank group is never faster than another"},
      {"tWTRS", {"tWTRL"}, "the same bank group is never faster than another"},
      {"tRRDS", {"tFAW"}, "four activations take longer than one"},
      {"tBL", {"tCCDS"}, "a burst ends before the next begins"},
      {"tRFC", {"tREFI"}, "a refresh ends before the next is due"},
      {"tRFCpb", {"tRFC"}, "one bank is refreshed no slower than all"},
      {"tRC", {"tRAS", "tRP"}, "a cycle is no longer than the row's time and its precharge, but for rounding"},
  };
  // Makers round each of the three up to their own steps: SK hynix's AiM has 89 clocks for 54 and 32.
  constexpr double rounding_clocks = 4.0;
  for (const Law& law : laws) {
    const Parameter* small = of.parameter(law.small);
    if (small == nullptr) continue;
    double limit = law.large.size() > 1 ? rounding_clocks : 0.0;
    bool all = true;
    std::string names;
    for (const std::string_view name : law.large) {
      const Parameter* large = of.parameter(name);
      all = all && large != nullptr;
      if (large != nullptr) limit += large->clocks;
      names += names.empty() ? std::string(name) : fmt::format(" + {}", name);
    }
    if (!all || small->clocks <= limit) continue;
    found.push_back(input_error(
        small->place,
        fmt::format("{} of {:g} clocks is longer than {} of {:g}: {}", law.small, small->clocks, names, limit, law.why),
        "a set that fits together, or allow_inconsistent = true"));
  }
  find_colliding_bursts(of, found);
  return found;
}

}  // namespace plumb::memory
