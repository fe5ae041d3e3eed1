#include "memory/event_controller.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace plumb::memory {

EventController::EventController(const Specification& specification, CommandSink sink)
    : state_(specification, std::move(sink)),
      banks_per_pseudo_channel_(specification.organisation.banks_per_pseudo_channel()),
      places_(static_cast<std::size_t>(state_.banks())) {
  const auto pseudo_channels = static_cast<std::size_t>(specification.organisation.pseudo_channels);
  columns_.resize(pseudo_channels);
  activations_.resize(pseudo_channels);
  precharges_.resize(pseudo_channels);
}

void EventController::run(bool last) {
  while (!(last && state_.idle())) {
    if (!state_.begin_tick(now_, last)) return;
    follow_changes();
    const Choice column = choose_column(), row = choose_row();
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
  if (column.at == now_) {
    issue(column.bank);
    // What was chosen for the rows may have to wait for the access, which others need not do; and where requests are
    // served in order, another one is the oldest now.
    if (state_.in_order() || !possible(refresh, row)) {
      follow_changes();
      if (refresh.at == now_) refresh = choose_refresh();
      row = choose_row();
    }
  }
  if (refresh.at == now_) return state_.issue_refresh(refresh.domain, refresh.step, now_);
  if (row.at == now_) issue(row.bank);
}

bool EventController::possible(const RefreshChoice& refresh, const Choice& row) const {
  const TimingState& timing = state_.timing();
  if (refresh.at == now_) return timing.earliest(refresh.step.command, refresh.step.bank, now_) == now_;
  if (row.at != now_) return true;
  return timing.earliest_at_bank(places_[static_cast<std::size_t>(row.bank)].want.command, row.bank, now_) == now_;
}

void EventController::issue(int bank) { state_.issue(bank, places_[static_cast<std::size_t>(bank)].want, now_); }

EventController::Choice EventController::choose_column() {
  Choice best;
  for (List& list : columns_) best = std::min(best, choose(list));
  return best;
}

EventController::Choice EventController::choose_row() {
  Choice best;
  for (List& list : activations_) best = std::min(best, choose(list));
  for (List& list : precharges_) best = std::min(best, choose(list));
  return best;
}

EventController::Choice EventController::choose(List& among) const {
  if (among.wanting.empty()) return {};
  if (state_.in_order()) return choose_first_come(among);
  const TimingState& timing = state_.timing();
  const int bank = among.wanting.front().bank;
  const Tick shared = timing.on_bus(among.command, std::max(now_, timing.not_before_shared(among.command, bank)));
  // All others were later, and can only have become later still.
  if (!among.changed && among.choice.at >= shared && look_up(among, among.choice.bank) <= among.choice.at)
    return among.choice;
  among.changed = false;
  return among.choice = look_through(among, shared);
}

EventController::Choice EventController::look_through(List& among, Tick shared) const {
  while (true) {
    Wanting* best = nullptr;
    for (Wanting& wanting : among.wanting) {
      if (wanting.not_before <= shared) {
        wanting.not_before = look_up(among, wanting.bank);
        if (wanting.not_before <= shared) return {shared, wanting.order, wanting.bank};
      }
      if (best == nullptr || wanting.not_before < best->not_before) best = &wanting;
    }
    const Tick bound = best->not_before;
    best->not_before = look_up(among, best->bank);
    if (best->not_before == bound) return {bound, best->order, best->bank};
  }
}

Tick EventController::look_up(const List& among, int bank) const {
  const TimingState& timing = state_.timing();
  return timing.on_edge(among.command, timing.not_before_at_bank(among.command, bank));
}

/// Only the oldest request of all may have a command.
EventController::Choice EventController::choose_first_come(const List& among) const {
  const Wanting& first = among.wanting.front();
  if (first.order != state_.oldest_waiting()) return {};
  return {state_.timing().earliest_at_bank(among.command, first.bank, now_), first.order, first.bank};
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
  List* const list = list_of(want.command, bank / banks_per_pseudo_channel_);
  if (place.list != nullptr) {
    if (place.list == list && place.want.order == want.order) {
      place.want = want;
      return;
    }
    remove(*place.list, bank);
  }
  place.list = list;
  place.want = want;
  if (list == nullptr) return;
  list->command = want.command;
  insert(*list, {state_.timing().not_before_at_bank(want.command, bank), want.order, bank});
}

EventController::List* EventController::list_of(int command, int pseudo_channel) {
  const auto at = static_cast<std::size_t>(pseudo_channel);
  if (command < 0) return nullptr;
  if (state_.is_column(command)) return &columns_[at];
  return state_.is_activation(command) ? &activations_[at] : &precharges_[at];
}

void EventController::remove(List& list, int bank) {
  const auto found =
      std::find_if(list.wanting.begin(), list.wanting.end(), [&](const Wanting& w) { return w.bank == bank; });
  list.wanting.erase(found);
  list.changed = true;
}

void EventController::insert(List& list, const Wanting& wanting) {
  auto at = list.wanting.end();
  while (at != list.wanting.begin() && wanting.order < std::prev(at)->order) --at;
  list.wanting.insert(at, wanting);
  list.changed = true;
}

}  // namespace plumb::memory
