#pragma once
// A specification while its layers are read: a memory that it is like, its own [dram] table, a preset. A later layer's
// values replace an earlier one's, key by key. Thread rule: belongs to one thread.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/reader.h"
#include "base/result.h"
#include "memory/specification.h"

namespace plumb::memory {

class SpecificationDraft {
 public:
  /// Reads one layer: the keys of a [dram] table or of one of its presets that both have. `sources` are the file's.
  void read_layer(Reader& dram, const std::map<std::string, std::string, std::less<>>& sources);

  /// The specification of all layers. `place` is that of the last table, for what is missing everywhere.
  [[nodiscard]] Result<Specification> finish(Place place) const;

 private:
  struct Latency {
    std::string from, to;
    Level level = Level::bank;
    bool siblings = false;
    int window = 1;
    std::string text;
    Place place;
  };

  void read_organisation(Reader& table);
  void read_timing(Reader& table, const std::map<std::string, std::string, std::less<>>& sources);
  void read_commands(Reader& table);
  void read_constraint(Reader& entry);
  void read_mapping(Reader& table);
  void read_controller(Reader& table);
  void read_energy(Reader& table, const std::map<std::string, std::string, std::less<>>& sources);

  [[nodiscard]] Status resolve_organisation(Specification& to, const Place& place) const;
  [[nodiscard]] Status resolve_timing(Specification& to, const Place& place) const;
  [[nodiscard]] Status resolve_constraints(Specification& to) const;
  [[nodiscard]] Status fill_latencies(Specification& to, const Place& place) const;

  std::map<std::string, std::int64_t, std::less<>> counts_;  ///< of the organisation
  std::map<std::string, Place, std::less<>> count_places_;
  std::optional<Seconds> clock_;
  Place clock_place_;
  int ticks_per_clock_ = 1;
  bool allow_inconsistent_ = false;
  std::vector<Parameter> parameters_;
  std::vector<Command> commands_;
  std::vector<double> command_clocks_;  ///< of the bus, a command each
  std::vector<Place> command_places_;
  std::vector<Latency> latencies_;
  AddressRecipe mapping_;
  ControllerSettings controller_;
  std::optional<Energy> energy_;
  std::optional<PimUnit> pim_;
  Place pim_place_;
  std::vector<std::string> notes_;
};

}  // namespace plumb::memory
