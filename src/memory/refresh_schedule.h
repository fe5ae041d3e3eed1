#pragma once
// Which refreshes are owed, and when a channel must stop for them.
//
// A rank owes one refresh each tREFI / units: the units are the whole rank, its banks one by one, or the banks of one
// number in all groups. Domains of a pseudo-channel fall due one after another, evenly staggered; those of one number
// in all pseudo-channels together, since a pseudo-channel that waits soon holds up the others. Each unit is refreshed
// once in a round, first those for which no request waits. A refresh is begun
//   - when it is owed and no request waits for a unit that has its turn in this round, also ahead of time
//   (pulled_in_max);
//   - when more than postponed_max are owed, whoever waits; then all that are owed are given.
// Thread rule: belongs to one channel.

#include <vector>

#include "memory/controller_settings.h"
#include "memory/specification.h"

namespace plumb::memory {

class RefreshSchedule {
 public:
  explicit RefreshSchedule(const Specification& specification);

  int command() const { return command_; }
  int domains() const { return static_cast<int>(domains_.size()); }

  /// The next tick at which one falls due.
  Tick next_due() const { return next_due_; }
  /// Notes what has fallen due by `now`; false: nothing.
  bool fall_due(Tick now);

  /// The bank by which a domain's refresh is begun, which then is in progress until done(), or -1. `waits(bank)`:
  /// whether a request waits for that bank.
  template <class Waits>
  int begin(int domain, Waits waits) {
    Domain& at = domains_[static_cast<std::size_t>(domain)];
    if (at.in_progress || at.owed <= -pulled_in_max_) return -1;
    int first = -1;
    for (int i = 0; i < units_; ++i) {
      const int unit = (at.next_unit + i) % units_;
      if (at.done[static_cast<std::size_t>(unit)]) continue;
      const int bank = first_bank(domain, unit);
      if (first < 0) first = unit;
      if (!any_waits(bank, waits)) return start(at, unit, bank);
    }
    if (at.owed > postponed_max_ || (at.bursting && at.owed > 0)) return start(at, first, first_bank(domain, first));
    return -1;
  }
  bool in_progress(int domain) const { return domains_[static_cast<std::size_t>(domain)].in_progress; }
  /// A bank of the unit that is in progress.
  int bank(int domain) const { return domains_[static_cast<std::size_t>(domain)].bank; }
  /// The domain's refresh command has been issued.
  void done(int domain);

 private:
  struct Domain {
    Tick due = 0;
    int owed = 0;
    int next_unit = 0;
    int unit = 0, bank = 0;  ///< in progress
    bool in_progress = false;
    bool bursting = false;
    int left = 0;            ///< units to do in this round
    std::vector<char> done;  ///< units done in this round
  };

  int first_bank(int domain, int unit) const { return domain * banks_per_domain_ + (units_ == 1 ? 0 : unit); }
  template <class Waits>
  bool any_waits(int bank, Waits waits) const {
    const int stride = scope_ == Scope::same_bank ? units_ : 1;
    const int count = scope_ == Scope::bank ? 1 : banks_per_domain_ / stride;
    for (int i = 0; i < count; ++i)
      if (waits(bank + i * stride)) return true;
    return false;
  }
  int start(Domain& at, int unit, int bank) {
    at.bursting = at.owed > postponed_max_ || at.bursting;
    at.in_progress = true;
    at.unit = unit;
    at.bank = bank;
    return bank;
  }

  int command_ = -1;
  Scope scope_ = Scope::rank;
  int units_ = 1, banks_per_domain_ = 1;
  int postponed_max_ = 0, pulled_in_max_ = 0;
  Tick interval_ = 0;  ///< in ticks, times units_
  Tick next_due_ = 0;
  std::vector<Domain> domains_;
};

}  // namespace plumb::memory
