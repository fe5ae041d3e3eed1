#include "serving/engine.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace plumb::serving {
namespace {

bool stepped(const CompiledDeployment& deployment, Stepping stepping) {
  return stepping == Stepping::plain || deployment.cost.stages() > 1 || !can_sum_decodes(deployment);
}

std::unique_ptr<DecodeSet> make_decode_set(const CompiledDeployment& deployment, Stepping stepping) {
  return stepped(deployment, stepping) ? make_plain_decode_set(deployment) : make_summed_decode_set(deployment);
}

}  // namespace

Engine::Engine(const CompiledDeployment& deployment, accelerator::StepTimer& timer, EngineObserver& observer,
               Stepping stepping)
    : deployment_(deployment),
      timer_(timer),
      observer_(observer),
      scheduler_(make_scheduler(deployment.deployment.engine.scheduler)),
      state_(deployment, make_decode_set(deployment, stepping), scheduler_->reuses_prefixes(), &observer),
      stepping_(stepped(deployment, stepping) ? Stepping::plain : Stepping::runs),
      forms_batches_ahead_(scheduler_->forms_batches_ahead()),
      pads_batches_(scheduler_->pads_batches()),
      in_flight_(static_cast<std::size_t>(deployment.cost.stages()), deployment.deployment.model->spans.size()),
      stage_free_(static_cast<std::size_t>(deployment.cost.stages())) {
  assert(scheduler_ != nullptr);
}

EngineCounters Engine::counters() const {
  EngineCounters counters = counters_;
  counters.preemptions = state_.preemptions();
  // Tokens of a prompt count as such, whether they come in a chunk or one by one.
  counters.tokens_generated -= state_.cut_tokens();
  counters.prompt_tokens_computed += state_.cut_tokens();
  counters.prefix = state_.prefix_counts();
  if (state_.tiers_ != nullptr) counters.cache_tiers = state_.tiers_->counts();
  return counters;
}

bool Engine::stuck() const {
  constexpr std::int64_t patience = 1000;
  const std::int64_t in_vain = state_.preemptions() - preemptions_at_token_;
  return in_vain > patience && in_vain > patience + 16 * outstanding();
}

void Engine::receive(const Sequence& sequence, Time time) {
  assert(time >= now_);
  assert(sequence.prompt_tokens + sequence.output_tokens <= deployment_.max_model_len);
  if (free_slots_.empty()) {
    free_slots_.push_back(sequences_.size());
    sequences_.emplace_back();
  }
  const std::size_t index = free_slots_.back();
  free_slots_.pop_back();
  Sequence& slot = sequences_[index];
  const std::uint32_t stamp = slot.stamp;
  slot = sequence;
  slot.stamp = stamp;
  slot.slot = index;
  const bool others_first = !state_.waiting().empty() && scheduler_->first_come_first_served(state_.settings());
  state_.enqueue(slot);
  nothing_to_schedule_ = false;
  now_ = time;
  if (!others_first) end_run_at(time);
  if (slot.cancel < Time::never()) {
    cancellations_.add(slot);
    end_run_at(std::max(time, slot.cancel));
  }
  plan_next_event();
}

/// Lets the run of steps under way end with the first step that ends at that time or later.
void Engine::end_run_at(Time time) {
  if (!one_at_a_time() || in_flight_.empty()) return;
  Batch& batch = in_flight_.front();
  batch.ramp.steps = batch.ramp.steps_until(time - batch.start);
  batch.finish = stage_free_.front() = batch.start + batch.ramp.length(batch.ramp.steps);
}

/// Those whose clients are gone leave between steps.
void Engine::drop_cancelled() {
  if (cancellations_.size() == 0) return;
  for (Sequence* sequence : cancellations_.take_due(now_)) {
    if (sequence->in_flight) {
      cancellations_.postpone(*sequence);
      continue;
    }
    observer_.cancelled(*sequence, now_);
    if (sequence->admission >= 0 && pads_batches_) {
      state_.decoders_->remove(*sequence);
      retire(*sequence);
    } else {
      state_.drop(*sequence);
      free_slot(*sequence);
    }
    nothing_to_schedule_ = false;
  }
}

/// A running sequence that has come to its end, and is of no batch and no decode set.
void Engine::retire(Sequence& sequence) {
  if (pads_batches_ && state_.running() > 1) {
    cancellations_.forget(sequence);
    state_.keep_as_padding(sequence);
    return;
  }
  state_.release(sequence);
  free_slot(sequence);
  if (!pads_batches_ || state_.running() > 0) return;
  for (const Sequence* padding : state_.drop_padding()) free_slots_.push_back(padding->slot);
}

void Engine::free_slot(Sequence& sequence) {
  cancellations_.forget(sequence);
  free_slots_.push_back(sequence.slot);
}

void Engine::advance() {
  assert(next_event_ < Time::never());
  now_ = state_.now_ = next_event_;
  while (!in_flight_.empty() && in_flight_.front().finish <= now_) {
    complete(in_flight_.front());
    in_flight_.pop();
    nothing_to_schedule_ = false;
  }
  if (state_.loading() > 0) finish_loads();
  drop_cancelled();
  start_batches();
  plan_next_event();
}

/// Loads that have ended are taken note of between steps.
void Engine::finish_loads() {
  const std::int64_t loading = state_.loading();
  state_.finish_loads();
  if (state_.loading() < loading) nothing_to_schedule_ = false;
}

void Engine::plan_next_event() {
  next_event_ = in_flight_.empty() ? Time::never() : in_flight_.front().finish;
  if (in_flight_.empty()) next_event_ = std::max(now_, cancellations_.next());
  // A batch under way alone is waited for.
  if (state_.loading() > 0 && (in_flight_.empty() || !one_at_a_time())) {
    next_event_ = std::min(next_event_, std::max(now_, state_.next_loaded()));
  }
  if (!may_start()) return;
  next_event_ = std::min(next_event_, forms_batches_ahead_ ? now_ : std::max(now_, stage_free_.front()));
}

void Engine::start_batches() {
  while (may_start() && (forms_batches_ahead_ || stage_free_.front() <= now_)) start_batch();
}

bool Engine::may_start() const { return !nothing_to_schedule_ && !idle() && in_flight_.size() < stage_free_.size(); }

/// If nothing can run, what was loaded for sequences that wait may be in the way. Those behind make room, once no load
/// is under way that another step could follow.
void Engine::schedule() {
  scheduler_->schedule(state_);
  if (!state_.plan_.empty() || !in_flight_.empty() || state_.loading() > 0) return;
  if (!state_.preempted_.empty()) {
    // An empty step takes no time: the next one may admit who has just been preempted.
    state_.give_up_load();
    scheduler_->schedule(state_);
  }
  while (state_.plan_.empty() && state_.loading() == 0 && state_.give_up_load()) scheduler_->schedule(state_);
}

void Engine::start_batch() {
  schedule();
  for (const Sequence* sequence : state_.preempted_) observer_.preempted(*sequence, now_);
  state_.preempted_.clear();
  // If nothing can run, only a returning batch or a new request changes that. What rests, rests beside what runs.
  assert(!state_.plan_.empty() || state_.plan_.resting.empty());
  nothing_to_schedule_ = state_.plan_.empty();
  if (nothing_to_schedule_) return;
  Batch& batch = in_flight_.push();
  batch.decode = std::exchange(state_.plan_.decode, false);
  std::swap(batch.prefills, state_.plan_.prefills);
  launch(batch);
  for (Sequence* sequence : state_.plan_.resting) state_.decoders_->add(*sequence);
  state_.plan_.resting.clear();
}

void Engine::sum_up(Batch& batch) {
  const model::Model& model = *deployment_.deployment.model;
  if (batch.decode) {
    state_.decoders_->add_to(batch.sums);
    batch.padding_sequences = static_cast<std::int64_t>(state_.padding_.size());
    batch.growth = state_.decoders_->key_growth();
  }
  chunks_.clear();
  for (const Prefill& prefill : batch.prefills) {
    const Sequence& sequence = *prefill.sequence;
    const bool completes = prefill.tokens == sequence.lacking();
    model::add_prefill(model, batch.sums, prefill.tokens, sequence.computed, completes);
    chunks_.push_back({prefill.tokens, sequence.computed});
    batch.padding_prompt_tokens += sequence.padding_tokens;
    if (prefill.admitted) observer_.scheduled(sequence, now_);
  }
}

void Engine::launch(Batch& batch) {
  sum_up(batch);
  batch.start = now_;
  batch.running = state_.running();
  batch.waiting = waiting();
  batch.preemptions = state_.preemptions() - preemptions_seen_;
  preemptions_seen_ = state_.preemptions();
  if (one_at_a_time()) {
    batch.ramp = run_of(batch);
    batch.finish = stage_free_.front() = now_ + batch.ramp.length(batch.ramp.steps);
  } else {
    const Time begin = std::max(now_, stage_free_.front());
    Time time = begin + timer_.host_time(batch.sums);
    for (std::size_t stage = 0; stage < stage_free_.size(); ++stage) {
      time = std::max(time, stage_free_[stage]) + timer_.stage_time(static_cast<int>(stage), batch.sums, chunks_);
      stage_free_[stage] = time;
    }
    batch.first_stage = stage_free_.front() - begin;
    counters_.cache_bytes_peak = std::max(counters_.cache_bytes_peak, state_.pool().used());
    batch.finish = std::max(time, begin + timer_.least_time(batch.sums));
    batch.ramp = {batch.finish - now_, {}, 1};
    set_in_flight(batch);
  }
  assert(batch.finish > now_);
}

/// How many steps a batch makes before anything changes, and their times. After a preemption the next step may admit
/// what this one did not, so it is made alone.
Ramp Engine::run_of(const Batch& batch) {
  const bool alone = stepping_ == Stepping::plain || !batch.prefills.empty() || batch.preemptions > 0;
  if (alone) return {timer_.step_time(batch.sums, chunks_), {}, 1};
  const DecodeSet& decoders = *state_.decoders_;
  Ramp ramp = timer_.decode_ramp(batch.sums, batch.growth, decoders.steps_to_change());
  // The cache of the first step is taken already.
  if (const Time cancellation = cancellations_.next(); cancellation < Time::never()) {
    ramp.steps = ramp.steps_until(cancellation - now_);
  }
  if (state_.loading() > 0) ramp.steps = ramp.steps_until(state_.next_loaded() - now_);
  const std::int64_t bytes = state_.pool().available() - scheduler_->bytes_kept_free(state_);
  ramp.steps = std::max<std::int64_t>(1, decoders.steps_within(ramp.steps, bytes + decoders.cache_growth(1)));
  return ramp;
}

void Engine::set_in_flight(Batch& batch) {
  if (batch.decode) {
    batch.decoders = make_decode_set(deployment_, stepping_);
    std::swap(batch.decoders, state_.decoders_);
    for (Sequence* s = state_.running_.first(); s != nullptr; s = s->after) {
      s->in_flight = s->in_flight || state_.decodes(*s);
    }
  }
  for (const Prefill& prefill : batch.prefills) {
    prefill.sequence->in_flight = true;
    std::erase(state_.prefilling_, prefill.sequence);
  }
}

void Engine::complete(Batch& batch) {
  DecodeSet& decoders = batch.decoders ? *batch.decoders : *state_.decoders_;
  GapObserver* gaps = observer_.wants_gaps() ? &observer_ : nullptr;
  if (batch.decode) {
    const std::int64_t steps = batch.ramp.steps;
    if (steps > 1) state_.pool_.take(decoders.cache_growth(steps) - decoders.cache_growth(1));
    observe(batch, &decoders);
    counters_.tokens_generated += decoders.advance(batch.start, batch.ramp, gaps, finished_);
    preemptions_at_token_ = state_.preemptions();
  } else {
    observe(batch, nullptr);
  }
  scheduler_->done(state_, batch.ramp.steps);
  for (const Prefill& prefill : batch.prefills) complete_prefill(prefill, batch.finish);
  if (batch.decoders) batch.decoders->move_to(*state_.decoders_);
  for (Sequence* sequence : finished_) finish(*sequence, batch.finish);
  finished_.clear();
}

void Engine::complete_prefill(const Prefill& prefill, Time time) {
  Sequence& sequence = *prefill.sequence;
  sequence.computed += prefill.tokens;
  state_.write_through(sequence);
  if (!one_at_a_time()) {
    sequence.in_flight = false;
    state_.prefilling_.push_back(&sequence);
  }
  if (sequence.lacking() > 0) return;
  std::erase(state_.prefilling_, &sequence);
  const Time previous = std::exchange(sequence.last_token, time);
  ++sequence.generated;
  ++counters_.tokens_generated;
  preemptions_at_token_ = state_.preemptions();
  if (sequence.generated == 1) {
    observer_.first_token(sequence, time);
  } else {
    observer_.resumed(sequence, time);
    if (observer_.wants_gaps()) observer_.gaps(time - previous, 1);
  }
  if (sequence.finished()) {
    finished_.push_back(&sequence);
  } else {
    state_.decoders_->add(sequence);
  }
}

void Engine::finish(Sequence& sequence, Time time) {
  observer_.finished(sequence, time);
  retire(sequence);
  assert(outstanding() > 0 || state_.pool().used() == 0);
}

void Engine::observe(const Batch& batch, const DecodeSet* decoders) {
  const Time length = one_at_a_time() ? batch.finish - batch.start : batch.first_stage;
  ++counters_.events;
  counters_.steps += batch.ramp.steps;
  counters_.prompt_tokens_computed += batch.sums.prefill_tokens - batch.padding_prompt_tokens;
  counters_.padding_tokens += batch.padding_prompt_tokens + batch.padding_sequences * batch.ramp.steps;
  counters_.busy += length;
  counters_.sequence_time += (batch.sums.sequences() - batch.padding_sequences) * length;
  counters_.cache_bytes_peak = std::max(counters_.cache_bytes_peak, state_.pool().used());
  if (!observer_.wants_runs()) return;
  StepRun run{
      batch.start,          batch.ramp,        batch.sums, batch.running,           batch.waiting,
      state_.pool().used(), batch.preemptions, decoders,   batch.padding_sequences, batch.padding_prompt_tokens};
  const double steps_past = 0.5 * static_cast<double>(batch.ramp.steps - 1);
  for (std::size_t i = 0; i < model::spans_max; ++i) {
    run.sums.spans[i].decode_keys += steps_past * static_cast<double>(batch.growth[i]);
  }
  observer_.ran(run);
}

}  // namespace plumb::serving
