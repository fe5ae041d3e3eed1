#pragma once
// Which of an operator's work runs in the memory, compiled once per deployment and asked for each step.
//
//   host    t_h = roofline (roofline.h), launches included
//   memory  t_m = s t_pim + (host's rest) + launches
//
//   product    t_pim = count (first + (R - 1) more)                                R rows of the step
//   experts    t_pim = count (E first + (R - E) more)      E distinct experts reached, R rows over all of them
//   attention  t_pim = count u h (n a1 + K b1 + (g T - n) a2 + (g P - K) b2)       decode sequences only
//              n sequences, T tokens, K keys, P pairs of the fullest data-parallel rank; h heads of keys and values
//              that g heads of queries share each; a, b the base and slope of PimHead; u = ceil(n h / channels) / (n h)
//   vectors    t_pim = count max(E first, R B / (V W)), and likewise of attention, of processors (pim_memory.h)
//   split      t_m = 1 / (1 / t_h + 1 / t_m) of products, where the file asks for it: host and units have columns each
//   in
//              proportion to their speed, so that both end together; both have the weights then
//   by a link  + activation bytes / bandwidth, where the memories stand beside the accelerator
//
// s is the share of the operator's runs (layers) whose weights lie where units reach; the host has the rest, and the
// prefill chunks of an attention that decodes as well.
//
// The memory has it where t_m < t_h, or always where the file says so: a cache that lies in memories beside the
// accelerator is not the host's to read. Within 1 % the side that takes less of the memory's energy has it, where both
// are known: so no operator is slower than the host's by more than that. Energies are the memory's: cells, paths, pins
// and units; the host's own arithmetic is in its power.
//
// What is assumed
//   exclusive     the memory computes or serves the host: times of operators add up. Changes of mode (tMOD), the
//                 writing of vectors and the reading of results are in first and more, refreshes in their mean.
//   one copy      weights lie in the units' placement only, and the host streams them from it as fast as from any
//                 other. Padding to whole rows of all banks is not taken out of the cache's room. Capacity that units
//                 displace is out of the specification's capacity (PimUnit::capacity_displaced says how much it was).
//   reach         weights are placed in the rows that units reach in the order of the time that they save at one row of
//                 the step, for each row of the banks; layers that do not fit stay with the host. Where units reach a
//                 part of the memory only (HBM-PIM: a third), the cache stays with the host: its blocks lie anywhere.
//   cache         a head's blocks lie in one channel, in whole rows of all its banks; sequences are as long as their
//                 mean. Softmax between the two products is the host's and hidden (memory/pim_attention.h).
//   element-wise  operators stay with the host. Units add, multiply and clip numbers that lie in banks; these models
//                 have norms, rotations, gates and weighted sums of numbers that are in the host's caches. Of a
//                 residual with its norm units could do the addition, and the host would then move as much again.
//   formats       units multiply numbers of 16 bits. bf16 and fp16 stand in for each other, as they do on accelerators
//                 (machine.h); narrower weights or cache entries stay with the host.
//
// Thread rule: immutable once compiled.

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "accelerator/pim_memory.h"
#include "accelerator/roofline.h"
#include "model/model.h"

namespace plumb::accelerator {

/// Seconds and joules on one side.
struct SideCost {
  double seconds = 0.0;
  std::optional<double> joules;  ///< of the memory
};

/// What an operator of a step takes on either side, launches included.
struct PimChoice {
  bool in_memory = false;
  SideCost host, memory;  ///< `memory` has the host's rest too
  double units_s = 0.0;   ///< of memory.seconds: units at work
  model::Work rest;       ///< what the host does beside the units
};

/// The step without its decode sequences: what is the host's of an attention that units do.
model::Step prefill_of(const model::Step& step);

/// t_pim of attention: per_key_s K + per_pair_s P + base_s, with the step's own K and P, not those of a rank.
struct PimAttending {
  double per_key_s = 0.0, per_pair_s = 0.0, base_s = 0.0;
};

/// An operator whose work units can do.
class PimOperator {
 public:
  /// A product: the whole of `matrices` experts at once where the shape is one of experts.
  PimOperator(std::shared_ptr<const PimMemory> memory, model::Operator op, PimProduct product);
  PimOperator(std::shared_ptr<const PimMemory> memory, model::Operator op, PimHead head);

  /// `op` in a step; `work` is what it does there.
  PimChoice choose(const OperatorRoofline& roofline, const model::Work& work, const model::Step& step) const;
  /// Only for attention. All zero where the step decodes nothing.
  PimAttending attending(const model::Step& step) const;

  const model::Operator& op() const { return op_; }
  /// How many of the operator's runs have their weights where units reach, of op().count.
  double runs() const { return runs_; }
  /// Rows of each bank that one run's weights take.
  std::int64_t rows_a_run() const;
  void place(double runs) { runs_ = runs; }

  /// The memory has it where memory_weight t_m < host_weight t_h: 100, 101 or 1 each; 0 and 1 where it always has it.
  int memory_weight() const { return memory_weight_; }
  int host_weight() const { return host_weight_; }
  /// Weighs the sides by their energies in that step.
  void weigh(const OperatorRoofline& roofline, const model::Step& step);

 private:
  SideCost units(const model::Work& work, const model::Step& step) const;
  /// Makes of the memory's side what both sides together take.
  void share(const OperatorRoofline& roofline, double launches, PimChoice& choice) const;
  SideCost product_units(const PimProduct& product, const model::Work& work) const;
  SideCost head_units(const PimHead& head, const model::Step& step) const;
  model::Work rest(const model::Work& work, const model::Step& step) const;

  std::shared_ptr<const PimMemory> memory_;
  model::Operator op_;
  std::variant<PimProduct, PimHead> cost_;
  double runs_ = 0.0;
  int memory_weight_ = 1, host_weight_ = 1;
};

/// What became of an operator: units can do it, or why not (empty: it has nothing to compute).
using PimVerdict = std::variant<std::string, PimOperator>;

/// One verdict an operator of a rank, in their order; `rooflines` likewise, null at operators that do not compute.
/// Never fails: what units cannot do stays with the host.
std::vector<PimVerdict> plan_pim(const std::shared_ptr<const PimMemory>& memory, const model::Model& model,
                                 const std::vector<model::Operator>& operators,
                                 const std::vector<const OperatorRoofline*>& rooflines);

}  // namespace plumb::accelerator
