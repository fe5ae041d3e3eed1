#include "serving/engine.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

Engine::Engine(const CompiledDeployment& deployment, accelerator::StepTimer& timer, EngineObserver& observer)
    : deployment_(deployment),
      timer_(timer),
      observer_(observer),
      cache_(deployment.cache),
      scheduler_(make_scheduler(deployment.deployment.engine.scheduler)),
      stage_free_s_(static_cast<std::size_t>(deployment.cost.stages()), 0.0) {
  assert(scheduler_ != nullptr);
}

void Engine::receive(const Sequence& sequence, double time_s) {
  assert(time_s >= now_s_);
  assert(sequence.prompt_tokens + sequence.output_tokens <= deployment_.max_model_len);
  if (free_slots_.empty()) {
    free_slots_.push_back(sequences_.size());
    sequences_.push_back(std::make_unique<Sequence>());
  }
  Sequence& slot = *sequences_[free_slots_.back()];
  const std::size_t index = free_slots_.back();
  free_slots_.pop_back();
  slot = sequence;
  slot.slot = index;
  waiting_.push_back(&slot);
  nothing_to_schedule_ = false;
  now_s_ = time_s;
  plan_next_event();
}

void Engine::advance() {
  assert(next_event_s_ < never_s);
  now_s_ = next_event_s_;
  while (!in_flight_.empty() && in_flight_.front().finish_s <= now_s_) {
    Batch batch = std::move(in_flight_.front());
    in_flight_.pop_front();
    complete(batch);
    spare_parts_.push_back(std::move(batch.parts));
    nothing_to_schedule_ = false;
  }
  start_batches(now_s_);
  plan_next_event();
}

void Engine::plan_next_event() {
  next_event_s_ = in_flight_.empty() ? never_s : in_flight_.front().finish_s;
  const bool may_start = !nothing_to_schedule_ && outstanding() > 0 && in_flight_.size() < stage_free_s_.size();
  if (may_start) next_event_s_ = std::min(next_event_s_, std::max(now_s_, stage_free_s_.front()));
}

void Engine::start_batches(double now_s) {
  if (in_flight_.size() >= stage_free_s_.size() || stage_free_s_.front() > now_s) return;
  Batch batch;
  if (!spare_parts_.empty()) {
    batch.parts = std::move(spare_parts_.back());
    spare_parts_.pop_back();
  }
  EngineState state{deployment_.deployment.engine, cache_, waiting_, running_, counters_.preemptions};
  scheduler_->schedule(state, batch.parts);
  if (batch.parts.empty()) {
    // Only a returning batch or a new request changes that.
    nothing_to_schedule_ = true;
    spare_parts_.push_back(std::move(batch.parts));
    return;
  }
  launch(std::move(batch), now_s);
}

model::Step Engine::sums_of(const std::vector<Scheduled>& parts) const {
  const model::Model& model = *deployment_.deployment.model;
  model::Step step;
  for (const Scheduled& part : parts) {
    const Sequence& sequence = *part.sequence;
    if (sequence.decoding()) {
      model::add_decode(model, step, sequence.known());
    } else {
      const bool completes = sequence.computed + part.tokens == sequence.known();
      model::add_prefill(model, step, part.tokens, sequence.computed, completes);
    }
  }
  return step;
}

void Engine::launch(Batch batch, double now_s) {
  const model::Step step = sums_of(batch.parts);
  observer_.batch(step);
  batch.start_s = now_s;
  double time_s = now_s + timer_.host_time_s(step);
  for (std::size_t stage = 0; stage < stage_free_s_.size(); ++stage) {
    time_s = std::max(time_s, stage_free_s_[stage]) + timer_.stage_time_s(static_cast<int>(stage), step);
    stage_free_s_[stage] = time_s;
  }
  batch.finish_s = time_s;
  assert(batch.finish_s > now_s);

  ++counters_.steps;
  counters_.prompt_tokens_computed += step.prefill_tokens;
  counters_.busy_s += stage_free_s_.front() - now_s;
  counters_.sequence_seconds += static_cast<double>(batch.parts.size()) * (stage_free_s_.front() - now_s);
  counters_.cache_bytes_peak = std::max(counters_.cache_bytes_peak, static_cast<double>(cache_.used()));
  for (const Scheduled& part : batch.parts) {
    part.sequence->in_flight = true;
    if (part.sequence->computed == 0) observer_.scheduled(*part.sequence, now_s);
  }
  in_flight_.push_back(std::move(batch));
}

void Engine::complete(Batch& batch) {
  bool any_finished = false;
  for (const Scheduled& part : batch.parts) {
    Sequence& sequence = *part.sequence;
    sequence.in_flight = false;
    sequence.computed += part.tokens;
    if (sequence.computed < sequence.known()) continue;
    hand_out_token(sequence, batch.finish_s);
    any_finished = any_finished || sequence.finished();
  }
  if (!any_finished) return;
  std::erase_if(running_, [](const Sequence* sequence) { return sequence->finished(); });
  for (const Scheduled& part : batch.parts) {
    if (part.sequence->finished()) finish(*part.sequence, batch.finish_s);
  }
}

void Engine::hand_out_token(Sequence& sequence, double time_s) {
  ++sequence.generated;
  ++counters_.tokens_generated;
  observer_.token(sequence, time_s, sequence.last_token_s);
  sequence.last_token_s = time_s;
}

void Engine::finish(Sequence& sequence, double time_s) {
  cache_.release(sequence);
  observer_.finished(sequence, time_s);
  free_slots_.push_back(sequence.slot);
}

}  // namespace plumb::serving
