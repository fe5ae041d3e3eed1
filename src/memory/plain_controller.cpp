#include "memory/plain_controller.h"

#include <limits>

namespace plumb::memory {

void PlainController::run(bool last) {
  while (!(last && state_.idle())) {
    if (!state_.begin_tick(now_, last)) return;
    state_.forget_changes();
    tick();
    ++now_;
  }
  state_.finish();
}

void PlainController::tick() {
  try_column();
  if (!try_refresh()) try_row();
}

void PlainController::try_column() {
  const int bank = oldest_ready(true);
  if (bank >= 0) state_.issue(bank, state_.want(bank), now_);
}

bool PlainController::try_refresh() {
  for (int domain = 0; domain < state_.refresh_domains(); ++domain) {
    const ChannelState::RefreshStep step = state_.refresh_step(domain);
    if (step.command < 0 || state_.timing().earliest(step.command, step.bank, now_) > now_) continue;
    state_.issue_refresh(domain, step, now_);
    return true;
  }
  return false;
}

void PlainController::try_row() {
  const int bank = oldest_ready(false);
  if (bank >= 0) state_.issue(bank, state_.want(bank), now_);
}

int PlainController::oldest_ready(bool column) const {
  const std::uint64_t only = state_.in_order() ? state_.oldest_waiting() : 0;
  int best = -1;
  std::uint64_t best_order = std::numeric_limits<std::uint64_t>::max();
  for (int bank = 0; bank < state_.banks(); ++bank) {
    const ChannelState::Want want = state_.want(bank);
    if (want.command < 0 || state_.is_column(want.command) != column || want.order >= best_order) continue;
    if (state_.in_order() && want.order != only) continue;
    if (state_.timing().earliest_at_bank(want.command, bank, now_) > now_) continue;
    best = bank;
    best_order = want.order;
  }
  return best;
}

}  // namespace plumb::memory
