#pragma once
// What an operator costs in memories that compute: seconds and joules for `stacks` equal memories that share it, for
// whoever prices a step. Beside it the same operator on a host that is bound by these memories' bandwidth alone.
//
//   W(B) = W(1) + (B - 1) (W(2) - W(1))        clocks without refresh: the units repeat a batch vector by vector
//   T    = W / (1 - c / tREFI)                 c = tRFC + tRTP + tRP + tRCD: a refresh, its closing and its opening
//   E(B) = E(1) + (B - 1) (E(2) - E(1)) + refreshes
//
// so that a cost does not jump with where a refresh happens to fall; the command level (pim_player.h) is within one
// refresh of it. The host's bytes are M N + B (M + N) elements for a GEMV; its time is theirs at its sustained
// bandwidth, which the caller knows (run_host() measures it).
//
//   PimCost cost(specification, stacks);
//   PLUMB_ASSIGN(const PimFigure figure, cost.gemv({4096, 4096}, batch));
//
// Thread rule: immutable; the specification must outlive it. Each call plays a program of some thousand to some hundred
// thousand commands (a microsecond each at most): keep what you ask for often.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "memory/pim_attention.h"
#include "memory/pim_elementwise.h"
#include "memory/pim_energy.h"
#include "memory/pim_gemv.h"

namespace plumb::memory {

struct PimFigure {
  Seconds time;
  std::optional<Joules> energy;  ///< nothing where the specification has none
  double clocks = 0;             ///< the same time
  double bytes_from_banks = 0;   ///< that units took, padding included
  std::int64_t rows = 0;         ///< of each bank that the matrices lie in (gemv, gemvs)
};

class PimCost {
 public:
  PimCost(const Specification& of, int stacks) : of_(of), stacks_(stacks) {}

  /// `batch` vectors by one matrix of two-byte elements, results with the host.
  [[nodiscard]] Result<PimFigure> gemv(PimShape shape, int batch = 1) const;
  /// `vectors` by each of `matrices` equal matrices, each of which lies in one of `lanes` equal shares of the
  /// pseudo-channels, which divides them; a lane takes its ceil(matrices / lanes) one after the other.
  struct Matrices {
    PimShape shape;
    std::int64_t matrices = 1;
    int lanes = 1;
  };
  [[nodiscard]] Result<PimFigure> gemvs(const Matrices& of, std::int64_t vectors = 1) const;
  [[nodiscard]] Result<PimFigure> attention(const AttentionShape& shape) const;
  [[nodiscard]] Result<PimFigure> elementwise(PimElementwiseKind kind, std::int64_t elements) const;
  int pseudo_channels() const;

 private:
  PimFigure figure(const PimRun& one, const PimRun& two, std::int64_t batch, double busy_pseudo_channels) const;

  const Specification& of_;
  int stacks_;
};

/// Clocks of a refresh with the closing and opening of rows: c above, in ticks.
Tick pim_refresh_cost(const Specification& of);

struct CrossoverPoint {
  int batch = 1;
  double host_clocks = 0, pim_clocks = 0;
  double ratio() const { return host_clocks / pim_clocks; }  ///< over 1: PIM is faster
};
struct Crossover {
  std::vector<CrossoverPoint> points;  ///< batches 1, 2, 4, ... up to the largest
  /// The least batch from which the host is faster, by the lines through its and PIM's costs; nothing up to the
  /// largest.
  std::optional<int> batch;
};
/// One matrix and more and more vectors: the host reads it once for all of them, the units once for each.
[[nodiscard]] Result<Crossover> find_crossover(const Specification& of, int stacks, PimShape shape, int largest);

}  // namespace plumb::memory
