#pragma once
// A memory as its standard describes it: organisation, clock, timing parameters, commands, the constraints between
// them, address mapping, controller and energy. All of it is data (the table [dram] of catalog/memories/NAME.toml,
// format: docs/memory-specification.md); code only knows what a command does.
//
// Time is counted in ticks: a clock, or half of one where commands may begin on both edges (HBM3, HBM4). A latency
// given in nanoseconds becomes the least number of whole clocks that covers it. Thread rule: immutable once made.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/evidence.h"
#include "base/quantity.h"
#include "memory/address_recipe.h"
#include "memory/controller_settings.h"
#include "memory/organisation.h"
#include "memory/pim_unit.h"

namespace plumb::memory {

using Tick = std::int64_t;

/// What a command does to the banks that it covers. Names of commands are data; this is their meaning.
enum class Does : std::uint8_t {
  activate,             ///< opens a row of one bank
  precharge,            ///< closes the row of one bank
  precharge_all,        ///< closes the rows of all banks of its scope
  read,                 ///< one burst from the open row
  read_and_precharge,   ///< the same, then the bank closes itself
  write,                ///< one burst into the open row
  write_and_precharge,  ///< the same, then the bank closes itself
  refresh,              ///< refreshes the banks of its scope; they must be closed
  // Of memories that compute (pim_unit.h); each covers all banks of its scope, which must be in the same state:
  activate_all,    ///< opens the row of one number in all of them; they must be closed
  compute,         ///< the units take a column of the open rows and operate on it
  store,           ///< a column of the open rows is written: by the units' registers, or by one burst into all of them
  write_register,  ///< one burst from outside goes into the units' registers or buffer
  read_register,   ///< the units' results go out in one burst
  change_mode,     ///< between ordinary accesses and those of all banks; all of them must be closed
};
inline constexpr int does_count = 14;
/// The word for it in files: "read_and_precharge".
std::string_view does_name(Does does);

/// The banks that one command covers.
enum class Scope : std::uint8_t {
  bank,            ///< one bank
  same_bank,       ///< the bank of one number in every group of a rank (DDR5's REFsb)
  rank,            ///< all banks of a rank
  pseudo_channel,  ///< all banks of a pseudo-channel
  alternate,       ///< every second bank of a pseudo-channel: the even or the odd
};
inline constexpr int scope_count = 5;
std::string_view scope_name(Scope scope);

/// Which of a channel's command buses carries a command. A standard with one bus has all its commands on `row`.
enum class Bus : std::uint8_t { row, column };

/// On which edge of the clock a command may begin, where a clock has two ticks.
enum class Edge : std::uint8_t { rising, falling, any };

struct Command {
  std::string name;  ///< "ACT", as the standard spells it
  Does does = Does::activate;
  Scope scope = Scope::bank;
  Bus bus = Bus::row;
  Edge edge = Edge::rising;
  Tick bus_ticks = 1;  ///< for how long it occupies its bus
};

/// After `from`, at least `ticks` until `to`, if both touch the same node at `level`. With a window of n, it is the
/// n-th last `from` that counts (tFAW: 4). `siblings`: the other nodes at that level under the same parent, instead
/// (the bus turn-around between ranks).
struct Constraint {
  int from = 0, to = 0;  ///< indices of commands
  Level level = Level::bank;
  bool siblings = false;
  int window = 1;
  Tick ticks = 0;
  std::string text;  ///< the expression: "tCL + tBL + 2 - tCWL"
  Place place;
};

/// A timing parameter as it was given.
struct Parameter {
  std::string name;     ///< "tRCDRD"
  double clocks = 0.0;  ///< what the constraints reckon with: whole clocks, or half ones where a clock has two ticks
  std::optional<Seconds> duration;  ///< where it was given as a time
  Evidence evidence = Evidence::assumed;
  std::string source, note;
  Place place;
};

/// Energies of one channel's commands, and what it draws besides. Every part is per bit moved or per command; what a
/// source does not split is in one part and the others are zero.
struct Energy {
  struct PerBit {
    double cell = 0, column_path = 0, tsv = 0,
           io = 0;  ///< J/bit: sense and cell array; column decoder to the die's edge; through the stack; the pins
    double total() const { return cell + column_path + tsv + io; }
  };
  double activation = 0;  ///< J for one activation and its precharge
  PerBit read, write;
  double refresh = 0;             ///< J for one refresh of one bank
  double standby_active = 0;      ///< W of one pseudo-channel while a bank of it is open
  double standby_precharged = 0;  ///< W of one pseudo-channel while all are closed
  Evidence evidence = Evidence::assumed;
  std::string source, note;
};

struct Specification {
  std::string name;    ///< "hbm3", or the path of the user's file
  std::string preset;  ///< "ramulator"; empty: the file's own figures
  std::string title;   ///< of the preset, else of the file
  Evidence evidence = Evidence::assumed;  ///< the worst of what a timing rests on
  std::vector<std::string> notes;         ///< of the file and the preset, for people
  /// What does not fit together in a set that was loaded with allow_inconsistent, one sentence each.
  std::vector<std::string> inconsistencies;

  Organisation organisation;
  double clock_s = 0;  ///< tCK: the period of the clock that commands are given by
  int ticks_per_clock = 1;
  std::vector<Parameter> parameters;
  std::vector<Command> commands;
  std::vector<Constraint> constraints;
  AddressRecipe mapping;
  ControllerSettings controller;
  std::optional<Energy> energy;
  std::optional<PimUnit> pim;  ///< where the memory computes

  Tick read_latency = 0;      ///< tCL: from a read to the first bit
  Tick write_latency = 0;     ///< tCWL
  Tick burst = 0;             ///< tBL: for how long an access occupies the data bus
  Tick refresh_interval = 0;  ///< tREFI: each rank must have all its banks refreshed once in this time, on average

  /// What find_specification() finds it by: "hbm3", "hbm3:ramulator".
  std::string full_name() const { return preset.empty() ? name : name + ":" + preset; }
  double tick_s() const { return clock_s / ticks_per_clock; }
  double nanoseconds(double ticks) const { return ticks * tick_s() * 1e9; }
  /// What the data buses of the system carry at most.
  BytesPerSecond peak_bandwidth() const;
  /// The command that does this, over this scope where one is given, or -1.
  int command(Does does) const { return command_of_[static_cast<std::size_t>(does)]; }
  int refresh_command(Scope scope) const;
  const Parameter* parameter(std::string_view name) const;
  /// Its ticks; absent is 0.
  Tick ticks(std::string_view parameter_name) const;

  /// Fills what command() looks up. Called once, by what makes a specification.
  void index_commands();

 private:
  std::array<int, does_count> command_of_{};
};

}  // namespace plumb::memory
