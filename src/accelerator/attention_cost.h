#pragma once
// The time of one layer's attention in a step: the kernel of its decode sequences (kernel_attention_decode.h), then
// that of its prefill chunks (kernel_attention_prefill.h). Their parameters are those fitted to measurements of the
// accelerator or its class (catalog/kernel_fit.h), by the format of the cache. Where there are none attention has the
// roofline of other operators (roofline.h), and so it has on a machine whose memory computes: what a unit of such a
// memory takes has no measurements to be held against theirs.
//
// The fits were made where each key was put into the cache in the same measured time, so a model's own operator for
// that (model::Elementwise::with_attention) is left out of a step that has fits.
//
// Thread rule: immutable.

#include <array>
#include <optional>

#include "accelerator/kernel_attention_decode.h"
#include "accelerator/kernel_attention_prefill.h"
#include "accelerator/machine.h"
#include "accelerator/roofline.h"
#include "model/operator.h"

namespace plumb::accelerator {

/// The machine as attention sees it that multiplies at a peak and asks so much of the memory.
AttentionMachine attention_machine(const Machine& machine, double peak_flops_per_s, const OperatorDemands& demands);

class AttentionCost {
 public:
  /// Whether the operator is attention of a kind that the machine has fits for.
  static bool is_measured(const Machine& machine, const model::Operator& op);
  /// An operator that is_measured(), and multiplies at `rate`. No kernel takes less than `least_s`, which is what its
  /// launch takes by itself.
  AttentionCost(const Machine& machine, const Machine::Rate& rate, const model::Operator& op,
                const OperatorDemands& demands, double least_s);

  /// Of all the operator's runs in a step.
  OperatorTime time(const model::Step& step) const;
  double seconds(const model::Step& step) const;

  /// The decode kernel of one run: launch and the lines of its equation over the keys of the fullest rank.
  struct Decode {
    double launch_s = 0.0;
    std::array<DecodeLine, decode_sides> lines;
  };
  /// Nothing if the step has no decode sequences for it.
  std::optional<Decode> decode(const model::AttentionCounts& counts) const;
  /// Seconds of one run of the prefill kernel, 0 if the step has no chunks for it.
  double prefill_seconds(const model::AttentionCounts& counts) const;

  const model::Attention& shape() const { return attention_; }
  /// Of the step, as the operator sees it.
  model::AttentionCounts counts(const model::Step& step) const;
  double runs() const { return runs_; }
  double least_s() const { return least_s_; }
  TimeSource source() const { return source_; }

 private:
  void add_decode(const model::AttentionCounts& counts, OperatorTime& time) const;
  void add_prefill(const model::AttentionCounts& counts, OperatorTime& time) const;
  PrefillWork prefill_work(const model::AttentionCounts& counts) const;

  model::Attention attention_;
  int spread_;
  bool again_;
  double runs_, least_s_;
  AttentionShape shape_;
  AttentionMachine machine_;
  std::optional<DecodeAttention> decode_;
  PrefillAttentionParameters prefill_;
  double bandwidth_ = 1.0;  ///< of decodes
  TimeSource source_ = TimeSource::transferred;
};

/// Whether the machine has fits of attention, which hold the writing of the cache.
bool has_attention_fits(const Machine& machine);

}  // namespace plumb::accelerator
