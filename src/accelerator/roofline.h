#pragma once
// The time of one operator on one accelerator. Given: what the operator does (model/operator.h: Work) and the machine.
//
//   compute   t_c = F / (e P)        F operations, P peak of the format, e the sustained share for the family
//   memory    t_m = sum of B_i / (u_i W)    B_i bytes of weights, cache and activations, W peak bandwidth, u_i <= 1 the
//             share of it that the accelerator gets for what is asked (memory_share.h): e_b, the family's or else the
//             class's, for weights that are streamed from the memory that e_b holds for
//   operator  t = max(t_c, t_m) + launches x t_launch
//
// Products and grouped products of experts have equations of their own, kernel_gemm.h and kernel_expert.h, whose
// parameters were fitted to measurements of the accelerator or of others of its class (catalog/kernel_fit.h). Where
// nobody has, they are the class's shares, and the equations come to those above. Where a grid of measurements covers
// the operator (catalog/kernel_grid.h), its time is multiplied by what they say beyond the equation.
//
// Machines whose class has tile edges (tiling.h): both t_c and t_m are divided by the fill.
// Element-wise operators have a launch of their own where the class gives one.
//
// The roofline model is Williams, Waterman and Patterson, CACM 52(4), 2009. As e, u_i <= 1, no time is below the
// physical bound max(F / P, B / W), and no measurement may say that one is: this is asserted for every operator.

#include <optional>
#include <string_view>
#include <vector>

#include "accelerator/kernel_elementwise.h"
#include "accelerator/kernel_expert.h"
#include "accelerator/kernel_gemm.h"
#include "accelerator/kernel_state.h"
#include "accelerator/machine.h"
#include "model/operator.h"

namespace plumb::accelerator {

/// What a share of time is bound by.
enum class Bound { compute, weights, cache, activations, link, overhead };
inline constexpr std::size_t bounds = 6;
constexpr std::string_view bound_name(Bound bound) {
  switch (bound) {
    case Bound::compute: return "FLOPs";
    case Bound::weights: return "weight bytes";
    case Bound::cache: return "cache bytes";
    case Bound::activations: return "activation bytes";
    case Bound::link: return "links";
    case Bound::overhead: return "overhead";
  }
  return "overhead";
}

/// Seconds of an operator, split over what bounds it. The parts add up to the time.
struct OperatorTime {
  double seconds_by_bound[bounds] = {};
  double seconds() const;
  double& at(Bound bound) { return seconds_by_bound[static_cast<std::size_t>(bound)]; }
  double at(Bound bound) const { return seconds_by_bound[static_cast<std::size_t>(bound)]; }
};

/// What a time rests on.
enum class TimeSource {
  interpolated,  ///< measurements of this accelerator on both sides of it
  fitted,        ///< the equation, with parameters of this accelerator
  transferred,   ///< the equation, with parameters of its class
};

constexpr std::string_view time_source_name(TimeSource source) {
  switch (source) {
    case TimeSource::interpolated: return "interpolated";
    case TimeSource::fitted: return "fitted";
    case TimeSource::transferred: return "transferred";
  }
  return "transferred";
}

/// The roofline of one operator on one machine, with what does not depend on the step worked out beforehand.
/// Thread rule: immutable.
class OperatorRoofline {
 public:
  /// `rate` is of the format that the operator runs in.
  OperatorRoofline(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                   const OperatorDemands& demands = {});

  /// Time of all runs in a step.
  double seconds(const model::Work& work) const;
  /// The same, split over what bounds it.
  OperatorTime time(const model::Work& work) const;
  TimeSource source(const model::Work& work) const;

  /// 1 / (e P), 1 / (u_i W) and t_launch of the equations above, of operators that have no equation of their own.
  double seconds_per_flop() const { return seconds_per_flop_; }
  double seconds_per_weight_byte() const { return seconds_per_weight_byte_; }
  double seconds_per_cache_byte() const { return seconds_per_cache_byte_; }
  double seconds_per_activation_byte() const { return seconds_per_activation_byte_; }
  double launch_s() const { return launch_s_; }
  /// By which times of work of so many rows are divided: 1 but on machines whose units share the memory.
  double fill(double rows) const;

 private:
  /// The equation of an operator's family.
  struct Gemm {
    GemmParameters parameters;
    double depth = 0.0;
    double quantised_per_row = 0.0;
  };
  struct Expert {
    ExpertParameters parameters;
    double depth = 0.0;
    double gathered_per_row = 0.0;
  };

  void take(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
            const OperatorDemands& demands, const model::Gemm& gemm);
  void take(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
            const OperatorDemands& demands, const model::ExpertGemm& gemm);
  void take_state(const Machine& machine, const OperatorDemands& demands);
  void take_bandwidth(const Machine& machine, double share, const OperatorDemands& demands);
  bool has_kernel() const { return gemm_.has_value() || expert_.has_value(); }
  /// By the equation of the family, and the grid where it covers the operator.
  KernelTime kernel_time(const model::Work& work) const;
  double memory_s(const model::Work& work) const {
    if (same_share_) return work.bytes() * seconds_per_weight_byte_;
    return work.weight_bytes * seconds_per_weight_byte_ + work.cache_bytes * seconds_per_cache_byte_ +
           work.activation_bytes * seconds_per_activation_byte_;
  }
  double physical_s(const model::Work& work) const;

  double peak_flops_per_s_;
  double seconds_per_flop_;
  double seconds_per_weight_byte_, seconds_per_cache_byte_, seconds_per_activation_byte_;
  bool same_share_;  ///< all u_i are equal: one product will do
  double launch_s_;
  double physical_seconds_per_flop_, physical_seconds_per_byte_;
  std::optional<Gemm> gemm_;
  std::optional<Expert> expert_;
  catalog::GridLine grid_;  ///< along the rows
  TimeSource source_ = TimeSource::transferred;
  std::vector<double> tile_edges_;
  double units_ = 1.0;
  model::Gemm product_;        ///< of a machine with tile edges; k 0: the operator is no product
  double tiles_of_row_ = 0.0;  ///< likewise, of attention
};

/// The least time that physics allows for it: max(F / P, B / W).
double physical_bound_s(const Machine& machine, double peak_flops_per_s, const model::Work& work);

}  // namespace plumb::accelerator
