#include "accelerator/time_shares.h"

#include <algorithm>

namespace plumb::accelerator {
namespace {

void count(std::vector<std::int64_t>& counts, std::int64_t value, std::int64_t times) {
  const auto index = static_cast<std::size_t>(value);
  if (index >= counts.size()) counts.resize(index + 1);
  counts[index] += times;
}

PlacedShare& placed_of(std::string_view name, model::Family family, TimeShares& of) {
  const auto found = std::find_if(of.placed.begin(), of.placed.end(), [&](const PlacedShare& placed) {
    return placed.name == name && placed.family == family;
  });
  if (found != of.placed.end()) return *found;
  of.placed.push_back({std::string(name), family, 0.0, 0.0});
  return of.placed.back();
}

}  // namespace

TimeCounter::TimeCounter(const StepCost& cost) : cost_(cost) {}

void TimeCounter::add(const model::Step& step, std::int64_t times) {
  using Group = StepCost::Group;
  count(counts_[static_cast<std::size_t>(Group::tokens)], step.tokens(), times);
  count(counts_[static_cast<std::size_t>(Group::sampled)], step.sampled_tokens(), times);
  count(counts_[static_cast<std::size_t>(Group::decode)], step.decode_tokens(), times);
  const auto weight = static_cast<double>(times);
  sums_.host += weight * cost_.host_time_s(step);
  for (int stage = 0; stage < cost_.stages(); ++stage) {
    for (const StepCost::Compiled& compiled :
         cost_.stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::sums)]) {
      add_operator(compiled, step, weight, sums_);
      if (const auto overlap = cost_.overlap(stage, compiled, step))
        take_hidden(stage, compiled, *overlap, step, weight);
    }
  }
}

void TimeCounter::add_operator(const StepCost::Compiled& compiled, const model::Step& step, double times,
                               TimeShares& to) const {
  const model::Work work = model::work_of(compiled.op, step);
  const OperatorTime time = compiled.time(work, step);
  if (compiled.in_memory()) add_placed(compiled, work, step, times, to);
  double seconds = 0.0;
  for (std::size_t i = 0; i < bounds; ++i) {
    to.by_bound[i] += times * time.seconds_by_bound[i];
    seconds += time.seconds_by_bound[i];
  }
  to.by_family[static_cast<std::size_t>(compiled.op.family)] += times * seconds;
}

void TimeCounter::take_hidden(int stage, const StepCost::Compiled& attention, const Overlap& overlap,
                              const model::Step& step, double times) {
  const auto take = [&](const StepCost::Compiled& compiled, double share) {
    const OperatorTime time = compiled.time(model::work_of(compiled.op, step), step);
    for (std::size_t i = 0; i < bounds; ++i) sums_.by_bound[i] -= times * share * time.seconds_by_bound[i];
    sums_.by_family[static_cast<std::size_t>(compiled.op.family)] -= times * share * time.seconds();
  };
  if (overlap.hides_attention()) {
    take(attention, overlap.hidden_s() / attention.seconds(step));
    return;
  }
  using Group = StepCost::Group;
  const double share = overlap.hidden_s() / cost_.mixer_time_s(stage, step);
  for (const StepCost::Compiled& compiled :
       cost_.stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(Group::tokens)]) {
    if (compiled.op.of_mixer) take(compiled, share);
  }
}

void TimeCounter::add_placed(const StepCost::Compiled& compiled, const model::Work& work, const model::Step& step,
                             double times, TimeShares& to) const {
  const PimChoice choice = compiled.in_memory()->choose(*compiled.roofline, work, step);
  PlacedShare& placed = placed_of(compiled.op.name, compiled.op.family, to);
  placed.time += times * (choice.in_memory ? choice.memory.seconds : choice.host.seconds);
  if (!choice.in_memory) return;
  placed.in_memory += times * choice.memory.seconds;
  to.units += times * choice.units_s;
}

void TimeCounter::merge(const TimeCounter& other) {
  for (std::size_t group = 0; group < counts_.size(); ++group) {
    const Counts& more = other.counts_[group];
    if (more.size() > counts_[group].size()) counts_[group].resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i) counts_[group][i] += more[i];
  }
  sums_.host += other.sums_.host;
  for (std::size_t i = 0; i < bounds; ++i) sums_.by_bound[i] += other.sums_.by_bound[i];
  for (std::size_t i = 0; i < model::families; ++i) sums_.by_family[i] += other.sums_.by_family[i];
  sums_.units += other.sums_.units;
  for (const PlacedShare& more : other.sums_.placed) {
    PlacedShare& placed = placed_of(more.name, more.family, sums_);
    placed.time += more.time;
    placed.in_memory += more.in_memory;
  }
}

TimeShares TimeCounter::shares() const {
  TimeShares shares = sums_;
  for (std::size_t group = 0; group < counts_.size(); ++group) {
    for (std::size_t i = 0; i < counts_[group].size(); ++i) {
      if (counts_[group][i] == 0) continue;
      model::Step step = StepCost::step_of(static_cast<StepCost::Group>(group), static_cast<std::int64_t>(i));
      if (static_cast<StepCost::Group>(group) == StepCost::Group::tokens) step = cost_.launched(step);
      for (const StepCost::Stage& stage : cost_.stages_) {
        for (const StepCost::Compiled& compiled : stage[group]) {
          add_operator(compiled, step, static_cast<double>(counts_[group][i]), shares);
        }
      }
    }
  }
  shares.by_bound[static_cast<std::size_t>(Bound::overhead)] += shares.host;
  double seconds = 0.0;
  for (const double part : shares.by_bound) seconds += part;
  const double scale = seconds > 0.0 ? 1.0 / seconds : 0.0;
  for (double& part : shares.by_bound) part *= scale;
  for (double& part : shares.by_family) part *= scale;
  shares.host *= scale;
  shares.units *= scale;
  for (PlacedShare& placed : shares.placed) {
    placed.in_memory = placed.time > 0.0 ? placed.in_memory / placed.time : 0.0;
    placed.time *= scale;
  }
  const auto most = std::max_element(shares.by_bound.begin(), shares.by_bound.end());
  shares.binding = static_cast<Bound>(most - shares.by_bound.begin());
  return shares;
}

}  // namespace plumb::accelerator
