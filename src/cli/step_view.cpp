#include "cli/step_view.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace plumb::cli {
namespace {

using accelerator::Bound;

void add_work(const model::Work& work, model::Work& to) {
  to.operations += work.operations;
  to.weight_bytes += work.weight_bytes;
  to.cache_bytes += work.cache_bytes;
  to.activation_bytes += work.activation_bytes;
  to.sent_bytes += work.sent_bytes;
  to.launches += work.launches;
}

/// The line of that operator, made if it is not there: stages of a pipeline and chunks of a prompt have the same ones.
OperatorLine& line_of(const accelerator::StepProfile::Line& profiled, StepView& view) {
  const auto found = std::find_if(view.lines.begin(), view.lines.end(), [&](const OperatorLine& line) {
    return line.name == profiled.name && line.family == profiled.family;
  });
  if (found != view.lines.end()) return *found;
  OperatorLine line;
  line.name = profiled.name;
  line.family = profiled.family;
  view.lines.push_back(std::move(line));
  return view.lines.back();
}

void add_joules(const std::optional<double>& more, bool first, std::optional<double>& to) {
  if (first) {
    to = more;
  } else {
    to = to && more ? std::optional(*to + *more) : std::nullopt;
  }
}

void add_in_memory(const accelerator::StepProfile::Line& profiled, InMemory& to) {
  to.why_host = profiled.why_host;
  if (!profiled.pim) return;
  const accelerator::PimChoice& choice = *profiled.pim;
  const bool first = !to.can;
  to.can = true;
  to.host_s += choice.host.seconds;
  to.memory_s += choice.memory.seconds;
  if (choice.in_memory) {
    to.units_s += choice.units_s;
    ++to.steps_in_memory;
  }
  add_joules(choice.host.joules, first, to.host_j);
  add_joules(choice.memory.joules, first, to.memory_j);
}

void add_step(const accelerator::StepCost& cost, const model::Step& step, StepView& view) {
  const accelerator::StepProfile profile = cost.profile(step);
  for (const accelerator::StepProfile::Line& profiled : profile.lines) {
    if (profiled.work.rows <= 0.0 && profiled.time.seconds() <= 0.0) continue;
    OperatorLine& line = line_of(profiled, view);
    add_work(profiled.work, line.work);
    add_work(profiled.work, view.work);
    const model::Work& streamed = profiled.in_memory() ? profiled.pim->rest : profiled.work;
    add_work(streamed, view.streamed);
    if (profiled.family == model::Family::expert) view.streamed_expert_bytes += streamed.weight_bytes;
    add_in_memory(profiled, line.in_memory);
    for (std::size_t i = 0; i < accelerator::bounds; ++i)
      line.time.seconds_by_bound[i] += profiled.time.seconds_by_bound[i];
    line.physical_bound_s += profiled.physical_bound_s;
    line.source = std::max(line.source, profiled.source);
    view.physical_bound_s += profiled.physical_bound_s;
  }
  view.seconds += profile.seconds;
  view.host_s += profile.host_s;
  for (std::size_t i = 0; i < accelerator::bounds; ++i) view.seconds_by_bound[i] += profile.seconds_by_bound[i];
  ++view.steps;
  view.tokens += step.tokens();
}

template <class Seconds>
Bound most_of(const Seconds& seconds_by_bound) {
  return static_cast<Bound>(std::max_element(std::begin(seconds_by_bound), std::end(seconds_by_bound)) -
                            std::begin(seconds_by_bound));
}

model::Step decode_step(const model::Model& model, std::int64_t sequences, std::int64_t context) {
  model::Step step;
  model::add_decode(model, step, context);
  // A step is sums over its sequences, so equal ones multiply.
  step.decode_sequences *= sequences;
  step.draft_tokens *= sequences;
  step.sampled_sequences *= sequences;
  step.context_tokens *= sequences;
  for (model::SpanSums& sums : step.spans) {
    sums.decode_keys *= static_cast<double>(sequences);
    sums.draft_pairs *= static_cast<double>(sequences);
  }
  return step;
}

}  // namespace

Bound OperatorLine::binding() const { return most_of(time.seconds_by_bound); }
Bound StepView::binding() const { return most_of(seconds_by_bound); }

double StepView::operations_per_byte() const { return work.bytes() > 0.0 ? work.operations / work.bytes() : 0.0; }

double StepView::bandwidth_share(const accelerator::Machine& machine) const {
  return seconds > 0.0 ? streamed.bytes() / (seconds * machine.memory_bytes_per_s) : 0.0;
}

StepView view_prefill(const serving::CompiledDeployment& deployment, std::int64_t prompt_tokens) {
  StepView view;
  view.name = "prefill";
  view.sequences = 1;
  view.context = prompt_tokens;
  const serving::EngineSettings& engine = deployment.deployment.engine;
  const std::int64_t chunk_max = engine.enable_chunked_prefill ? engine.max_num_batched_tokens : prompt_tokens;
  for (std::int64_t computed = 0; computed < prompt_tokens;) {
    const std::int64_t tokens = std::min(chunk_max, prompt_tokens - computed);
    model::Step step;
    model::add_prefill(*deployment.deployment.model, step, tokens, computed, computed + tokens == prompt_tokens);
    add_step(deployment.cost, step, view);
    computed += tokens;
  }
  return view;
}

StepView view_decode(const serving::CompiledDeployment& deployment, std::int64_t sequences, std::int64_t context) {
  StepView view;
  view.name = sequences == 1 ? "decode, alone" : fmt::format("decode, {} together", sequences);
  view.sequences = sequences;
  view.context = context;
  add_step(deployment.cost, decode_step(*deployment.deployment.model, sequences, context), view);
  return view;
}

std::optional<std::int64_t> BatchesInMemory::host_from() const {
  if (spans.empty()) return 1;
  return spans.back().second < batch_max ? std::optional(spans.back().second + 1) : std::nullopt;
}

std::vector<BatchesInMemory> batches_in_memory(const serving::CompiledDeployment& deployment, std::int64_t batch_max,
                                               std::int64_t context) {
  std::vector<BatchesInMemory> found;
  for (std::int64_t batch = 1; batch <= batch_max && deployment.cost.computes_in_memory(); ++batch) {
    const StepView view = view_decode(deployment, batch, context);
    for (const OperatorLine& line : view.lines) {
      if (!line.in_memory.can) continue;
      auto at = std::find_if(found.begin(), found.end(), [&](const BatchesInMemory& known) {
        return known.name == line.name && known.family == line.family;
      });
      if (at == found.end()) at = found.insert(found.end(), {line.name, line.family, {}, batch_max});
      if (line.in_memory.steps_in_memory == 0) continue;
      if (at->spans.empty() || at->spans.back().second < batch - 1) {
        at->spans.emplace_back(batch, batch);
      } else {
        at->spans.back().second = batch;
      }
    }
  }
  return found;
}

double decode_time_s(const serving::CompiledDeployment& deployment, std::int64_t sequences, std::int64_t prompt_tokens,
                     std::int64_t output_tokens) {
  const model::Model& model = *deployment.deployment.model;
  double seconds = 0.0;
  for (std::int64_t generated = 1; generated < output_tokens; ++generated) {
    seconds += deployment.cost.step_time_s(decode_step(model, sequences, prompt_tokens + generated));
  }
  return seconds;
}

}  // namespace plumb::cli
