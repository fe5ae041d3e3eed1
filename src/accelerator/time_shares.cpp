#include "accelerator/time_shares.h"

#include <algorithm>

namespace plumb::accelerator {
namespace {

void count(std::vector<std::int64_t>& counts, std::int64_t value, std::int64_t times) {
  const auto index = static_cast<std::size_t>(value);
  if (index >= counts.size()) counts.resize(index + 1);
  counts[index] += times;
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
  for (const StepCost::Stage& stage : cost_.stages_) {
    for (const StepCost::Compiled& compiled : stage[static_cast<std::size_t>(Group::sums)]) {
      add_operator(compiled, step, weight, sums_);
    }
  }
}

void TimeCounter::add_operator(const StepCost::Compiled& compiled, const model::Step& step, double times,
                               TimeShares& to) const {
  const OperatorTime time = compiled.time(model::work_of(compiled.op, step));
  double seconds = 0.0;
  for (std::size_t i = 0; i < bounds; ++i) {
    to.by_bound[i] += times * time.seconds_by_bound[i];
    seconds += time.seconds_by_bound[i];
  }
  to.by_family[static_cast<std::size_t>(compiled.op.family)] += times * seconds;
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
  const auto most = std::max_element(shares.by_bound.begin(), shares.by_bound.end());
  shares.binding = static_cast<Bound>(most - shares.by_bound.begin());
  return shares;
}

}  // namespace plumb::accelerator
