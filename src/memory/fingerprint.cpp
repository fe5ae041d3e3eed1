#include "memory/fingerprint.h"

#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

/// Raised when the controllers change what they emit, so that what was measured with the old ones is not used.
constexpr int model_version = 1;

std::uint64_t fnv1a(std::string_view text, std::uint64_t basis) {
  constexpr std::uint64_t prime = 1099511628211ULL;
  for (const char c : text) basis = (basis ^ static_cast<unsigned char>(c)) * prime;
  return basis;
}

template <class... Args>
void line(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
  text += '\n';
}

void add_energy(std::string& text, const Energy& of) {
  const auto part = [&](const Energy::PerBit& bit) {
    line(text, "{:.17g} {:.17g} {:.17g} {:.17g}", bit.cell, bit.column_path, bit.tsv, bit.io);
  };
  line(text, "energy {:.17g} {:.17g} {:.17g} {:.17g}", of.activation, of.refresh, of.standby_active,
       of.standby_precharged);
  part(of.read);
  part(of.write);
}

}  // namespace

std::string canonical_text(const Specification& of) {
  std::string text;
  const Organisation& o = of.organisation;
  line(text, "model {}", model_version);
  line(text, "organisation {} {} {} {} {} {} {} {}", o.channels, o.pseudo_channels, o.ranks, o.bank_groups,
       o.banks_per_group, o.rows, o.row_bytes, o.access_bytes);
  line(text, "clock {:.17g} {}", of.clock_s, of.ticks_per_clock);
  line(text, "latency {} {} {} {}", of.read_latency, of.write_latency, of.burst, of.refresh_interval);
  for (const Command& c : of.commands)
    line(text, "command {} {} {} {} {}", static_cast<int>(c.does), static_cast<int>(c.scope), static_cast<int>(c.bus),
         static_cast<int>(c.edge), c.bus_ticks);
  for (const Constraint& c : of.constraints)
    line(text, "constraint {} {} {} {} {} {}", c.from, c.to, static_cast<int>(c.level), c.siblings ? 1 : 0, c.window,
         c.ticks);
  for (const AddressRecipe::Part& part : of.mapping.order)
    line(text, "order {} {}", static_cast<int>(part.field), part.bits);
  line(text, "skew {} {}", of.mapping.skew_at, of.mapping.skew_step);
  for (const Field field : of.mapping.skew) line(text, "skew by {}", static_cast<int>(field));
  for (const AddressRecipe::Xor& made : of.mapping.xors)
    line(text, "xor {} {} {}", static_cast<int>(made.field), static_cast<int>(made.other), made.shift);
  const ControllerSettings& s = of.controller;
  line(text, "controller {} {} {} {} {} {} {} {} {} {}", s.scheduler, s.page_policy, static_cast<int>(s.refresh),
       s.row_hit_cap, s.read_queue, s.write_queue, s.write_high, s.write_low, s.refresh_postponed_max,
       s.refresh_pulled_in_max);
  if (of.energy) add_energy(text, *of.energy);
  return text;
}

std::string fingerprint(const Specification& specification) {
  const std::string text = canonical_text(specification);
  constexpr std::uint64_t basis = 14695981039346656037ULL, other_basis = 0x9e3779b97f4a7c15ULL;
  return fmt::format("{:016x}{:016x}", fnv1a(text, basis), fnv1a(text, other_basis));
}

}  // namespace plumb::memory
