// Do the two controllers of a channel give the same commands, tick for tick, and only such as the specification
// allows? Is every access served, once, in an order that leaves the same contents behind?

#include "memory/channel_controller.h"

#include <algorithm>
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

/// `pieces`: the accesses are offered in so many. A controller that is not done long after it should be is stopped.
Outcome run(const Specification& of, ControllerKind kind, const std::vector<Access>& accesses, int pieces = 1) {
  Outcome outcome;
  const Tick patience = 1'000 * (long_ago(of) + of.refresh_interval) * static_cast<Tick>(accesses.size() + 10) +
                        (accesses.empty() ? 0 : accesses.back().arrival);
  const CommandSink sink = [&](const IssuedCommand& command) {
    outcome.commands.push_back(command);
    if (command.at > patience) throw std::runtime_error("the controller does not come to an end");
  };
  const auto controller = make_channel_controller(of, kind, sink);
  const std::size_t count = accesses.size();
  for (std::size_t i = 0; i < static_cast<std::size_t>(pieces); ++i) {
    const std::size_t begin = count * i / static_cast<std::size_t>(pieces);
    const std::size_t end = count * (i + 1) / static_cast<std::size_t>(pieces);
    controller->offer(std::span(accesses).subspan(begin, end - begin));
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

RC_GTEST_PROP(ChannelControllerLaw, HoldsOnAnySpecification, ()) {
  Specification of = RandomSpecification::draw();
  of.controller = draw_settings(of);
  expect_laws(of, draw_accesses(of, *rc::gen::inRange(0, 300)));
}

RC_GTEST_PROP(ChannelControllerLaw, HoldsOnTheCatalog, ()) {
  Specification of = *rc::gen::elementOf(all_specifications());
  of.controller = draw_settings(of);
  expect_laws(of, draw_accesses(of, *rc::gen::inRange(0, 400)));
}

}  // namespace
}  // namespace plumb::memory
