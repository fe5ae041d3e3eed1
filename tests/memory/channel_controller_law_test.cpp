// Do the two controllers of a channel give the same commands, tick for tick, and only such as the specification
// allows? Is every access served, once, in an order that leaves the same contents behind?

#include "memory/channel_controller.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "command_desk.h"
#include "constraint_case.h"
#include "memory/command_checker.h"
#include "random_specification.h"
#include "random_traffic.h"
#include "specifications.h"

namespace plumb::memory {
namespace {

struct Outcome {
  std::vector<IssuedCommand> commands;
  ChannelCounters counters;
};

/// By when all must be served: one after another, each has a row closed and opened and is read or written, and waits
/// for the longest constraint with each step. Refreshes have their time besides, which no bound is put on but one that
/// stops a controller that never ends.
Tick bound(const Specification& of, const std::vector<Access>& accesses) {
  const Tick last_arrival = accesses.empty() ? 0 : std::max<Tick>(accesses.back().arrival, 0);
  const Tick steps = 4 * (static_cast<Tick>(accesses.size()) + 1);
  const bool refreshes = of.controller.refresh != RefreshMode::none;
  return last_arrival + steps * long_ago(of) * (refreshes ? 1'000 : 1);
}

/// `pieces`: the accesses are offered in so many.
Outcome run(const Specification& of, ControllerKind kind, const std::vector<Access>& accesses, int pieces = 1) {
  Outcome outcome;
  const Tick end = bound(of, accesses);
  const CommandSink sink = [&](const IssuedCommand& command) {
    outcome.commands.push_back(command);
    if (command.at > end) throw std::runtime_error("an access has not been served by the time it must be");
  };
  const auto controller = make_channel_controller(of, kind, sink);
  const std::size_t count = accesses.size();
  for (std::size_t i = 0; i < static_cast<std::size_t>(pieces); ++i) {
    const std::size_t from = count * i / static_cast<std::size_t>(pieces);
    const std::size_t to = count * (i + 1) / static_cast<std::size_t>(pieces);
    controller->offer(std::span(accesses).subspan(from, to - from));
    controller->run(false);
  }
  controller->run(true);
  outcome.counters = controller->counters();
  return outcome;
}

std::string described(const Specification& of, const IssuedCommand& command) {
  return fmt::format("{} {} bank {} row {} column {}", command.at,
                     of.commands[static_cast<std::size_t>(command.command)].name, command.bank, command.row,
                     command.column);
}

auto parts(const IssuedCommand& command) {
  return std::tuple(command.at, command.command, command.bank, command.row, command.column);
}

auto parts(const ChannelCounters& counters) {
  const LatencyHistogram& latency = counters.read_latency;
  return std::tuple(counters.reads, counters.writes, counters.forwarded, counters.row_hits, counters.row_misses,
                    counters.row_conflicts, counters.commands, counters.banks_refreshed, counters.end,
                    counters.active_ticks, latency.count(), latency.sum(), latency.max());
}

void expect_same(const Specification& of, std::string_view what, const Outcome& left, const Outcome& right) {
  const std::size_t common = std::min(left.commands.size(), right.commands.size());
  for (std::size_t i = 0; i < common; ++i)
    if (parts(left.commands[i]) != parts(right.commands[i]))
      RC_FAIL(fmt::format("{}: command {}: {} against {}", what, i, described(of, left.commands[i]),
                          described(of, right.commands[i])));
  RC_ASSERT(left.commands.size() == right.commands.size());
  RC_ASSERT(parts(left.counters) == parts(right.counters));
}

bool is_write(Does does) { return does == Does::write || does == Does::write_and_precharge; }

/// At each address the commands are the accesses in their order, but for reads behind a write, which may have been
/// answered from the queue; each comes no earlier than its access.
void expect_served(const Specification& of, const std::vector<Access>& accesses, const Outcome& outcome) {
  using Address = std::tuple<int, std::int64_t, int>;
  std::map<Address, std::vector<IssuedCommand>> commands;
  for (const IssuedCommand& command : outcome.commands)
    if (is_access(of.commands[static_cast<std::size_t>(command.command)].does))
      commands[{command.bank, command.row, command.column}].push_back(command);
  std::map<Address, std::vector<Access>> wanted;
  for (const Access& access : accesses) wanted[{access.bank, access.row, access.column}].push_back(access);
  std::int64_t forwarded = 0;
  for (const auto& [address, in_order] : wanted) {
    const std::vector<IssuedCommand>& given = commands[address];
    std::size_t next = 0;
    bool written = false;
    for (const Access& access : in_order) {
      const bool matches = next < given.size() && given[next].at >= access.arrival &&
                           is_write(of.commands[static_cast<std::size_t>(given[next].command)].does) == access.write;
      if (matches) {
        ++next;
      } else {
        RC_ASSERT(!access.write);
        RC_ASSERT(written);
        ++forwarded;
      }
      written = written || access.write;
    }
    RC_ASSERT(next == given.size());
    commands.erase(address);
  }
  RC_ASSERT(commands.empty());
  RC_ASSERT(forwarded == outcome.counters.forwarded);
  const auto writes = std::count_if(accesses.begin(), accesses.end(), [](const Access& a) { return a.write; });
  RC_ASSERT(outcome.counters.writes == writes);
  RC_ASSERT(outcome.counters.accesses() == static_cast<std::int64_t>(accesses.size()));
  RC_ASSERT(outcome.counters.row_hits + outcome.counters.row_misses + outcome.counters.row_conflicts + forwarded ==
            static_cast<std::int64_t>(accesses.size()));
}

void expect_counted(const Specification& of, const Outcome& outcome) {
  std::vector<std::int64_t> counts(of.commands.size());
  std::int64_t refreshed = 0;
  for (const IssuedCommand& command : outcome.commands) {
    ++counts[static_cast<std::size_t>(command.command)];
    if (of.commands[static_cast<std::size_t>(command.command)].does == Does::refresh)
      refreshed += static_cast<std::int64_t>(banks_covered(of, command.command, command.bank).size());
  }
  RC_ASSERT(counts == outcome.counters.commands);
  RC_ASSERT(refreshed == outcome.counters.banks_refreshed);
  if (outcome.counters.reads > outcome.counters.forwarded)
    RC_ASSERT(outcome.counters.read_latency.max() >= of.read_latency + of.burst);
  RC_ASSERT(outcome.counters.read_latency.count() == outcome.counters.reads);
}

/// For the report of a property that failed.
std::string described(const Specification& of, const std::vector<Access>& accesses) {
  const Organisation& o = of.organisation;
  const ControllerSettings& c = of.controller;
  std::string text = fmt::format(
      "{}: {} x {} x {} x {} banks, {} ticks a clock, tCL {} tCWL {} tBL {} tREFI {}, {} {} refresh {}, cap {}, queues "
      "{} "
      "{}, writes {} to {}, postponed {}, pulled in {}\n",
      of.name, o.pseudo_channels, o.ranks, o.bank_groups, o.banks_per_group, of.ticks_per_clock, of.read_latency,
      of.write_latency, of.burst, of.refresh_interval, c.scheduler, c.page_policy, static_cast<int>(c.refresh),
      c.row_hit_cap, c.read_queue, c.write_queue, c.write_high, c.write_low, c.refresh_postponed_max,
      c.refresh_pulled_in_max);
  for (const Constraint& constraint : of.constraints)
    text += fmt::format("  {} {}, window {}\n", constraint_name(of, constraint), constraint.ticks, constraint.window);
  for (const Access& access : accesses)
    text += fmt::format("  {} {} bank {} row {} column {}\n", access.arrival, access.write ? "write" : "read",
                        access.bank, access.row, access.column);
  return text;
}

void expect_laws(const Specification& of, const std::vector<Access>& accesses) {
  RC_LOG() << described(of, accesses);
  const Outcome plain = run(of, ControllerKind::plain, accesses);
  const Status legal = check_commands(of, plain.commands, plain.counters.end);
  if (!legal) RC_FAIL(one_line(legal.error()));
  expect_served(of, accesses, plain);
  expect_counted(of, plain);
  expect_same(of, "plain against event-driven", plain, run(of, ControllerKind::event_driven, accesses));
  const int pieces = *rc::gen::inRange(2, 9);
  expect_same(of, "whole against in pieces", plain, run(of, ControllerKind::event_driven, accesses, pieces));
}

/// Reads and writes of a few rows of all banks, in short runs.
std::vector<Access> mixed_accesses(const Specification& of) {
  Stream stream(1, "mixed accesses");
  constexpr int runs = 800;
  std::vector<Access> accesses;
  for (int i = 0; i < runs; ++i) {
    Access access;
    access.bank = static_cast<std::int16_t>(stream.below(static_cast<std::uint64_t>(of.organisation.banks())));
    access.row = static_cast<std::int64_t>(stream.below(2));
    access.write = stream.below(3) == 0;
    for (auto left = stream.below(4); left-- > 0;) {
      access.column = static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(of.organisation.columns())));
      accesses.push_back(access);
    }
  }
  return accesses;
}

RC_GTEST_PROP(ChannelControllerLaw, HoldsOnAnySpecification, ()) {
  Specification of = RandomSpecification::draw();
  constexpr int rounds = 5;  // a specification costs as much to draw as they take
  for (int round = 0; round < rounds; ++round) {
    of.controller = draw_settings(of);
    expect_laws(of, draw_accesses(of, *rc::gen::inRange(0, 300)));
  }
}

RC_GTEST_PROP(ChannelControllerLaw, HoldsOnTheCatalog, ()) {
  Specification of = *rc::gen::elementOf(all_specifications());
  of.controller = draw_settings(of);
  expect_laws(of, draw_accesses(of, *rc::gen::inRange(0, 400)));
}

// If a constraint were a clock longer, the checker would refuse the controllers' streams: they use what is allowed, and
// it notices a clock. Not all of them: some are bound longer by others, and refreshes are few.
TEST(ChannelController, MeetsConstraintsToTheClock) {
  for (const Specification& catalogued : all_specifications()) {
    if (!catalogued.preset.empty()) continue;  // the same constraints with other figures
    // Commands to all banks at once are not a controller's.
    const auto given = [&](int command) {
      return catalogued.commands[static_cast<std::size_t>(command)].does <= Does::refresh;
    };
    std::vector<bool> met(catalogued.constraints.size());
    std::size_t of_controllers = 0;
    for (const Constraint& constraint : catalogued.constraints)
      if (given(constraint.from) && given(constraint.to)) ++of_controllers;
    for (const char* policy : {"open", "closed"}) {
      for (const RefreshMode mode : {RefreshMode::all_bank, RefreshMode::per_bank, RefreshMode::same_bank}) {
        Specification of = catalogued;
        const Scope scope = mode == RefreshMode::per_bank ? Scope::bank : Scope::same_bank;
        if (mode != RefreshMode::all_bank && of.refresh_command(scope) < 0) continue;
        if (policy == std::string("closed") && of.command(Does::read_and_precharge) < 0) continue;
        of.controller.refresh = mode;
        of.refresh_interval /= 4;
        of.controller.page_policy = policy;
        const Outcome outcome = run(of, ControllerKind::event_driven, mixed_accesses(of));
        const Status legal = check_commands(of, outcome.commands, outcome.counters.end);
        EXPECT_TRUE(legal) << of.name << ": " << (legal ? "" : one_line(legal.error()));
        for (std::size_t i = 0; i < met.size(); ++i) {
          if (met[i]) continue;
          of.constraints[i].ticks += of.ticks_per_clock;
          met[i] = !check_commands(of, outcome.commands, outcome.counters.end);
          of.constraints[i].ticks -= of.ticks_per_clock;
        }
      }
    }
    const auto count = std::count(met.begin(), met.end(), true);
    std::printf("%s: %td of %zu constraints met\n", catalogued.name.c_str(), count, of_controllers);
    EXPECT_GT(count * 2, static_cast<std::ptrdiff_t>(of_controllers)) << catalogued.name;
  }
}

}  // namespace
}  // namespace plumb::memory
