#pragma once
// What a program computes: the banks and units of one pseudo-channel as numbers, step by step, in the units' format.
// A product is rounded, then a sum (HBM-PIM's units multiply in one stage and add in the next: ISCA 2021); an adder
// tree's products are exact and its sums are of single precision, as is what it adds them to; the host gets them
// rounded to the format (assumed: JSSC 2023 gives the tree, not its width). Thread rule: belongs to one thread.

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "memory/pim_program.h"

namespace plumb::memory {

class PimMachine {
 public:
  explicit PimMachine(const Specification& of);

  std::uint16_t& element(int bank, std::int64_t row, int column, int lane);
  /// Carries out the steps. `vector`: the host's data, accesses of `lanes` elements; what is behind its end is 0.
  void run(const PimProgram& program, std::span<const std::uint16_t> vector);

  /// Style buffer: the sum of a group's unit that the host has got: the total of all reads of that group.
  double sum(std::int64_t group, int unit) const;
  /// How often a column of the banks was an operand: by bank, row, column.
  using Reads = std::map<std::pair<std::pair<int, std::int64_t>, int>, std::int64_t>;
  const Reads& reads() const { return reads_; }

 private:
  using Vector = std::vector<std::uint16_t>;
  std::span<std::uint16_t> column(int bank, std::int64_t row, int column);
  Vector& reg(int unit, int index);
  void load(const PimStep& step, std::span<const std::uint16_t> vector);
  void operate(const PimStep& step, int unit, int bank);
  void dot(const PimStep& step, int unit, std::span<const std::uint16_t> weights);
  std::vector<int> banks_of(const PimStep& step) const;

  const Specification& of_;
  PimFormat format_;
  int lanes_;
  bool buffered_;
  std::map<std::pair<int, std::int64_t>, Vector> rows_;
  std::vector<Vector> vectors_;                         ///< GRF_A, or the buffer: the same in all units
  std::map<std::pair<int, int>, Vector> registers_;     ///< unit and index
  std::map<std::pair<std::int64_t, int>, float> sums_;  ///< group and unit
  std::map<std::pair<std::int64_t, int>, double> read_out_;
  Reads reads_;
};

}  // namespace plumb::memory
