#include "memory/refresh_schedule.h"

#include <algorithm>
#include <limits>

namespace plumb::memory {

RefreshSchedule::RefreshSchedule(const Specification& specification)
    : postponed_max_(specification.controller.refresh_postponed_max),
      pulled_in_max_(specification.controller.refresh_pulled_in_max),
      interval_(specification.refresh_interval),
      next_due_(std::numeric_limits<Tick>::max()) {
  const Organisation& of = specification.organisation;
  const bool of_rank = specification.refresh_command(Scope::pseudo_channel) < 0;
  banks_per_domain_ = of_rank ? of.banks_per_rank() : of.banks_per_pseudo_channel();
  switch (specification.controller.refresh) {
    case RefreshMode::none: return;
    case RefreshMode::all_bank: scope_ = of_rank ? Scope::rank : Scope::pseudo_channel; break;
    case RefreshMode::per_bank:
      scope_ = Scope::bank;
      units_ = banks_per_domain_;
      break;
    case RefreshMode::same_bank:
      scope_ = Scope::same_bank;
      banks_per_domain_ = of.banks_per_rank();
      units_ = of.banks_per_group;
      break;
  }
  command_ = specification.refresh_command(scope_);
  domains_.resize(static_cast<std::size_t>(of.banks() / banks_per_domain_));
  const int per_pseudo_channel = of.banks_per_pseudo_channel() / banks_per_domain_;
  for (std::size_t i = 0; i < domains_.size(); ++i) {
    Domain& domain = domains_[i];
    domain.due = interval_ * (static_cast<int>(i) % per_pseudo_channel + 1) / per_pseudo_channel;
    domain.left = units_;
    domain.done.assign(static_cast<std::size_t>(units_), 0);
    next_due_ = std::min(next_due_, (domain.due + units_ - 1) / units_);
  }
}

// Dues are kept in units_-ths of a tick, so that intervals which are no whole ticks do not drift.
bool RefreshSchedule::fall_due(Tick now) {
  if (now < next_due_) return false;
  next_due_ = std::numeric_limits<Tick>::max();
  for (Domain& domain : domains_) {
    while (domain.due <= now * units_) {
      ++domain.owed;
      domain.due += interval_;
    }
    next_due_ = std::min(next_due_, (domain.due + units_ - 1) / units_);
  }
  return true;
}

void RefreshSchedule::done(int domain) {
  Domain& at = domains_[static_cast<std::size_t>(domain)];
  --at.owed;
  at.in_progress = false;
  at.bursting = at.bursting && at.owed > 0;
  at.done[static_cast<std::size_t>(at.unit)] = 1;
  at.next_unit = (at.unit + 1) % units_;
  if (--at.left > 0) return;
  at.left = units_;
  std::fill(at.done.begin(), at.done.end(), 0);
}

}  // namespace plumb::memory
