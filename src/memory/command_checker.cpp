#include "memory/command_checker.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

constexpr std::int64_t closed = -1;

bool moves_data(Does does) {
  return does == Does::read || does == Does::read_and_precharge || does == Does::write ||
         does == Does::write_and_precharge || does == Does::write_register || does == Does::read_register;
}

/// Of a column of rows that must be open.
bool accesses(Does does) {
  return (moves_data(does) && does != Does::write_register && does != Does::read_register) || does == Does::compute ||
         does == Does::store;
}

bool activates(Does does) { return does == Does::activate || does == Does::activate_all; }

bool wants_closed(Does does) { return activates(does) || does == Does::refresh || does == Does::change_mode; }

bool writes(Does does) {
  return does == Does::write || does == Does::write_and_precharge || does == Does::write_register;
}

std::string_view level_name(Level level) {
  constexpr std::array<std::string_view, level_count> names{"channel", "pseudo-channel", "rank", "bank group", "bank"};
  return names[static_cast<std::size_t>(level)];
}

std::string_view ticks_word(Tick ticks) { return ticks == 1 ? "tick" : "ticks"; }

Error wrong(std::string message, std::string expected) {
  return input_error({}, std::move(message), std::move(expected));
}

}  // namespace

CommandChecker::CommandChecker(const Specification& specification) : of_(specification) {
  const Organisation& o = of_.organisation;
  const int banks = o.pseudo_channels * o.ranks * o.bank_groups * o.banks_per_group;
  for (int bank = 0; bank < banks; ++bank) {
    const int group = bank / o.banks_per_group, rank = group / o.bank_groups;
    const std::array<int, level_count> nodes{0, rank / o.ranks, rank, group, bank};
    for (std::size_t level = 0; level < nodes.size(); ++level) nodes_[level].push_back(nodes[level]);
  }
  open_row_.resize(static_cast<std::size_t>(banks), closed);
  for (int scope = 0; scope < scope_count; ++scope) gather(static_cast<Scope>(scope));
  constraints_.resize(of_.commands.size());
  horizon_.resize(of_.commands.size(), 0);
  past_.resize(of_.commands.size());
  for (const Constraint& constraint : of_.constraints) {
    constraints_[static_cast<std::size_t>(constraint.to)].push_back(&constraint);
    Tick& horizon = horizon_[static_cast<std::size_t>(constraint.from)];
    horizon = std::max(horizon, constraint.ticks);
  }
  refreshes_.resize(static_cast<std::size_t>(banks), 0);
  bursts_.resize(static_cast<std::size_t>(o.pseudo_channels));
}

void CommandChecker::gather(Scope scope) {
  const auto at = static_cast<std::size_t>(scope);
  const int in_group = of_.organisation.banks_per_group;
  for (int bank = 0; bank < static_cast<int>(open_row_.size()); ++bank) {
    int set = bank;
    if (scope == Scope::same_bank) set = node(Level::rank, bank) * in_group + bank % in_group;
    if (scope == Scope::rank) set = node(Level::rank, bank);
    if (scope == Scope::pseudo_channel) set = node(Level::pseudo_channel, bank);
    if (scope == Scope::alternate) set = 2 * node(Level::pseudo_channel, bank) + bank % 2;
    set_of_[at].push_back(set);
    if (set >= static_cast<int>(sets_[at].size())) sets_[at].resize(static_cast<std::size_t>(set) + 1);
    sets_[at][static_cast<std::size_t>(set)].push_back(bank);
  }
}

int CommandChecker::node(Level level, int bank) const {
  return nodes_[static_cast<std::size_t>(level)][static_cast<std::size_t>(bank)];
}

const Command& CommandChecker::meaning(int command) const { return of_.commands[static_cast<std::size_t>(command)]; }

const std::vector<int>& CommandChecker::covered(int command, int bank) const {
  const auto scope = static_cast<std::size_t>(meaning(command).scope);
  return sets_[scope][static_cast<std::size_t>(set_of_[scope][static_cast<std::size_t>(bank)])];
}

CommandChecker::Past CommandChecker::past_of(const IssuedCommand& command) {
  return {command.at, command.command, command.bank};
}

std::string CommandChecker::name(const Past& past) const {
  return fmt::format("{} of bank {} at tick {}", meaning(past.command).name, past.bank, past.at);
}

Status CommandChecker::check(const IssuedCommand& command) {
  PLUMB_TRY(check_form(command));
  PLUMB_TRY(check_bus(command));
  PLUMB_TRY(check_constraints(command));
  PLUMB_TRY(check_banks(command));
  PLUMB_TRY(check_data(command));
  PLUMB_TRY(check_refresh(command));
  record(command);
  return {};
}

Status CommandChecker::check_form(const IssuedCommand& command) const {
  if (command.command < 0 || command.command >= static_cast<int>(of_.commands.size()))
    return fail(wrong(fmt::format("command {} is none of {}", command.command, of_.name),
                      fmt::format("0 to {}", of_.commands.size() - 1)));
  if (command.bank < 0 || command.bank >= static_cast<int>(open_row_.size()))
    return fail(wrong(fmt::format("{} of bank {} at tick {}", meaning(command.command).name, command.bank, command.at),
                      fmt::format("a bank from 0 to {}", open_row_.size() - 1)));
  const auto what = [&] { return name(past_of(command)); };  // only where one fails: a text costs more than the checks
  const Command& given = meaning(command.command);
  if (command.at < last_)
    return fail(wrong(fmt::format("{} comes behind a command at tick {}", what(), last_), "commands in order of time"));
  if (const int lowest = covered(command.command, command.bank).front(); lowest != command.bank)
    return fail(wrong(fmt::format("{} covers the banks from {}", what(), lowest), "the lowest bank that it covers"));
  const bool row_matters = activates(given.does) || accesses(given.does);
  if (row_matters && (command.row < 0 || command.row >= of_.organisation.rows))
    return fail(wrong(fmt::format("{} means row {}", what(), command.row),
                      fmt::format("a row from 0 to {}", of_.organisation.rows - 1)));
  if (accesses(given.does) && (command.column < 0 || command.column >= of_.organisation.columns()))
    return fail(wrong(fmt::format("{} means column {}", what(), command.column),
                      fmt::format("a column from 0 to {}", of_.organisation.columns() - 1)));
  return {};
}

Status CommandChecker::check_bus(const IssuedCommand& command) const {
  const Command& given = meaning(command.command);
  const bool rises = command.at % of_.ticks_per_clock == 0;
  if (of_.ticks_per_clock == 2 && given.edge != Edge::any && rises != (given.edge == Edge::rising))
    return fail(
        wrong(fmt::format("{} begins on a {} edge of the clock", name(past_of(command)), rises ? "rising" : "falling"),
              rises ? "an odd tick" : "an even tick"));
  const std::optional<Past>& before = on_bus_[static_cast<std::size_t>(given.bus)];
  if (!before) return {};
  const Tick free = before->at + meaning(before->command).bus_ticks;
  if (command.at >= free) return {};
  return fail(wrong(fmt::format("{} is {} {} too early: the command bus carries {}", name(past_of(command)),
                                free - command.at, ticks_word(free - command.at), name(*before)),
                    fmt::format("tick {} or later", free)));
}

bool CommandChecker::touches(const Past& past, const Constraint& constraint, int bank) const {
  const Level level = constraint.level;
  for (const int other : covered(past.command, past.bank)) {
    const bool same = node(level, other) == node(level, bank);
    if (!constraint.siblings && same) return true;
    if (!constraint.siblings || same || level == Level::channel) continue;
    const Level parent = static_cast<Level>(static_cast<int>(level) - 1);
    if (node(parent, other) == node(parent, bank)) return true;
  }
  return false;
}

const CommandChecker::Past* CommandChecker::counting_past(const Constraint& constraint, int bank, Tick at) const {
  const std::deque<Past>& history = past_[static_cast<std::size_t>(constraint.from)];
  int left = constraint.window;
  for (auto past = history.rbegin(); past != history.rend() && past->at + constraint.ticks > at; ++past)
    if (touches(*past, constraint, bank) && --left == 0) return &*past;
  return nullptr;
}

Status CommandChecker::check_constraints(const IssuedCommand& command) const {
  Shortfall worst;
  for (const Constraint* constraint : constraints_[static_cast<std::size_t>(command.command)]) {
    int last_node = -1;
    for (const int bank : covered(command.command, command.bank)) {
      if (node(constraint->level, bank) == last_node) continue;
      last_node = node(constraint->level, bank);
      const Past* after = counting_past(*constraint, bank, command.at);
      if (after == nullptr) continue;
      const Tick ticks = after->at + constraint->ticks - command.at;
      if (ticks > worst.ticks) worst = {constraint, *after, ticks};
    }
  }
  if (worst.constraint == nullptr) return {};
  const Constraint& constraint = *worst.constraint;
  return fail(input_error(
      constraint.place,
      fmt::format("{} is {} {} too early after {}: {} to {} in {} {} needs {} ({} {}){}", name(past_of(command)),
                  worst.ticks, ticks_word(worst.ticks), name(worst.after), meaning(constraint.from).name,
                  meaning(constraint.to).name, constraint.siblings ? "another" : "the same",
                  level_name(constraint.level), constraint.text, constraint.ticks, ticks_word(constraint.ticks),
                  constraint.window > 1 ? fmt::format(" from the last but {}", constraint.window - 1) : std::string()),
      fmt::format("tick {} or later", command.at + worst.ticks)));
}

Status CommandChecker::check_banks(const IssuedCommand& command) const {
  const Command& given = meaning(command.command);
  const auto what = [&] { return name(past_of(command)); };
  for (const int bank : covered(command.command, command.bank)) {
    const std::int64_t row = open_row_[static_cast<std::size_t>(bank)];
    if (wants_closed(given.does) && row != closed)
      return fail(wrong(fmt::format("{} while row {} of bank {} is open", what(), row, bank), "a closed bank"));
    if (accesses(given.does) && row == closed)
      return fail(wrong(fmt::format("{} while the bank is closed", what()), fmt::format("row {} open", command.row)));
    if (accesses(given.does) && row != command.row)
      return fail(wrong(fmt::format("{} means row {} while row {} is open", what(), command.row, row),
                        fmt::format("row {} open", command.row)));
  }
  return {};
}

Tick CommandChecker::data_begin(const IssuedCommand& command) const {
  return command.at + (writes(meaning(command.command).does) ? of_.write_latency : of_.read_latency);
}

Status CommandChecker::check_data(const IssuedCommand& command) const {
  if (!moves_data(meaning(command.command).does)) return {};
  const Tick begin = data_begin(command);
  for (const Burst& burst : bursts_[static_cast<std::size_t>(node(Level::pseudo_channel, command.bank))]) {
    if (begin >= burst.begin + of_.burst || burst.begin >= begin + of_.burst) continue;
    const Tick ticks = burst.begin + of_.burst - begin;
    return fail(wrong(fmt::format("{} puts data on its bus from tick {}, {} {} before those of {} are over",
                                  name(past_of(command)), begin, ticks, ticks_word(ticks), name(burst.by)),
                      fmt::format("data from tick {} or later", burst.begin + of_.burst)));
  }
  return {};
}

Status CommandChecker::overdue(Tick now) const {
  const ControllerSettings& settings = of_.controller;
  if (settings.refresh == RefreshMode::none) return {};
  const std::int64_t next = refreshes_[static_cast<std::size_t>(most_overdue_)] + 1;
  const Tick deadline = (next + 1 + settings.refresh_postponed_max) * of_.refresh_interval;
  if (now <= deadline) return {};
  return fail(wrong(fmt::format("refresh {} of bank {} has not come by tick {}: {} {} late", next, most_overdue_, now,
                                now - deadline, ticks_word(now - deadline)),
                    fmt::format("by tick {}, tREFI being {} and {} at most postponed", deadline, of_.refresh_interval,
                                settings.refresh_postponed_max)));
}

Status CommandChecker::check_refresh(const IssuedCommand& command) const {
  PLUMB_TRY(overdue(command.at));
  const ControllerSettings& settings = of_.controller;
  if (settings.refresh == RefreshMode::none || meaning(command.command).does != Does::refresh) return {};
  for (const int bank : covered(command.command, command.bank)) {
    const std::int64_t next = refreshes_[static_cast<std::size_t>(bank)] + 1;
    const Tick earliest = (next - 1 - settings.refresh_pulled_in_max) * of_.refresh_interval;
    if (command.at >= earliest) continue;
    return fail(
        wrong(fmt::format("{} is refresh {} of bank {}, {} {} before it may be pulled in", name(past_of(command)), next,
                          bank, earliest - command.at, ticks_word(earliest - command.at)),
              fmt::format("tick {} or later, tREFI being {} and {} at most pulled in", earliest, of_.refresh_interval,
                          settings.refresh_pulled_in_max)));
  }
  return {};
}

Status CommandChecker::finish(Tick end) const { return overdue(end); }

void CommandChecker::record(const IssuedCommand& command) {
  const Past past = past_of(command);
  last_ = command.at;
  on_bus_[static_cast<std::size_t>(meaning(command.command).bus)] = past;
  std::deque<Past>& history = past_[static_cast<std::size_t>(command.command)];
  while (!history.empty() && history.front().at + horizon_[static_cast<std::size_t>(command.command)] <= command.at)
    history.pop_front();
  history.push_back(past);
  record_banks(command);
  if (moves_data(meaning(command.command).does)) record_data(command);
}

void CommandChecker::record_banks(const IssuedCommand& command) {
  const Does does = meaning(command.command).does;
  for (const int bank : covered(command.command, command.bank)) {
    std::int64_t& row = open_row_[static_cast<std::size_t>(bank)];
    if (activates(does)) row = command.row;
    if (does == Does::precharge || does == Does::precharge_all || does == Does::read_and_precharge ||
        does == Does::write_and_precharge)
      row = closed;
    if (does == Does::refresh) ++refreshes_[static_cast<std::size_t>(bank)];
  }
  if (does == Does::refresh)
    most_overdue_ = static_cast<int>(std::min_element(refreshes_.begin(), refreshes_.end()) - refreshes_.begin());
}

void CommandChecker::record_data(const IssuedCommand& command) {
  std::deque<Burst>& bursts = bursts_[static_cast<std::size_t>(node(Level::pseudo_channel, command.bank))];
  // No later command's data begin before these.
  const Tick past = command.at + std::min(of_.read_latency, of_.write_latency);
  std::erase_if(bursts, [&](const Burst& burst) { return burst.begin + of_.burst <= past; });
  bursts.push_back({data_begin(command), past_of(command)});
}

Status check_commands(const Specification& specification, std::span<const IssuedCommand> commands, Tick end) {
  CommandChecker checker(specification);
  for (const IssuedCommand& command : commands) PLUMB_TRY(checker.check(command));
  return checker.finish(end);
}

}  // namespace plumb::memory
