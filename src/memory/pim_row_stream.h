#pragma once
// The order in which units with a shared buffer go through rows. A compute command covers a span of banks (all of a
// pseudo-channel, one of each bank group, or one); an opening is one row of one span. Spans that do not hinder one
// another are read in turns, column by column (`ways` of them: ranks, or bank groups), and while they are, the rows
// before are closed and the next are opened. Where one span is all there is, rows follow one another: each costs
// tRTP + tRP + tRCD beside its columns.
// Thread rule: immutable.

#include <cstdint>
#include <functional>
#include <vector>

#include "memory/pim_commands.h"
#include "memory/pim_program.h"

namespace plumb::memory {

class PimRowStream {
 public:
  explicit PimRowStream(const Specification& of);

  struct Opening {
    int bank = 0;  ///< the lowest of the span
    std::int64_t row = 0;
  };
  int spans() const { return static_cast<int>(banks_.size()); }
  /// Banks of a span, so the sums that one column yields.
  int width() const { return width_; }
  Opening opening(std::int64_t index) const {
    const auto spans = static_cast<std::int64_t>(banks_.size());
    return {banks_[static_cast<std::size_t>(index % spans)], index / spans};
  }

  /// The bank of one of a span's units.
  int bank_of(int lowest, int unit) const { return lowest + unit * stride_; }

  /// What is done at a column: adds steps. `opening` is its number.
  using Visit = std::function<void(PimProgram&, std::int64_t opening, int column)>;
  /// Openings first to first + count - 1, columns 0 to columns - 1 of each; nothing is open before or after. `before`
  /// adds steps once the first rows have been told to open.
  void add(PimProgram& program, std::int64_t first, std::int64_t count, int columns, const Visit& visit,
           const std::function<void(PimProgram&)>& before = {}) const;

 private:
  void open(PimProgram& program, std::int64_t from, std::int64_t to) const;
  void close(PimProgram& program, std::int64_t from, std::int64_t to) const;

  PimCommands commands_;
  std::vector<int> banks_;  ///< the lowest of each span, those that are read in turns beside one another
  int ways_ = 1, width_ = 1, stride_ = 1;
  int open_, close_;
};

}  // namespace plumb::memory
