// What of a step's operators is hidden behind others: attention in memory and the products of its layers.

#include "accelerator/step_cost.h"

namespace plumb::accelerator {
namespace {

/// The part of a time that is not hidden.
void shrink(double scale, StepProfile::Line& line) {
  for (double& part : line.time.seconds_by_bound) part *= scale;
  line.physical_bound_s *= scale;
}

}  // namespace

double StepCost::mixer_time_s(int stage, const model::Step& step) const {
  double seconds = 0.0;
  const model::Step seen = launched(step);
  for (const Compiled& compiled : stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::tokens)]) {
    if (compiled.op.of_mixer) seconds += compiled.seconds(seen);
  }
  return seconds;
}

double StepCost::share_of_mixers(int stage, const Compiled& attention) const {
  if (!machine_.pim || !machine_.pim->use().overlap) return 0.0;
  double runs = 0.0;
  for (const Compiled& other : stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::sums)]) {
    if (std::holds_alternative<model::Attention>(other.op.shape) && !other.op.again) runs += other.op.count;
  }
  return attention.op.count / runs;
}

std::optional<Overlap> StepCost::overlap(int stage, const Compiled& attention, const model::Step& step) const {
  const PimOperator* memory = attention.in_memory();
  if (memory == nullptr || !machine_.pim->use().overlap || step.decode_sequences == 0) return std::nullopt;
  const auto* shape = std::get_if<model::Attention>(&attention.op.shape);
  if (shape == nullptr || attention.op.again) return std::nullopt;
  const PimChoice choice = memory->choose(*attention.roofline, model::work_of(attention.op, step), step);
  if (!choice.in_memory) return std::nullopt;
  return Overlap{choice.units_s, share_of_mixers(stage, attention) * mixer_time_s(stage, step),
                 static_cast<double>(shape->kv_heads)};
}

double StepCost::hidden_s(int stage, const model::Step& step) const {
  if (!machine_.pim || !machine_.pim->use().overlap) return 0.0;
  double hidden = 0.0;
  for (const Compiled& one : stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::sums)]) {
    if (const auto found = overlap(stage, one, step)) hidden += found->hidden_s();
  }
  return hidden;
}

void StepCost::hide(int stage, const model::Step& step, std::span<StepProfile::Line> lines) const {
  if (!machine_.pim || !machine_.pim->use().overlap) return;
  double hidden_of_products = 0.0;
  for (const Compiled& one : stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::sums)]) {
    const auto found = overlap(stage, one, step);
    if (!found) continue;
    if (!found->hides_attention()) {
      hidden_of_products += found->hidden_s();
      continue;
    }
    for (StepProfile::Line& line : lines) {
      if (line.family == one.op.family && line.name == one.op.name && line.in_memory())
        shrink(1.0 - found->hidden_s() / line.time.seconds(), line);
    }
  }
  if (hidden_of_products <= 0.0) return;
  const double scale = 1.0 - hidden_of_products / mixer_time_s(stage, step);
  for (StepProfile::Line& line : lines) {
    if (line.of_mixer) shrink(scale, line);
  }
}

}  // namespace plumb::accelerator
