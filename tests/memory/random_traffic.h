#pragma once
// Settings of a controller and accesses to one channel, of any kind; for properties.

#include <algorithm>
#include <cstdint>
#include <vector>

#include <rapidcheck.h>

#include "base/random.h"
#include "memory/access.h"
#include "memory/page_policy.h"
#include "memory/request_scheduler.h"
#include "memory/specification.h"

namespace plumb::memory {

/// Settings that the specification can be run with.
inline ControllerSettings draw_settings(const Specification& of) {
  const auto below = [](int low, int high) { return *rc::gen::inRange(low, high + 1); };
  ControllerSettings settings;
  settings.scheduler = *rc::gen::elementOf(request_scheduler_names());
  settings.page_policy = *rc::gen::elementOf(page_policy_names());
  std::vector<RefreshMode> modes{RefreshMode::none};
  if (of.refresh_command(Scope::rank) >= 0 || of.refresh_command(Scope::pseudo_channel) >= 0)
    modes.push_back(RefreshMode::all_bank);
  if (of.refresh_command(Scope::bank) >= 0) modes.push_back(RefreshMode::per_bank);
  if (of.refresh_command(Scope::same_bank) >= 0) modes.push_back(RefreshMode::same_bank);
  settings.refresh = *rc::gen::elementOf(modes);
  settings.row_hit_cap = below(0, 4);
  settings.read_queue = below(1, 24);
  settings.write_queue = below(2, 24);
  settings.write_high = below(1, settings.write_queue);
  settings.write_low = below(0, settings.write_high - 1);
  settings.refresh_postponed_max = below(0, 4);
  settings.refresh_pulled_in_max = below(0, 4);
  return settings;
}

/// Accesses in order of arrival: to few rows, so that hits and conflicts and the same address twice are common; all
/// waiting at once, or with gaps of any length between them.
inline std::vector<Access> draw_accesses(const Specification& of, int count) {
  Stream stream(*rc::gen::arbitrary<std::uint64_t>(), "accesses");
  const Organisation& o = of.organisation;
  const auto number = [&](std::int64_t end) {
    return static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(std::max<std::int64_t>(end, 1))));
  };
  const int rows = *rc::gen::inRange(1, 5), columns = *rc::gen::inRange(1, 9), banks = *rc::gen::inRange(1, 65);
  const int writes = *rc::gen::inRange(0, 11);  // of ten
  const bool all_waiting = *rc::gen::arbitrary<bool>();
  const Tick gap = *rc::gen::elementOf(std::vector<Tick>{2, 10, 50, std::max<Tick>(of.refresh_interval, 100)});
  std::vector<Access> accesses;
  Tick arrival = 0;
  for (int i = 0; i < count; ++i) {
    Access access;
    access.bank = static_cast<std::int16_t>(number(std::min(banks, o.banks())) * 7 % o.banks());
    access.row = number(std::min<std::int64_t>(rows, o.rows));
    access.column = static_cast<std::int32_t>(number(std::min(columns, o.columns())));
    access.write = number(10) < writes;
    // Mostly in bursts.
    if (number(4) == 0) arrival += number(gap);
    access.arrival = all_waiting ? always_waiting : arrival;
    accesses.push_back(access);
  }
  return accesses;
}

}  // namespace plumb::memory
