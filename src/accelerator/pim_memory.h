#pragma once
// Memory that computes for an accelerator, and what an operator of a given shape costs in it: closed forms whose
// coefficients PimCost (memory/pim_cost.h) works out once per shape. Two kinds of work are known:
//
//   product    y = W x, all of some equal matrices of outputs x inputs, v vectors each one after the other:
//                t(v) = first + (v - 1) more
//   attention  a head of keys and values, c keys of it, q queries that share it: scores K q, then V' p
//                t(c, q) = first.base + first.slope c + (q - 1) (more.base + more.slope c)
//
// t is exact in v, and in q but for what overlaps between queries, since units take one vector after the other. In c
// units work by groups of G keys: the line goes through the mean over one group at 2 G and at 6 G, so that a sum over
// sequences of any lengths is met (0.3 %), and a sequence alone within G / 2c + 1 %. G is 512 for hbm3-pim (buffer),
// 1024 for AiM. Tests print both errors.
//
// Processors that keep what they took from banks until all vectors have met it (`vectors`; on a logic die, for one)
// read the banks once and multiply V vectors with it in the time in which the banks deliver it at best:
//                t(v) = m max(first, v B / (V W))           B bytes of a matrix, W what all units take from banks at
//                most
// and likewise for the q queries that share a head's keys. Their energy is not known here.
//
// Ideal units (`ideal`) need B / W for first and more: no activations, refreshes, writing and reading of vectors. W is
// the multiple of the pins' bandwidth that the commands allow, times that of the accelerator's own memory or of the
// memories beside. With `vectors` they are a roofline of V FLOPs a byte in 16 bits; formats do not matter to it.
//
// Placement. Pseudo-channels fall into `lanes` that work on different matrices side by side; one matrix may also be cut
// along its inputs into as many parts, whose sums the host adds. The number of lanes, a power of two, is that with the
// least t(1). A head's keys and values lie in one channel (memory/pim_attention.h); with n heads the fullest channel
// has ceil(n / channels).
//
// Thread rule: any number of threads may ask; what has been worked out is kept behind a mutex.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "base/result.h"
#include "catalog/catalog.h"
#include "memory/pim_cost.h"
#include "memory/specification.h"

namespace plumb::accelerator {

/// How an accelerator uses memory that computes: the table [pim] of its file (docs/catalog.md), or all of its own.
struct PimUse {
  int stacks = 1;       ///< equal memories that share the work
  bool beside = false;  ///< memories of their own beside the accelerator's, reached by a link
  std::optional<double> link_bytes_per_s =
      std::nullopt;  ///< of that link, per direction; nothing: the memories' pins alone
  /// Families that may be computed there.
  bool linear = true, expert = true, attention = true;
  /// V of a processor; absent: units take one vector after the other.
  std::optional<double> vectors = std::nullopt;
  std::optional<double> ideal_bytes_per_s = std::nullopt;  ///< W of ideal units; absent: by commands
  bool always = false;   ///< what units can do is theirs, though the host be faster: what it needs lies with them
  bool split = false;    ///< products are shared with the host (pim_offload.h)
  bool overlap = false;  ///< attention runs beside the products of its layer (pim_overlap.h)
  bool any() const { return linear || expert || attention; }
};

/// A line in something, for time and energy (nothing where the specification has no energies).
struct PimLine {
  double base_s = 0.0, slope_s = 0.0;
  std::optional<double> base_j, slope_j;
};

/// One matrix shape, all its matrices together: first vector and each further one.
struct PimProduct {
  double first_s = 0.0, more_s = 0.0;
  std::optional<double> first_j, more_j;
  std::int64_t rows = 0;  ///< of each bank that units reach, for all matrices
  int lanes = 1;          ///< that work side by side
  int parts = 1;          ///< that a matrix is cut into along its inputs
};

/// One head alone in its channel, of one query and of each further query.
struct PimHead {
  PimLine first, more;  ///< over keys
};

class PimMemory {
 public:
  PimMemory(memory::Specification specification, PimUse use);

  const memory::Specification& specification() const { return specification_; }
  const PimUse& use() const { return use_; }
  /// "5 x hbm3-pim", with "beside" where the memories are not the accelerator's own.
  std::string words() const;
  std::int64_t channels() const;
  /// Rows of a bank that the units reach, and the share of the memory that they are.
  std::int64_t rows_reached() const;
  double share_reached() const;
  /// W: bytes a second that all units take from banks at most.
  double bytes_per_s() const;
  /// Operations a second of all units: two for each element that they take from banks, and each of the V vectors.
  double peak_flops_per_s() const;
  /// Of the link to memories that stand beside the accelerator; 0 without one.
  double link_seconds_per_byte() const { return use_.link_bytes_per_s ? 1.0 / *use_.link_bytes_per_s : 0.0; }
  /// J/byte of a stream to the host, rows opened once: what the host's reading costs the memory. Nothing where the
  /// specification has no energies.
  std::optional<double> stream_joules_per_byte() const;

  /// Of ideal units: matrices of `bits` a number, and a head of so many bytes a key.
  PimProduct ideal_product(memory::PimShape shape, std::int64_t matrices, double bits) const;
  PimHead ideal_head(double bytes_a_key) const;
  bool ideal() const { return use_.ideal_bytes_per_s.has_value(); }

  /// An error where the units' rows do not hold it, or shapes are beyond what units do.
  [[nodiscard]] Result<PimProduct> product(memory::PimShape shape, std::int64_t matrices) const;
  [[nodiscard]] Result<PimHead> head(std::int64_t key_width, std::int64_t value_width) const;
  /// G: keys that all units of a channel score at once, or that fill its buffer as inputs, whichever is more.
  std::int64_t keys_of_group() const;

 private:
  Result<PimProduct> best_product(memory::PimShape shape, std::int64_t matrices) const;
  Result<PimHead> fit_head(std::int64_t key_width, std::int64_t value_width) const;

  memory::Specification specification_;
  PimUse use_;
  mutable std::mutex mutex_;
  mutable std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Result<PimProduct>> products_;
  mutable std::map<std::pair<std::int64_t, std::int64_t>, Result<PimHead>> heads_;
};

/// The memory that computes for that accelerator: null where it has none, or where no family is to be computed there.
/// Fault::input where its table [pim] names a memory without units; Fault::unmet where its stacks are not known.
[[nodiscard]] Result<std::shared_ptr<const PimMemory>> pim_of(const catalog::Catalog& catalog,
                                                              const catalog::Accelerator& accelerator);

}  // namespace plumb::accelerator
