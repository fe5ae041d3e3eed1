#pragma once
// Specifications that no standard has, for properties: any number of pseudo-channels, ranks, groups and banks, one
// command bus or two, whole clocks or half ones, short latencies so that constraints of every kind meet, and a refresh
// of each kind. They fit together as far as a controller needs: data do not collide, refreshes have the time they take.

#include <algorithm>
#include <initializer_list>
#include <string>

#include <rapidcheck.h>

#include "memory/specification.h"

namespace plumb::memory {

class RandomSpecification {
 public:
  /// Draws one; inside a property only.
  static Specification draw() {
    RandomSpecification drawing;
    drawing.draw_organisation();
    drawing.draw_commands();
    drawing.draw_bank_constraints();
    drawing.draw_bus_constraints();
    drawing.draw_refresh();
    drawing.draw_extras();
    return std::move(drawing.of_);
  }

 private:
  using Names = std::initializer_list<const char*>;

  static int below(int low, int high) { return *rc::gen::inRange(low, high + 1); }
  static bool chance() { return *rc::gen::arbitrary<bool>(); }

  void draw_organisation() {
    Organisation& o = of_.organisation;
    o.pseudo_channels = below(1, 3);
    o.ranks = below(1, 3);
    o.bank_groups = below(1, 4);
    o.banks_per_group = below(1, 4);
    o.rows = 8;
    o.access_bytes = 32;
    o.row_bytes = 32 * 8;
    of_.name = "random";
    of_.clock_s = 1e-9;
    of_.ticks_per_clock = below(1, 2);
  }

  void draw_commands() {
    const bool two_buses = chance();
    const auto add = [&](const char* name, Does does, Scope scope, bool column) {
      Command command{name, does, scope, column && two_buses ? Bus::column : Bus::row, Edge::any, 1};
      command.bus_ticks = below(1, 2 * of_.ticks_per_clock);
      command.edge = static_cast<Edge>(below(0, 2));
      of_.commands.push_back(command);
    };
    add("ACT", Does::activate, Scope::bank, false);
    add("PRE", Does::precharge, Scope::bank, false);
    add("PREA", Does::precharge_all, Scope::rank, false);
    add("RD", Does::read, Scope::bank, true);
    add("RDA", Does::read_and_precharge, Scope::bank, true);
    add("WR", Does::write, Scope::bank, true);
    add("WRA", Does::write_and_precharge, Scope::bank, true);
    add("REFab", Does::refresh, chance() ? Scope::rank : Scope::pseudo_channel, false);
    add("REFpb", Does::refresh, Scope::bank, false);
    add("REFsb", Does::refresh, Scope::same_bank, false);
    of_.index_commands();
  }

  int index(const char* name) const {
    const auto found =
        std::find_if(of_.commands.begin(), of_.commands.end(), [&](const Command& c) { return c.name == name; });
    return static_cast<int>(found - of_.commands.begin());
  }

  void constrain(Names from, Names to, Level level, Tick ticks, const char* text, bool siblings = false,
                 int window = 1) {
    for (const char* first : from)
      for (const char* second : to)
        if (ticks > 0)
          of_.constraints.push_back({index(first), index(second), level, siblings, window, ticks, text, {}});
  }

  void draw_bank_constraints() {
    const Tick clock = of_.ticks_per_clock;
    of_.burst = clock * below(1, 4);
    of_.read_latency = below(1, 12) * clock;
    of_.write_latency = below(1, 12) * clock;
    rcd_ = below(1, 10);
    ras_ = rcd_ + below(0, 12);
    rp_ = below(1, 10);
    const Tick rtp = below(1, 6), wr = below(1, 8);
    const Tick written = of_.write_latency + of_.burst + wr;
    constrain({"ACT"}, {"RD", "RDA"}, Level::bank, rcd_, "tRCDRD");
    constrain({"ACT"}, {"WR", "WRA"}, Level::bank, std::max<Tick>(1, rcd_ - below(0, 4)), "tRCDWR");
    constrain({"ACT"}, {"PRE", "PREA"}, Level::bank, ras_, "tRAS");
    constrain({"ACT"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::bank, ras_ + below(0, 8), "tRC");
    constrain({"PRE"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::bank, rp_, "tRP");
    constrain({"PREA"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::rank, rp_, "tRP");
    constrain({"RD"}, {"PRE", "PREA"}, Level::bank, rtp, "tRTP");
    constrain({"WR"}, {"PRE", "PREA"}, Level::bank, written, "tCWL + tBL + tWR");
    constrain({"RDA"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::bank, rtp + rp_, "tRTP + tRP");
    constrain({"WRA"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::bank, written + rp_, "tCWL + tBL + tWR + tRP");
  }

  void draw_bus_constraints() {
    const Tick ccd = of_.burst + below(0, 2);
    constrain({"ACT"}, {"ACT"}, Level::rank, below(0, 4), "tRRDS");
    constrain({"ACT"}, {"ACT"}, Level::bank_group, below(0, 6), "tRRDL");
    constrain({"ACT"}, {"ACT"}, Level::rank, below(0, 30), "tFAW", false, below(2, 5));
    constrain({"PRE", "PREA"}, {"PRE", "PREA"}, Level::pseudo_channel, below(0, 3), "tPPD");
    const auto apart = [&](Names from, Names to, Tick data) {
      constrain(from, to, Level::pseudo_channel, std::max(ccd, data), "tCCDS");
      constrain(from, to, Level::bank_group, std::max(ccd, data) + below(0, 4), "tCCDL");
      constrain(from, to, Level::rank, std::max(ccd, data) + below(0, 3), "tCCDR", true);
    };
    const Tick turn = of_.read_latency - of_.write_latency;
    apart({"RD", "RDA"}, {"RD", "RDA"}, 0);
    apart({"WR", "WRA"}, {"WR", "WRA"}, 0);
    // A burst is over before the next begins.
    apart({"RD", "RDA"}, {"WR", "WRA"}, of_.burst + turn);
    apart({"WR", "WRA"}, {"RD", "RDA"}, of_.burst - turn + below(0, 8));
  }

  void draw_refresh() {
    const Tick all = below(4, 60), one = below(3, static_cast<int>(all)), apart = below(1, 8);
    constrain({"REFab"}, {"ACT", "REFab", "REFpb", "REFsb"}, Level::rank, all, "tRFC");
    constrain({"REFpb", "REFsb"}, {"ACT", "REFpb", "REFsb"}, Level::bank, one, "tRFCpb");
    constrain({"REFpb", "REFsb"}, {"REFab"}, Level::rank, one, "tRFCpb");
    constrain({"REFpb", "REFsb"}, {"ACT", "REFpb", "REFsb"}, Level::rank, apart, "tRREFD");
    constrain({"ACT"}, {"REFpb", "REFsb"}, Level::rank, below(0, 8), "tRREFD");
    // A refresh of each bank after the other, each waiting for its row to be written and closed, and as long again.
    const Tick row = of_.write_latency + of_.burst + ras_ + rp_ + 16;
    const Tick busiest = all + of_.organisation.banks() * (one + apart + row);
    of_.refresh_interval = (busiest + below(0, 400)) * 2;
  }

  // What no standard asks for, at any level.
  void draw_extras() {
    const int extras = below(0, 4);
    for (int i = 0; i < extras; ++i) {
      Constraint constraint;
      constraint.from = below(0, static_cast<int>(of_.commands.size()) - 1);
      constraint.to = below(0, static_cast<int>(of_.commands.size()) - 1);
      constraint.level = static_cast<Level>(below(0, level_count - 1));
      constraint.siblings = constraint.level != Level::channel && chance();
      constraint.window = constraint.siblings ? 1 : below(1, 3);
      constraint.ticks = below(1, 12);
      constraint.text = "extra";
      of_.constraints.push_back(constraint);
    }
  }

  Specification of_;
  Tick rcd_ = 0, ras_ = 0, rp_ = 0;
};

}  // namespace plumb::memory
