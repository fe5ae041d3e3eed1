#include "accelerator/step_cost.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::accelerator {

Bound StepProfile::binding() const {
  const auto most = std::max_element(seconds_by_bound.begin(), seconds_by_bound.end());
  return static_cast<Bound>(most - seconds_by_bound.begin());
}

OperatorTime StepCost::Compiled::time_in_memory(const PimChoice& choice) const {
  OperatorTime time = roofline->time(choice.rest);
  // Units wait for what they take from banks: an operand of theirs that no other bound names.
  time.at(op.family == model::Family::attention ? Bound::cache : Bound::weights) += choice.units_s;
  time.at(Bound::overhead) += choice.memory.seconds - choice.units_s - roofline->seconds(choice.rest);
  return time;
}

OperatorTime StepCost::Compiled::time(const model::Work& work, const model::Step& step) const {
  if (attention) return attention->time(step);
  OperatorTime time;
  if (roofline) {
    const PimChoice choice = in_memory() ? in_memory()->choose(*roofline, work, step) : PimChoice{};
    time = choice.in_memory ? time_in_memory(choice) : roofline->time(work);
  } else {
    const auto& collective = std::get<model::Collective>(op.shape);
    const double message_bytes = work.sent_bytes / op.count;
    time.at(Bound::link) =
        op.count * (libraries ? libraries->seconds(message_bytes)
                              : collective_time_s(collective.kind, collective.ranks, message_bytes, wire));
  }
  time.at(Bound::overhead) += std::max(0.0, work.launches * launch_least_s - time.seconds());
  return time;
}

double StepCost::Compiled::seconds(const model::Step& step) const {
  if (attention) return attention->seconds(step);
  const model::Work work = model::work_of(op, step);
  double seconds = 0.0;
  if (const PimOperator* memory = in_memory()) {
    const PimChoice choice = memory->choose(*roofline, work, step);
    seconds = choice.in_memory ? choice.memory.seconds : choice.host.seconds;
  } else {
    seconds = roofline ? roofline->seconds(work) : time(work, step).at(Bound::link);
  }
  return std::max(seconds, work.launches * launch_least_s);
}

model::Step StepCost::launched(const model::Step& step) const {
  model::Step filled = step;
  const std::int64_t tokens = step.tokens(), of_rank = (tokens + data_ranks_ - 1) / data_ranks_;
  const std::int64_t runs = launching_.padded(of_rank);
  if (runs > of_rank) filled.padding_tokens = runs * data_ranks_ - tokens;
  return filled;
}

StepCost::Group StepCost::group_of(const model::Operator& op) {
  if (op.again) return Group::sums;  // no table is kept by the count of its rows
  const auto of_rows = [](model::Rows rows) {
    switch (rows) {
      case model::Rows::tokens: return Group::tokens;
      case model::Rows::sampled: return Group::sampled;
      case model::Rows::decode: return Group::decode;
      case model::Rows::drafting:
      case model::Rows::prefill_context: return Group::sums;
    }
    return Group::sums;
  };
  if (const auto* gemm = std::get_if<model::Gemm>(&op.shape)) return of_rows(gemm->rows);
  if (const auto* collective = std::get_if<model::Collective>(&op.shape)) return of_rows(collective->rows);
  const bool by_tokens =
      std::holds_alternative<model::ExpertGemm>(op.shape) || std::holds_alternative<model::Elementwise>(op.shape);
  return by_tokens ? Group::tokens : Group::sums;
}

model::Step StepCost::step_of(Group group, std::int64_t count) {
  model::Step step;
  switch (group) {
    case Group::tokens: step.prefill_tokens = count; break;
    case Group::sampled: step.sampled_sequences = count; break;
    case Group::decode: step.decode_sequences = count; break;
    case Group::sums: break;
  }
  return step;
}

double StepCost::group_time_s(int stage, Group group, const model::Step& step) const {
  double seconds = 0.0;
  // Only what works by tokens sees those that fill the step up.
  const bool filled = group == Group::tokens && !launching_.capture_sizes.empty();
  const model::Step& seen = filled ? launched(step) : step;
  for (const Compiled& compiled : stages_[static_cast<std::size_t>(stage)][static_cast<std::size_t>(group)]) {
    seconds += compiled.seconds(seen);
  }
  return seconds;
}

double StepCost::host_time_s(const model::Step& step) const {
  const catalog::EfficiencyClass& efficiency = machine_.efficiency;
  return efficiency.step_overhead.value.value() +
         efficiency.sequence_overhead.value.value() * static_cast<double>(step.sequences());
}

double StepCost::detokenise_time_s(double output_tokens) const {
  const auto& figure = machine_.efficiency.detokenisation;
  return figure ? figure->value.value() * output_tokens : 0.0;
}

double StepCost::stage_time_s(int stage, const model::Step& step) const {
  return group_time_s(stage, Group::tokens, step) + group_time_s(stage, Group::sampled, step) +
         group_time_s(stage, Group::decode, step) + group_time_s(stage, Group::sums, step) - hidden_s(stage, step);
}

double StepCost::step_time_s(const model::Step& step) const {
  double seconds = host_time_s(step);
  for (int stage = 0; stage < stages(); ++stage) seconds += stage_time_s(stage, step);
  return std::max(seconds, detokenise_time_s(static_cast<double>(step.sampled_sequences)));
}

StepProfile StepCost::profile(const model::Step& step) const {
  StepProfile profile;
  profile.host_s = host_time_s(step);
  profile.seconds = profile.host_s;
  profile.seconds_by_bound[static_cast<std::size_t>(Bound::overhead)] = profile.host_s;
  const model::Step seen = launched(step);
  for (int stage = 0; stage < stages(); ++stage) {
    const std::size_t first = profile.lines.size();
    for (const std::vector<Compiled>& group : stages_[static_cast<std::size_t>(stage)]) {
      for (const Compiled& compiled : group) profile.lines.push_back(line_of(compiled, seen));
    }
    hide(stage, seen, std::span(profile.lines).subspan(first));
  }
  for (const StepProfile::Line& line : profile.lines) {
    profile.seconds += line.time.seconds();
    profile.seconds_by_family[static_cast<std::size_t>(line.family)] += line.time.seconds();
    for (std::size_t i = 0; i < bounds; ++i) profile.seconds_by_bound[i] += line.time.seconds_by_bound[i];
  }
  return profile;
}

double StepCost::bound_s(const Compiled& compiled, const StepProfile::Line& line) const {
  if (!line.in_memory()) return physical_bound_s(machine_, compiled.peak_flops_per_s, line.work);
  const model::Work& rest = line.pim->rest;
  if (machine_.pim->use().split && compiled.op.family != model::Family::attention) {
    const double host_s = physical_bound_s(machine_, compiled.peak_flops_per_s, line.work);
    const double units_s = line.work.operations / machine_.pim->peak_flops_per_s();
    return host_s > 0.0 && units_s > 0.0 ? 1.0 / (1.0 / host_s + 1.0 / units_s) : 0.0;
  }
  return (line.work.operations - rest.operations) / machine_.pim->peak_flops_per_s() +
         physical_bound_s(machine_, compiled.peak_flops_per_s, rest);
}

void StepCost::offload(const model::Model& model, Stage& stage) const {
  std::vector<Compiled*> compiled;
  for (std::vector<Compiled>& group : stage)
    for (Compiled& one : group) compiled.push_back(&one);
  std::vector<model::Operator> operators;
  std::vector<const OperatorRoofline*> rooflines;
  for (const Compiled* one : compiled) {
    operators.push_back(one->op);
    rooflines.push_back(one->roofline ? &*one->roofline : nullptr);
  }
  std::vector<PimVerdict> verdicts = plan_pim(machine_.pim, model, operators, rooflines);
  for (std::size_t i = 0; i < compiled.size(); ++i) compiled[i]->pim = std::move(verdicts[i]);
}

StepProfile::Line StepCost::line_of(const Compiled& compiled, const model::Step& step) const {
  StepProfile::Line line;
  line.name = compiled.op.name;
  line.family = compiled.op.family;
  line.work = model::work_of(compiled.op, step);
  line.of_mixer = compiled.op.of_mixer;
  if (compiled.roofline) line.source = compiled.roofline->source(line.work);
  line.time = compiled.time(line.work, step);
  if (const PimOperator* memory = compiled.in_memory()) line.pim = memory->choose(*compiled.roofline, line.work, step);
  if (const auto* why = std::get_if<std::string>(&compiled.pim)) line.why_host = *why;
  const auto* collective = std::get_if<model::Collective>(&compiled.op.shape);
  line.physical_bound_s = collective == nullptr
                              ? bound_s(compiled, line)
                          : compiled.libraries
                              ? compiled.libraries->bound_s(line.work.sent_bytes)
                              : wire_bound_s(collective->kind, collective->ranks, line.work.sent_bytes, compiled.wire);
  return line;
}

Result<StepCost> compile(const Machine& machine, const model::Model& model, const model::Precision& precision,
                         const model::Parallelism& parallelism, const Launching& launching, std::int64_t block_tokens) {
  if (const auto reason = model::cannot_split(model, parallelism)) return fail(unmet_error(*reason));
  if (parallelism.tensor > machine.domain_ranks) {
    return fail(unmet_error(fmt::format("{} joins {} in a domain, tensor parallelism asks for {}", machine.name,
                                        machine.domain_ranks, parallelism.tensor)));
  }
  if (parallelism.ranks() > 1 && machine.link_bytes_per_s <= 0.0) {
    return fail(unmet_error(fmt::format("{}: the bandwidth of its links is not known", machine.name)));
  }
  StepCost cost;
  cost.machine_ = machine;
  cost.evidence_ = machine.evidence;
  cost.launching_ = launching;
  cost.data_ranks_ = parallelism.data;
  const auto& eager_launch = machine.efficiency.eager_launch;
  const double launch_least_s = launching.eager && eager_launch ? eager_launch->value.value() : 0.0;
  const Wire inside{machine.link_bytes_per_s, machine.link_efficiency, machine.link_latency_s, machine.link_ring_only};
  Wire exchange = inside;
  exchange.latency_s = machine.exchange_latency_s.value_or(inside.latency_s);
  const Wire across{machine.network.bandwidth_bytes_per_s, machine.network.efficiency, machine.network.latency_s};
  const bool one_domain = parallelism.ranks() <= machine.domain_ranks;
  const auto wire_of = [&](const model::Operator& op, const model::Collective& collective) {
    using Kind = model::Collective::Kind;
    const bool crosses = parallelism.expert_ranks() > machine.domain_ranks;
    switch (collective.kind) {
      case Kind::send: return one_domain ? inside : across;
      case Kind::all_to_all: return wire_of_all_to_all(collective.ranks, machine.domain_ranks, exchange, across);
      // Between data-parallel groups, which then have all tokens, the slowest hop sets the pace; a group is in a
      // domain.
      case Kind::all_gather:
      case Kind::reduce_scatter: return crosses && op.spread == 1 ? across : inside;
      case Kind::all_reduce: return inside;
    }
    return inside;
  };
  for (int stage = 0; stage < parallelism.pipeline; ++stage) {
    StepCost::Stage compiled;
    for (model::Operator& op : model::operators(model, precision, parallelism, stage)) {
      const std::optional<Machine::Rate> rate = machine.rate(op.compute);
      if (!rate) {
        return fail(
            unmet_error(fmt::format("{}: no compute rate known for {}", machine.name, number_format_name(op.compute))));
      }
      const auto* collective = std::get_if<model::Collective>(&op.shape);
      const auto* elementwise = std::get_if<model::Elementwise>(&op.shape);
      if (elementwise != nullptr && elementwise->with_attention && has_attention_fits(machine)) continue;
      std::optional<OperatorRoofline> roofline;
      const OperatorDemands demands = demands_of(op, model, block_tokens);
      if (collective == nullptr) roofline.emplace(machine, *rate, op, demands);
      const bool is_fitted_attention = AttentionCost::is_measured(machine, op);
      const Wire wire = collective == nullptr ? inside : wire_of(op, *collective);
      std::optional<CollectiveKernels> libraries;
      if (collective != nullptr && !(wire == across)) libraries.emplace(machine, *collective, inside);
      if (libraries && libraries->empty()) libraries.reset();
      std::vector<StepCost::Compiled>& group = compiled[static_cast<std::size_t>(StepCost::group_of(op))];
      StepCost::Compiled one;
      one.op = std::move(op);
      one.roofline = roofline;
      if (is_fitted_attention) one.attention.emplace(machine, *rate, one.op, demands, launch_least_s);
      one.peak_flops_per_s = rate->flops_per_s;
      one.wire = wire;
      one.libraries = std::move(libraries);
      one.launch_least_s = launch_least_s;
      group.push_back(std::move(one));
    }
    if (machine.pim) cost.offload(model, compiled);
    cost.stages_.push_back(std::move(compiled));
  }
  return cost;
}

}  // namespace plumb::accelerator
