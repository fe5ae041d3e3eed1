#pragma once
// y = W x, W of outputs x inputs, compiled to a program of one pseudo-channel; and where every weight lies.
//
// Style registers (HBM-PIM). A unit has R vector registers (GRF_A) and R sums (GRF_B), R = vector_registers / 2, of L
// lanes. An output is one sum of one unit; its lanes hold sums over inputs i = lane (mod L), added by whoever reads it.
//   output = ((pass * P + pseudo-channel) * U + unit) * R + sum
//   input  = (fill * R + vector) * L + lane
// A fill writes R * L inputs into GRF_A of all units at once; each meets R outputs: R * R columns, half of them in the
// even bank and half in the odd, which one activation of all banks opens:
//   k = vector * R + sum;  row = (pass * fills + fill) / f, bank = 2 unit + odd, with f fills in a row of all banks.
// A pass yields P * U * R outputs, whatever share of them is wanted: that is why a GEMV of fewer takes as long.
// Clocks of a fill, by hand: open the registers' row, R writes, close; open the weights' row, R * R columns, close
//   = tRCDWR + (R-1) tCCD_L + tCWL + tBL + tWR + tRP + tRCDRD + (R*R-1) tCCD_L + tRTP + tRP.
//
// Style buffer (AiM). All units share the buffer, which holds B accesses of the vector; a unit yields one sum.
//   output = (group * P + pseudo-channel) * U + unit
//   input  = (chunk * B + access) * L + lane
// A row holds f = columns / accesses groups, and opening c * (groups / f) + g / f holds group g's chunk c
// (pim_row_stream.h): one writing of the buffer serves a chunk of all groups. A unit that keeps S sums
// (vector_registers; 1 if not given) has them read every S groups; those of several chunks are added by the host. Where
// the buffer holds two chunks, the next is written while one is at work; sums that wait are read meanwhile.
// Clocks of a row: tRCDMAC + (columns-1) tCCD_L + tRTP + tRP.
//
// A dimension that does not fill its last unit, register or row is padded with zeros, which take time.
// Thread rule: pure functions.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "memory/pim_program.h"
#include "memory/pim_row_stream.h"

namespace plumb::memory {

struct PimShape {
  std::int64_t outputs = 1, inputs = 1;
};

/// Where an element lies.
struct PimPlace {
  int pseudo_channel = 0;  ///< of all of the memory
  int bank = 0;            ///< of the pseudo-channel
  std::int64_t row = 0;
  int column = 0, lane = 0;
  bool operator==(const PimPlace&) const = default;
};

class PimGemv {
 public:
  /// `pseudo_channels` of the whole memory take part. An error where the units' rows do not hold the matrix.
  [[nodiscard]] static Result<PimGemv> make(const Specification& of, int pseudo_channels, PimShape shape);

  PimPlace weight(std::int64_t output, std::int64_t input) const;
  /// Style registers: where the lanes of an output's sum are put, lane 0 first. Style buffer: the sum goes to the host;
  /// `row` is its group, `lane` its unit.
  PimPlace result(std::int64_t output) const;

  /// The program of one pseudo-channel: `batch` vectors, one after the other.
  PimProgram program(int batch = 1) const;
  /// Accesses of padded input vector; element e is lane e % L of access e / L.
  std::int64_t vector_accesses() const { return fills_ * vectors_; }
  /// Sums that the host gets of one vector from a pseudo-channel, in accesses (style buffer).
  std::int64_t groups() const { return passes_; }
  std::int64_t chunks() const { return fills_; }
  /// Of each bank: what the matrix takes, results and registers included.
  std::int64_t rows() const;

 private:
  explicit PimGemv(const Specification& of) : of_(&of) {}
  void plan_registers();
  void plan_buffer();
  void add_registers(PimProgram& program, int vector) const;
  void add_buffer(PimProgram& program, int vector) const;
  void add_results(PimProgram& program) const;
  std::vector<PimStep> reads_of_sums(std::int64_t first, std::int64_t last) const;
  std::int64_t sums_of_group() const;     ///< outputs that all pseudo-channels yield at once
  std::int64_t openings_of_fill() const;  ///< style buffer
  std::int64_t first_result_row() const;  ///< style registers

  const Specification* of_;
  std::optional<PimRowStream> stream_;  ///< style buffer
  PimShape shape_;
  int pseudo_channels_ = 1, units_ = 1, lanes_ = 16, columns_ = 32;
  int sums_ = 1;              ///< of a unit
  std::int64_t vectors_ = 1;  ///< registers, or accesses of the buffer that are used
  std::int64_t passes_ = 1;   ///< style buffer: groups of outputs
  std::int64_t fills_ = 1;    ///< of the vector registers, or of the buffer, for one vector
  int fills_per_row_ = 1;
};

}  // namespace plumb::memory
