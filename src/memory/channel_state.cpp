#include "memory/channel_state.h"

#include <algorithm>
#include <limits>

namespace plumb::memory {
namespace {

std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

ChannelState::ChannelState(const Specification& specification, CommandSink sink)
    : specification_(specification),
      scheduler_(*find_request_scheduler(specification.controller.scheduler)),
      keeps_pages_open_(specification.controller.page_policy == "open"),
      page_policy_(make_page_policy(specification.controller.page_policy, specification.organisation.banks())),
      sink_(std::move(sink)),
      timing_(specification),
      refresh_(specification),
      activate_(specification.command(Does::activate)),
      precharge_(specification.command(Does::precharge)),
      precharge_all_(specification.command(Does::precharge_all)),
      read_(specification.command(Does::read)),
      write_(specification.command(Does::write)),
      read_close_(specification.command(Does::read_and_precharge)),
      write_close_(specification.command(Does::write_and_precharge)),
      banks_(at(specification.organisation.banks())),
      open_banks_(at(specification.organisation.pseudo_channels)),
      active_since_(at(specification.organisation.pseudo_channels)) {
  const std::array<int, 2> sizes{specification.controller.read_queue, specification.controller.write_queue};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    slots_[i].resize(at(sizes[i]));
    for (int slot = sizes[i]; slot-- > 0;) free_slots_[i].push_back(static_cast<std::uint32_t>(slot));
  }
  counters_.commands.assign(specification.commands.size(), 0);
}

void ChannelState::offer(std::span<const Access> accesses) {
  backlog_.erase(backlog_.begin(), backlog_.begin() + static_cast<std::ptrdiff_t>(backlog_head_));
  backlog_head_ = 0;
  backlog_.insert(backlog_.end(), accesses.begin(), accesses.end());
}

bool ChannelState::begin_tick(Tick now, bool last) {
  refreshes_may_begin_ |= refresh_.fall_due(now);
  while (backlog_left() != 0 && accept(backlog_[backlog_head_], now)) ++backlog_head_;
  if (backlog_left() == 0 && !last) return false;
  turn();
  if (refreshes_may_begin_) begin_refreshes();
  return true;
}

Tick ChannelState::next_event(Tick after) const {
  Tick next = refresh_.next_due();
  if (backlog_left() != 0) {
    // One that has arrived waits for room, or for a read of its address: for a command, not for a time. One that is to
    // arrive may be answered even where there is no room.
    const Access& first = backlog_[backlog_head_];
    if (first.arrival >= after) next = std::min(next, first.arrival);
  }
  return std::max(next, after);
}

bool ChannelState::accept(const Access& access, Tick now) {
  if (access.arrival > now) return false;
  const Tick since = access.arrival == always_waiting ? now : access.arrival;
  Bank& bank = banks_[at(access.bank)];
  const Direction direction = access.write ? Direction::write : Direction::read;
  if (waiting_[index(Direction::write)] != 0 || access.write) {
    if (access.write && same_address_waits(bank, access, Direction::read)) return false;
    if (!access.write && same_address_waits(bank, access, Direction::write)) {
      ++counters_.reads;
      ++counters_.forwarded;
      counters_.read_latency.add(now - since);
      counters_.end = std::max(counters_.end, now);
      return true;
    }
  }
  std::vector<std::uint32_t>& free = free_slots_[index(direction)];
  if (free.empty()) return false;
  const std::uint32_t slot = free.back();
  free.pop_back();
  slots_[index(direction)][slot] = {since, access.column};
  bank.waiting[index(direction)].push_back({access.row, next_order_++, slot});
  ++waiting_[index(direction)];
  mark(access.bank);
  return true;
}

bool ChannelState::same_address_waits(const Bank& bank, const Access& access, Direction direction) const {
  const std::vector<Waiting>& waiting = bank.waiting[index(direction)];
  return std::any_of(waiting.begin(), waiting.end(), [&](const Waiting& w) {
    return w.row == access.row && slots_[index(direction)][w.slot].column == access.column;
  });
}

void ChannelState::turn() {
  const int reads = waiting_[index(Direction::read)], writes = waiting_[index(Direction::write)];
  const ControllerSettings& settings = specification_.controller;
  Direction wanted = direction_;
  if (direction_ == Direction::read && (writes >= settings.write_high || (reads == 0 && writes > 0)))
    wanted = Direction::write;
  if (direction_ == Direction::write && (writes == 0 || (writes <= settings.write_low && reads > 0)))
    wanted = Direction::read;
  if (wanted == direction_) return;
  direction_ = wanted;
  all_changed_ = true;
}

void ChannelState::begin_refreshes() {
  const auto waits = [&](int bank) {
    const Bank& of = banks_[at(bank)];
    return !of.waiting[0].empty() || !of.waiting[1].empty();
  };
  refreshes_may_begin_ = false;
  for (int domain = 0; domain < refresh_.domains(); ++domain) {
    const int first = refresh_.begin(domain, waits);
    if (first < 0) continue;
    ++refreshing_;
    timing_.for_each_bank(refresh_.command(), first, [&](int bank) {
      banks_[at(bank)].closed_for_refresh = true;
      mark(bank);
    });
  }
}

ChannelState::Want ChannelState::want(int bank) const {
  const Bank& of = banks_[at(bank)];
  const std::vector<Waiting>& waiting = of.waiting[index(direction_)];
  if (waiting.empty() || of.closed_for_refresh) return {};
  const std::size_t picked = scheduler_.pick(waiting, of.open_row, of.served, specification_.controller.row_hit_cap);
  const Waiting& request = waiting[picked];
  const int column = direction_ == Direction::read ? read_ : write_;
  const int command = of.open_row == request.row ? column : of.open_row == no_row ? activate_ : precharge_;
  return {command, request.order, picked};
}

std::uint64_t ChannelState::oldest_waiting() const {
  std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
  for (const Bank& bank : banks_) {
    const std::vector<Waiting>& waiting = bank.waiting[index(direction_)];
    if (!waiting.empty()) oldest = std::min(oldest, waiting.front().order);
  }
  return oldest;
}

ChannelState::RefreshStep ChannelState::refresh_step(int domain) const {
  if (!refresh_.in_progress(domain)) return {};
  const int first = refresh_.bank(domain);
  int open = -1;
  timing_.for_each_bank(refresh_.command(), first, [&](int bank) {
    if (open < 0 && banks_[at(bank)].open_row != no_row) open = bank;
  });
  if (open < 0) return {refresh_.command(), first};
  const Scope scope = specification_.commands[at(refresh_.command())].scope;
  const bool whole = scope == Scope::rank || scope == Scope::pseudo_channel;
  return {whole && precharge_all_ >= 0 ? precharge_all_ : precharge_, open};
}

void ChannelState::issue(int bank, const Want& want, Tick now) {
  if (want.command == activate_) return open(bank, want, now);
  if (want.command == precharge_) {
    banks_[at(bank)].closed_for = want.order + 1;
    issue_command(precharge_, bank, no_row, 0, now);
    return close(bank, now);
  }
  access(bank, want, now);
}

void ChannelState::issue_refresh(int domain, const RefreshStep& step, Tick now) {
  issue_command(step.command, step.bank, no_row, 0, now);
  if (step.command != refresh_.command())
    return timing_.for_each_bank(step.command, step.bank, [&](int bank) { close(bank, now); });
  timing_.for_each_bank(step.command, step.bank, [&](int bank) {
    banks_[at(bank)].closed_for_refresh = false;
    ++counters_.banks_refreshed;
    mark(bank);
  });
  refresh_.done(domain);
  --refreshing_;
  refreshes_may_begin_ = true;
}

void ChannelState::open(int bank, const Want& want, Tick now) {
  Bank& of = banks_[at(bank)];
  const std::int64_t row = of.waiting[index(direction_)][want.at].row;
  issue_command(activate_, bank, row, 0, now);
  of.open_row = row;
  of.served = 0;
  of.opened_for = want.order + 1;
  of.conflict = of.closed_for == want.order + 1;
  page_policy_->opened(bank, row);
  const std::size_t pseudo_channel = at(specification_.organisation.node_of(Level::pseudo_channel, bank));
  if (open_banks_[pseudo_channel]++ == 0) active_since_[pseudo_channel] = now;
  mark(bank);
}

void ChannelState::close(int bank, Tick now) {
  Bank& of = banks_[at(bank)];
  if (of.open_row == no_row) return;
  of.open_row = no_row;
  of.served = 0;
  const std::size_t pseudo_channel = at(specification_.organisation.node_of(Level::pseudo_channel, bank));
  if (--open_banks_[pseudo_channel] == 0) counters_.active_ticks += now - active_since_[pseudo_channel];
  mark(bank);
}

void ChannelState::access(int bank, const Want& want, Tick now) {
  Bank& of = banks_[at(bank)];
  const std::size_t direction = index(direction_);
  const Waiting request = of.waiting[direction][want.at];
  const Slot slot = slots_[direction][request.slot];
  of.waiting[direction].erase(of.waiting[direction].begin() + static_cast<std::ptrdiff_t>(want.at));
  free_slots_[direction].push_back(request.slot);
  --waiting_[direction];
  refreshes_may_begin_ |= of.waiting[0].empty() && of.waiting[1].empty();
  ++of.served;

  int command = want.command;
  bool closes = false;
  if (!keeps_pages_open_) {
    const auto same_row = [&](const Waiting& w) { return w.row == request.row; };
    const bool hits_wait = std::any_of(of.waiting[0].begin(), of.waiting[0].end(), same_row) ||
                           std::any_of(of.waiting[1].begin(), of.waiting[1].end(), same_row);
    const int closing = direction_ == Direction::read ? read_close_ : write_close_;
    closes = page_policy_->closes(bank, hits_wait) && timing_.earliest_at_bank(closing, bank, now) == now;
    if (closes) command = closing;
  }
  issue_command(command, bank, request.row, slot.column, now);
  if (of.opened_for != request.order + 1) {
    ++counters_.row_hits;
  } else {
    ++(of.conflict ? counters_.row_conflicts : counters_.row_misses);
  }
  const Tick latency = direction_ == Direction::read ? specification_.read_latency : specification_.write_latency;
  const Tick end = now + latency + specification_.burst;
  counters_.end = std::max(counters_.end, end);
  if (direction_ == Direction::read) {
    ++counters_.reads;
    counters_.read_latency.add(end - slot.since);
  } else {
    ++counters_.writes;
  }
  mark(bank);
  if (closes) close(bank, now);
}

void ChannelState::issue_command(int command, int bank, std::int64_t row, int column, Tick now) {
  timing_.issue(command, bank, now);
  ++counters_.commands[at(command)];
  if (sink_) sink_({now, command, timing_.first_bank(command, bank), row, column});
}

void ChannelState::mark(int bank) {
  if (banks_[at(bank)].marked) return;
  banks_[at(bank)].marked = true;
  changed_.push_back(bank);
}

void ChannelState::forget_changes() {
  for (const int bank : changed_) banks_[at(bank)].marked = false;
  changed_.clear();
  all_changed_ = false;
}

void ChannelState::finish() {
  for (std::size_t i = 0; i < open_banks_.size(); ++i) {
    if (open_banks_[i] == 0) continue;
    counters_.active_ticks += std::max(counters_.end, active_since_[i]) - active_since_[i];
    active_since_[i] = std::max(counters_.end, active_since_[i]);
  }
}

}  // namespace plumb::memory
