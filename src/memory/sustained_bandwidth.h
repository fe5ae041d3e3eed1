#pragma once
// What share of its peak bandwidth a memory sustains for each demand (demand.h), and what that costs in activations and
// energy: measured once with the command-level model at the points of a table, between them by what is linear.
//
//   gathered  the time of a block grows linearly with its bytes between two points: T(b) = b / (share(b) W). Beyond the
//             largest block, what is more is streamed.
//   mixed     the time of a byte is linear in the share of writes between two points.
//
// A point is one channel of the system under its part of the stream, at the specification's own queues and policies,
// for some thirty refresh intervals. Between points a table is within 2 % of the model for blocks of whole pages of
// 4 KiB up to 1 MiB and for mixtures, and within 4 % for others, which a test shows over the catalog's memories.
// Thread rule: any number of threads may ask; a point that is not there yet is measured by the first.

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "memory/demand.h"
#include "memory/specification.h"

namespace plumb::memory {

/// One measured point.
struct SustainedPoint {
  Demand demand;
  double share = 0;          ///< of peak bandwidth
  double row_hit_share = 0;  ///< of accesses
  double activations_per_byte = 0;
  double joules_per_byte = 0;  ///< of the memory, standby and refresh included; 0 where its energy is not known
};

class SustainedBandwidth {
 public:
  using Measure = std::function<SustainedPoint(const Demand&)>;

  /// From the points of measured_demands(), in their order.
  explicit SustainedBandwidth(std::vector<SustainedPoint> points);
  /// Of those demands, in that order: each is measured when it, or what lies between it and the next, is asked for.
  SustainedBandwidth(const std::vector<Demand>& demands, Measure measure);

  /// For any demand: share, row hits, activations and energy.
  SustainedPoint at(const Demand& demand) const;
  double streamed() const { return at({Demand::Kind::streamed, 0.0}).share; }
  double gathered(double block_bytes) const { return at({Demand::Kind::gathered, block_bytes}).share; }
  double mixed(double write_share) const { return at({Demand::Kind::mixed, write_share}).share; }

  /// All of them: what is not there yet is measured.
  std::span<const SustainedPoint> points() const;

 private:
  struct Points;
  SustainedPoint point(std::size_t index) const;

  std::shared_ptr<Points> points_;
};

/// The demands at which a memory of such accesses is measured.
std::vector<Demand> measured_demands(const Specification& specification);

/// One point, by the command-level model.
SustainedPoint measure(const Specification& specification, const Demand& demand);
/// All of them, on `jobs` threads (0: all processors); nothing depends on their number.
SustainedBandwidth measure_all(const Specification& specification, int jobs = 0);

}  // namespace plumb::memory
