#include "memory/event_controller.h"

#include <algorithm>
#include <cassert>

namespace plumb::memory {
namespace {

constexpr int column_list = 0, row_list = 1, no_list = -1;

}  // namespace

EventController::EventController(const Specification& specification, CommandSink sink)
    : state_(specification, std::move(sink)), places_(static_cast<std::size_t>(state_.banks())) {}

void EventController::run(bool last) {
  while (!(last && state_.idle())) {
    if (!state_.begin_tick(now_, last)) return;
    follow_changes();
    const Choice column = choose(lists_[column_list]), row = choose(lists_[row_list]);
    const RefreshChoice refresh = state_.refreshing() ? choose_refresh() : RefreshChoice{};
    const Tick next = std::min({column.at, row.at, refresh.at});
    const Tick event = state_.next_event(now_ + 1);
    assert(std::min(next, event) != never);
    if (event <= next) {
      now_ = event;
      continue;
    }
    now_ = next;
    issue_all(column, refresh, row);
    ++now_;
  }
  state_.finish();
}

void EventController::issue_all(const Choice& column, RefreshChoice refresh, Choice row) {
  const TimingState& timing = state_.timing();
  const auto possible = [&] {
    if (refresh.at == now_) return timing.earliest(refresh.step.command, refresh.step.bank, now_) == now_;
    return row.at != now_ || timing.earliest_at_bank(row.command, row.bank, now_) == now_;
  };
  if (column.at == now_) {
    issue(column.bank);
    // What was chosen for the rows may have to wait for the access, which others need not do; and where requests are
    // served in order, another one is the oldest now.
    if (state_.in_order() || !possible()) {
      follow_changes();
      if (refresh.at == now_) refresh = choose_refresh();
      row = choose(lists_[row_list]);
    }
  }
  if (refresh.at == now_) return state_.issue_refresh(refresh.domain, refresh.step, now_);
  if (row.at == now_) issue(row.bank);
}

void EventController::issue(int bank) {
  const BankPlace& place = places_[static_cast<std::size_t>(bank)];
  const Wanting& wanting = lists_[place.list][place.at];
  state_.issue(bank, {wanting.command, wanting.order, place.among_waiting}, now_);
}

EventController::Choice EventController::choose(const std::vector<Wanting>& among) const {
  const bool in_order = state_.in_order();
  const std::uint64_t only = in_order && !among.empty() ? state_.oldest_waiting() : 0;
  const TimingState& timing = state_.timing();
  Choice best;
  for (const Wanting& wanting : among) {
    if (in_order && wanting.order != only) continue;
    const Tick at = timing.earliest_at_bank(wanting.command, wanting.bank, now_);
    if (at > best.at || (at == best.at && wanting.order > best.order)) continue;
    best = {at, wanting.order, wanting.bank, wanting.command};
  }
  return best;
}

EventController::RefreshChoice EventController::choose_refresh() const {
  RefreshChoice best;
  for (int domain = 0; domain < state_.refresh_domains(); ++domain) {
    const ChannelState::RefreshStep step = state_.refresh_step(domain);
    if (step.command < 0) continue;
    const Tick at = state_.timing().earliest(step.command, step.bank, now_);
    if (at < best.at) best = {at, domain, step};
  }
  return best;
}

void EventController::follow_changes() {
  if (state_.all_changed()) {
    for (int bank = 0; bank < state_.banks(); ++bank) update(bank);
  } else {
    for (const int bank : state_.changed()) update(bank);
  }
  state_.forget_changes();
}

void EventController::update(int bank) {
  const ChannelState::Want want = state_.want(bank);
  BankPlace& place = places_[static_cast<std::size_t>(bank)];
  const int list = want.command < 0 ? no_list : state_.is_column(want.command) ? column_list : row_list;
  if (place.list != list) {
    if (place.list != no_list) remove(bank);
    place.list = list;
    if (list == no_list) return;
    place.at = lists_[list].size();
    lists_[list].emplace_back();
  }
  if (list == no_list) return;
  place.among_waiting = want.at;
  lists_[list][place.at] = {want.order, bank, want.command};
}

void EventController::remove(int bank) {
  const BankPlace& place = places_[static_cast<std::size_t>(bank)];
  std::vector<Wanting>& list = lists_[place.list];
  list[place.at] = list.back();
  places_[static_cast<std::size_t>(list[place.at].bank)].at = place.at;
  list.pop_back();
}

}  // namespace plumb::memory
