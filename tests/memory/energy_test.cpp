// Is energy what the commands cost, part by part? By hand from round figures.

#include "memory/energy.h"

#include <gtest/gtest.h>

namespace plumb::memory {
namespace {

Specification specification() {
  Specification of;
  const auto add = [&](const char* name, Does does) { of.commands.push_back({.name = name, .does = does}); };
  add("ACT", Does::activate);
  add("PRE", Does::precharge);
  add("RD", Does::read);
  add("RDA", Does::read_and_precharge);
  add("WR", Does::write);
  add("REFab", Does::refresh);
  of.index_commands();
  of.organisation = {.channels = 2, .pseudo_channels = 2, .access_bytes = 32};
  of.clock_s = 1e-9;
  of.ticks_per_clock = 2;
  of.energy.emplace();
  of.energy->activation = 1e-9;
  of.energy->read = {1e-12, 2e-12, 3e-12, 4e-12};
  of.energy->write = {5e-12, 6e-12, 7e-12, 8e-12};
  of.energy->refresh = 10e-9;
  of.energy->standby_active = 0.2;
  of.energy->standby_precharged = 0.1;
  return of;
}

TEST(Energy, IsThatOfItsCommands) {
  ChannelCounters counters;
  counters.commands = {/*ACT*/ 7, /*PRE*/ 6, /*RD*/ 100, /*RDA*/ 28, /*WR*/ 10, /*REFab*/ 3};
  counters.banks_refreshed = 48;
  counters.end = 2'000'000;           // 1 ms, on four pseudo-channels
  counters.active_ticks = 6'000'000;  // three of which had a row open all the time
  const EnergyParts parts = energy_of(specification(), counters);
  const double read_bits = 128 * 256, write_bits = 10 * 256;
  EXPECT_DOUBLE_EQ(parts.activation, 7e-9);
  EXPECT_DOUBLE_EQ(parts.cell, read_bits * 1e-12 + write_bits * 5e-12);
  EXPECT_DOUBLE_EQ(parts.column_path, read_bits * 2e-12 + write_bits * 6e-12);
  EXPECT_DOUBLE_EQ(parts.tsv, read_bits * 3e-12 + write_bits * 7e-12);
  EXPECT_DOUBLE_EQ(parts.io, read_bits * 4e-12 + write_bits * 8e-12);
  EXPECT_DOUBLE_EQ(parts.refresh, 480e-9);
  EXPECT_NEAR(parts.standby, 3 * 0.2e-3 + 1 * 0.1e-3, 1e-15);
  EXPECT_DOUBLE_EQ(parts.total(), parts.activation + parts.cell + parts.column_path + parts.tsv + parts.io +
                                      parts.refresh + parts.standby);
}

TEST(Energy, OfNothingIsNothing) { EXPECT_EQ(energy_of(specification(), {}).total(), 0.0); }

}  // namespace
}  // namespace plumb::memory
