#pragma once
// c = a + b, c = a * b (element by element) and c = max(a, 0) compiled for units with registers.
//
// A unit takes 2R columns at once, R = vector_registers / 2: R of its even and R of its odd bank. Element e:
//   e = ((((tile * P + pseudo-channel) * U + unit) * 2 + odd) * R + column in tile) * L + lane
// Tile t of an operand is at columns (t % T) R ... + R - 1 of row base + t / T, T = columns / R; a, b and c lie in rows
// of their own, one behind the other. A tile: open a's row, 2R columns into the registers; open b's row, 2R operations;
// open c's row, 2R columns out: each row of a bank is opened anew. Between a's columns and b's stands a fence: both are
// reads to the host's controller, which otherwise might take them in another order.
// Clocks of a tile, by hand, n = 2R: (n-1) tCCD_L for each of three, tRTP + tRP + tRCD between them, and tCWL + tBL +
// tWR + tRP + tRCDRD to the next tile. Thread rule: pure functions.

#include <cstdint>

#include "base/result.h"
#include "memory/pim_gemv.h"
#include "memory/pim_program.h"

namespace plumb::memory {

enum class PimElementwiseKind : std::uint8_t { add, multiply, relu };

class PimElementwise {
 public:
  [[nodiscard]] static Result<PimElementwise> make(const Specification& of, int pseudo_channels,
                                                   PimElementwiseKind kind, std::int64_t elements);

  enum class Operand : std::uint8_t { a, b, c };
  PimPlace place(Operand operand, std::int64_t element) const;
  PimProgram program() const;
  int operands() const { return kind_ == PimElementwiseKind::relu ? 2 : 3; }  ///< the result is one

 private:
  explicit PimElementwise(const Specification& of) : of_(&of) {}
  std::int64_t base(Operand operand) const;

  const Specification* of_;
  PimElementwiseKind kind_ = PimElementwiseKind::add;
  int pseudo_channels_ = 1, units_ = 1, registers_ = 8, tiles_in_row_ = 4;
  std::int64_t tiles_ = 1;
};

}  // namespace plumb::memory
