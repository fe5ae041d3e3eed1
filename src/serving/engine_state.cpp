#include "serving/engine_state.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace plumb::serving {

EngineState::EngineState(const CompiledDeployment& deployment, std::unique_ptr<DecodeSet> decoders,
                         bool reuses_prefixes, TransferObserver* transfers)
    : deployment_(deployment),
      pool_(deployment.cache),
      reuses_prefixes_(reuses_prefixes && deployment.deployment.engine.enable_prefix_caching &&
                       can_cache_prefixes(deployment.cache)),
      decoders_(std::move(decoders)) {
  if (reuses_prefixes_ && !deployment.cache_tiers.empty()) {
    tiers_ = std::make_unique<CacheTiers>(deployment.cache_tiers, deployment.cache.block_size, transfers);
  }
}

std::int64_t EngineState::bytes_to_hold(const Sequence& sequence, std::int64_t context) const {
  const std::int64_t shared = sequence.held.tokens > 0 ? deployment_.cache.bytes_of(sequence.held.tokens) : 0;
  return std::max<std::int64_t>(0, deployment_.cache.bytes_of(context) - shared - sequence.cache_bytes);
}

std::int64_t EngineState::decode_tokens() const {
  const auto& speculation = deployment_.deployment.model->speculation;
  return decoding() * (speculation ? 1 + speculation->tokens : 1);
}

PrefixCache::Match EngineState::cached(const Sequence& sequence) const {
  if (!reuses_prefixes_ || sequence.content == nullptr) return {};
  if (sequence.computed > 0) return {sequence.computed, 0, sequence.computed};  // loaded, and held since
  return pool_.match(*sequence.content, sequence.known() - 1);
}

std::int64_t EngineState::bytes_to_admit(const PrefixCache::Match& cached, std::int64_t context) const {
  const std::int64_t shared = cached.tokens > 0 ? deployment_.cache.bytes_of(cached.tokens) : 0;
  return deployment_.cache.bytes_of(context) - shared + cached.idle_bytes;
}

void EngineState::publish(Sequence& sequence, std::int64_t computed) {
  if (!reuses_prefixes_ || sequence.content == nullptr) return;
  sequence.cache_bytes -= pool_.publish(*sequence.content, computed, sequence.held);
}

void EngineState::hold_cached(Sequence& sequence, std::int64_t tokens) {
  if (!reuses_prefixes_) return;
  if (sequence.cached_tokens < 0) {
    sequence.cached_tokens = tokens;
    const std::int64_t hit = tokens - sequence.loaded_tokens;
    prefix_counts_.queried += sequence.prompt_tokens;
    prefix_counts_.hit += hit;
    if (tiers_ != nullptr) {
      prefix_counts_.external_queried += sequence.prompt_tokens - hit;
      prefix_counts_.external_hit += sequence.loaded_tokens;
    }
    if (sequence.content != nullptr) prefix_counts_.known += pool_.known_tokens(*sequence.content);
  }
  if (tiers_ != nullptr && sequence.content != nullptr) tiers_->use(*sequence.content);
  if (tokens == 0 || sequence.computed > 0) return;
  pool_.hold(*sequence.content, tokens, sequence.held);
  sequence.computed = tokens;
}

std::int64_t EngineState::bytes_of_watermark(double share) const {
  const CachePlan& cache = deployment_.cache;
  const bool alike = cache.shares.size() == 1 && cache.state_bytes == 0;
  const std::int64_t unit = alike ? cache.shares.front().block_bytes : 1;
  const auto units = static_cast<double>(pool_.capacity() / unit);
  return static_cast<std::int64_t>(settings().watermark.value_or(share) * units) * unit;
}

// A prompt computed anew may lack one token only, as a decode does.
bool EngineState::decodes(const Sequence& sequence) const {
  return sequence.admission >= 0 && sequence.decoding() &&
         std::find(prefilling_.begin(), prefilling_.end(), &sequence) == prefilling_.end();
}

std::int64_t EngineState::generated(const Sequence& sequence) const {
  return decodes(sequence) ? decoders_->generated(sequence) : sequence.generated;
}

std::int64_t EngineState::bytes_held(const Sequence& sequence) const {
  const std::int64_t more = generated(sequence) - sequence.generated;
  if (more == 0) return sequence.cache_bytes;
  const CachePlan& cache = deployment_.cache;
  return sequence.cache_bytes + cache.bytes_of(sequence.computed + more) - cache.bytes_of(sequence.computed);
}

std::int64_t EngineState::bytes_to_decode(const Sequence& sequence) const {
  const std::int64_t known_tokens = known(sequence);
  return deployment_.cache.bytes_of(known_tokens) - deployment_.cache.bytes_of(known_tokens - 1);
}

std::vector<Sequence*> EngineState::decoding_sequences() const {
  std::vector<Sequence*> sequences;
  sequences.reserve(static_cast<std::size_t>(decoding()));
  for (Sequence* s = running_.first(); s != nullptr; s = s->after) {
    if (!s->in_flight && decodes(*s)) sequences.push_back(s);
  }
  return sequences;
}

void EngineState::rest(Sequence& sequence) {
  assert(!plan_.decode);
  decoders_->remove(sequence);
  plan_.resting.push_back(&sequence);
}

void EngineState::decode_all() {
  assert(!plan_.decode && decoding() > 0);
  pool_.take(decoders_->cache_growth(1));
  plan_.decode = true;
}

void EngineState::take(Sequence& sequence, std::int64_t context) {
  const std::int64_t bytes = bytes_to_hold(sequence, context);
  pool_.take(bytes);
  sequence.cache_bytes += bytes;
}

void EngineState::prefill(Sequence& sequence, std::int64_t tokens) {
  assert(tokens > 0 && tokens <= sequence.lacking());
  take(sequence, sequence.computed + tokens);
  publish(sequence, sequence.computed + tokens);
  rank_last(sequence);
  plan_.prefills.push_back({&sequence, tokens, false});
}

void EngineState::admit(std::size_t index, std::int64_t tokens, std::int64_t context,
                        const PrefixCache::Match& cached) {
  Sequence& sequence = *waiting_[index];
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  running_.push_back(sequence);
  prefilling_.push_back(&sequence);
  hold_cached(sequence, cached.tokens);
  if (context > sequence.computed + tokens) take(sequence, context);
  prefill(sequence, tokens);
  plan_.prefills.back().admitted = true;
}

void EngineState::cut_prompt(Sequence& sequence) {
  const std::int64_t cut = sequence.lacking();
  sequence.prompt_tokens -= cut;
  sequence.output_tokens += cut;
  cut_tokens_ += cut;
}

void EngineState::pad_prompt(Sequence& sequence, std::int64_t tokens) {
  assert(sequence.admission < 0 && tokens >= sequence.prompt_tokens);
  sequence.padding_tokens += tokens - sequence.prompt_tokens;
  sequence.prompt_tokens = tokens;
}

void EngineState::keep_as_padding(Sequence& sequence) {
  running_.erase(sequence);
  sequence.padding = true;
  decoders_->add(sequence);
  padding_.push_back(&sequence);
}

std::vector<Sequence*> EngineState::drop_padding() {
  for (Sequence* sequence : padding_) {
    decoders_->remove(*sequence);
    give_back(*sequence);
  }
  return std::exchange(padding_, {});
}

void EngineState::preempt(Sequence& sequence, Requeue where) {
  assert(!sequence.in_flight);
  remove(sequence);
  preempted_.push_back(&sequence);
  ++preemptions_;
  if (settings().scheduling_policy == SchedulingPolicy::priority) {
    enqueue(sequence);
  } else if (where == Requeue::front) {
    waiting_.push_front(&sequence);
  } else if (where == Requeue::back) {
    waiting_.push_back(&sequence);
  } else {
    requeue_by_arrival(sequence);
  }
}

void EngineState::requeue_by_arrival(Sequence& sequence) {
  const auto later = [&](const Sequence* other) { return arrived_before(sequence, *other); };
  waiting_.insert(std::find_if(waiting_.begin(), waiting_.end(), later), &sequence);
}

namespace {

bool more_urgent(const Sequence* a, const Sequence* b) {
  if (a->priority != b->priority) return a->priority < b->priority;
  return arrived_before(*a, *b);
}

}  // namespace

Sequence* EngineState::least_urgent() const {
  Sequence* least = nullptr;
  for (Sequence* s = running_.first(); s != nullptr; s = s->after) {
    if (least == nullptr || more_urgent(least, s)) least = s;
  }
  return least;
}

void EngineState::enqueue(Sequence& sequence) {
  const bool by_priority = settings().scheduling_policy == SchedulingPolicy::priority;
  const auto place =
      by_priority ? std::upper_bound(waiting_.begin(), waiting_.end(), &sequence, more_urgent) : waiting_.end();
  waiting_.insert(place, &sequence);
}

void EngineState::drop(Sequence& sequence) {
  if (sequence.admission >= 0) return remove(sequence);
  if (sequence.computed > 0) unload(sequence);
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), &sequence));
}

void EngineState::remove(Sequence& sequence) {
  const auto found = std::find(prefilling_.begin(), prefilling_.end(), &sequence);
  if (found != prefilling_.end()) {
    prefilling_.erase(found);
  } else {
    decoders_->remove(sequence);
  }
  release(sequence);
  sequence.computed = 0;
  sequence.load_given_up = false;
}

void EngineState::release(Sequence& sequence) {
  running_.erase(sequence);
  give_back(sequence);
}

void EngineState::give_back(Sequence& sequence) {
  publish(sequence, sequence.computed);
  write_through(sequence);
  pool_.let_go(sequence.held, sequence.cache_bytes);
  sequence.cache_bytes = 0;
}

}  // namespace plumb::serving
