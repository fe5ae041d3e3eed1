#pragma once
// The cost of an engine's step on a deployment: compiled once from the model's operators and the machine, then asked
// for as often as the simulation needs it.
//
//   StepCost cost = compile(machine, model, precision, parallelism).value();
//   double s = cost.step_time_s(step);                    // one batch through all stages, host overhead included
//
// Simulations ask a StepTimer (step_timer.h), which says the same in exact ticks and far faster.
//
// Thread rule: a StepCost is immutable once compiled, and any number of threads may ask.

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "accelerator/attention_cost.h"
#include "accelerator/collective.h"
#include "accelerator/kernel_collective.h"
#include "accelerator/launching.h"
#include "accelerator/machine.h"
#include "accelerator/pim_offload.h"
#include "accelerator/pim_overlap.h"
#include "accelerator/roofline.h"
#include "base/result.h"
#include "model/model.h"

namespace plumb::accelerator {

/// Where the time of a step goes.
struct StepProfile {
  double seconds = 0.0;
  std::array<double, bounds> seconds_by_bound{};
  std::array<double, model::families> seconds_by_family{};  ///< host overhead is in none of them
  double host_s = 0.0;

  struct Line {
    std::string name;
    model::Family family = model::Family::gemm;
    model::Work work;
    OperatorTime time;
    double physical_bound_s = 0.0;
    TimeSource source = TimeSource::transferred;  ///< of the time on the accelerator itself
    /// On a machine whose memory computes: what either side takes, or why it is the host's.
    std::optional<PimChoice> pim;
    std::string why_host;
    bool of_mixer = false;  ///< a product of the layer's attention
    bool in_memory() const { return pim && pim->in_memory; }
  };
  std::vector<Line> lines;  ///< one an operator, all stages together; the time is what nothing else hides

  Bound binding() const;  ///< the bound with the most time
};

class StepCost {
 public:
  /// Host time that one step costs before its first stage can run.
  double host_time_s(const model::Step& step) const;
  /// Time of a stage, the sending of its result to the next included.
  double stage_time_s(int stage, const model::Step& step) const;
  /// Time to turn output tokens into text, which a process of its own does during the next step: an engine gives no
  /// more tokens than that one can take, so a step that gives `output_tokens` takes at least as long.
  double detokenise_time_s(double output_tokens) const;
  /// host_time_s() and all stages, one after another; at least detokenise_time_s() of the sampled sequences.
  double step_time_s(const model::Step& step) const;

  StepProfile profile(const model::Step& step) const;

  int stages() const { return static_cast<int>(stages_.size()); }
  /// Whether the machine's memory computes.
  bool computes_in_memory() const { return machine_.pim != nullptr; }
  Evidence evidence() const { return evidence_; }

 private:
  friend Result<StepCost> compile(const Machine&, const model::Model&, const model::Precision&,
                                  const model::Parallelism&, const Launching&, std::int64_t);

  friend class RooflineTimer;
  friend class TimeCounter;

  /// What the time of an operator depends on.
  enum class Group { tokens, sampled, decode, sums };
  static constexpr std::size_t groups = 4;

  struct Compiled {
    model::Operator op;
    std::optional<OperatorRoofline> roofline;  ///< of operators that compute
    std::optional<AttentionCost> attention;    ///< in its place, of attention whose kernels were measured
    double peak_flops_per_s = 1.0;
    Wire wire;
    std::optional<CollectiveKernels> libraries;  ///< in place of the wire's equations, where kernels were measured
    double launch_least_s = 0.0;     ///< of one run, however short
    PimVerdict pim = std::string();  ///< machines whose memory computes
    double seconds(const model::Step& step) const;
    OperatorTime time(const model::Work& work, const model::Step& step) const;
    const PimOperator* in_memory() const { return std::get_if<PimOperator>(&pim); }

   private:
    OperatorTime time_in_memory(const PimChoice& choice) const;
  };
  using Stage = std::array<std::vector<Compiled>, groups>;

  /// Puts what the memory can compute of a stage's operators there.
  void offload(const model::Model& model, Stage& stage) const;
  /// The least time that physics allows for a line that has no link in it.
  double bound_s(const Compiled& compiled, const StepProfile::Line& line) const;
  /// The step as it runs: filled up to a captured size.
  model::Step launched(const model::Step& step) const;
  static Group group_of(const model::Operator& op);
  /// A step with that count of the group, which is not Group::sums; operators of the group ask for nothing else.
  static model::Step step_of(Group group, std::int64_t count);
  double group_time_s(int stage, Group group, const model::Step& step) const;
  StepProfile::Line line_of(const Compiled& compiled, const model::Step& step) const;

  /// Attention beside products (pim_overlap.h): seconds of a stage's mixers' products, the share of them that the
  /// layers of one kind of attention have (0: none are beside it), and what of the stage is hidden.
  double mixer_time_s(int stage, const model::Step& step) const;
  double share_of_mixers(int stage, const Compiled& attention) const;
  std::optional<Overlap> overlap(int stage, const Compiled& attention, const model::Step& step) const;
  double hidden_s(int stage, const model::Step& step) const;
  /// Takes what is hidden out of the lines of the stage.
  void hide(int stage, const model::Step& step, std::span<StepProfile::Line> lines) const;

  Machine machine_;
  Launching launching_;
  int data_ranks_ = 1;
  std::vector<Stage> stages_;
  Evidence evidence_ = Evidence::datasheet;
};

/// Fault::unmet if the model cannot be cut that way, the machine multiplies in no fitting format, or ranks exceed what
/// its links join. Tensor parallelism stays within a domain; pipeline stages and data-parallel groups may cross to
/// another over Machine::network. The cache is kept in blocks of `block_tokens`.
[[nodiscard]] Result<StepCost> compile(const Machine& machine, const model::Model& model,
                                       const model::Precision& precision, const model::Parallelism& parallelism,
                                       const Launching& launching = {},
                                       std::int64_t block_tokens = default_block_tokens);

}  // namespace plumb::accelerator
