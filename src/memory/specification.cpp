#include "memory/specification.h"

#include <algorithm>
#include <cmath>

namespace plumb::memory {

std::string_view does_name(Does does) {
  switch (does) {
    case Does::activate: return "activate";
    case Does::precharge: return "precharge";
    case Does::precharge_all: return "precharge_all";
    case Does::read: return "read";
    case Does::read_and_precharge: return "read_and_precharge";
    case Does::write: return "write";
    case Does::write_and_precharge: return "write_and_precharge";
    case Does::refresh: return "refresh";
    case Does::activate_all: return "activate_all";
    case Does::compute: return "compute";
    case Does::store: return "store";
    case Does::write_register: return "write_register";
    case Does::read_register: return "read_register";
    case Does::change_mode: return "change_mode";
  }
  return "";
}

std::string_view scope_name(Scope scope) {
  switch (scope) {
    case Scope::bank: return "bank";
    case Scope::same_bank: return "same_bank";
    case Scope::rank: return "rank";
    case Scope::pseudo_channel: return "pseudo_channel";
    case Scope::alternate: return "alternate";
  }
  return "";
}

BytesPerSecond Specification::peak_bandwidth() const {
  const double bytes =
      static_cast<double>(organisation.access_bytes) * organisation.pseudo_channels * organisation.channels;
  return Bytes::of(bytes) / Seconds::of(static_cast<double>(burst) * tick_s());
}

int Specification::refresh_command(Scope scope) const {
  for (std::size_t i = 0; i < commands.size(); ++i)
    if (commands[i].does == Does::refresh && commands[i].scope == scope) return static_cast<int>(i);
  return -1;
}

const Parameter* Specification::parameter(std::string_view wanted) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == wanted; });
  return found == parameters.end() ? nullptr : &*found;
}

Tick Specification::ticks(std::string_view parameter_name) const {
  const Parameter* found = parameter(parameter_name);
  return found == nullptr ? 0 : static_cast<Tick>(std::llround(found->clocks * ticks_per_clock));
}

void Specification::index_commands() {
  command_of_.fill(-1);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    int& slot = command_of_[static_cast<std::size_t>(commands[i].does)];
    if (slot < 0) slot = static_cast<int>(i);
  }
}

}  // namespace plumb::memory
