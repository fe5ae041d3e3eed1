#include "memory/pim_row_stream.h"

#include <algorithm>
#include <tuple>

#include "memory/timing_state.h"

namespace plumb::memory {
namespace {

/// The command that does this over this scope, or else what stands for it.
int find(const Specification& of, Does does, Scope scope, int otherwise) {
  for (std::size_t i = 0; i < of.commands.size(); ++i)
    if (of.commands[i].does == does && of.commands[i].scope == scope) return static_cast<int>(i);
  return otherwise;
}

}  // namespace

PimRowStream::PimRowStream(const Specification& of) : commands_(of) {
  const TimingState timing(of);
  const Organisation& o = of.organisation;
  const Scope scope = of.commands[static_cast<std::size_t>(commands_.compute)].scope;
  for (int bank = 0; bank < o.banks_per_pseudo_channel(); ++bank)
    if (timing.first_bank(commands_.compute, bank) == bank) banks_.push_back(bank);
  std::sort(banks_.begin(), banks_.end(), [&](int a, int b) {
    const auto key = [&](int bank) {
      return std::tuple(bank % o.banks_per_group, bank / o.banks_per_rank(), bank / o.banks_per_group);
    };
    return key(a) < key(b);
  });
  width_ = 0;
  timing.for_each_bank(commands_.compute, 0, [&](int) { ++width_; });
  if (scope == Scope::same_bank) ways_ = o.ranks;
  if (scope == Scope::same_bank) stride_ = o.banks_per_group;
  if (scope == Scope::bank) ways_ = o.bank_groups;
  const bool one = scope == Scope::bank;
  open_ = one ? commands_.activate : find(of, Does::activate_all, scope, commands_.activate_all);
  close_ = one ? commands_.precharge : find(of, Does::precharge_all, scope, commands_.precharge_all);
}

void PimRowStream::open(PimProgram& program, std::int64_t from, std::int64_t to) const {
  for (std::int64_t i = from; i < to; ++i) {
    const Opening at = opening(i);
    program.steps.push_back(PimCommands::plain(open_, at.bank, at.row));
  }
}

void PimRowStream::close(PimProgram& program, std::int64_t from, std::int64_t to) const {
  for (std::int64_t i = from; i < to; ++i) program.steps.push_back(PimCommands::plain(close_, opening(i).bank));
}

void PimRowStream::add(PimProgram& program, std::int64_t first, std::int64_t count, int columns, const Visit& visit,
                       const std::function<void(PimProgram&)>& before) const {
  const std::int64_t last = first + count;
  const auto end_of = [&](std::int64_t from) { return std::min(from + ways_, last); };
  const bool ahead = spans() > ways_;  // the next rows lie in other banks than these
  open(program, first, end_of(first));
  if (before) before(program);
  std::int64_t behind = first;  // rows before this one are closed
  for (std::int64_t from = first; from < last; from += ways_) {
    const std::int64_t to = end_of(from), next = std::min(to + ways_, last);
    for (int column = 0; column < columns; ++column) {
      if (ahead && column == columns / 4) {
        close(program, behind, from);
        behind = from;
      }
      if (ahead && column == columns / 2) open(program, to, next);
      for (std::int64_t i = from; i < to; ++i) visit(program, i, column);
    }
    if (ahead) continue;
    close(program, from, to);
    behind = to;
    open(program, to, next);
  }
  close(program, behind, last);
}

}  // namespace plumb::memory
