// What an engine's state does with prefixes that are loaded from cache tiers.

#include <algorithm>
#include <cassert>

#include "serving/engine_state.h"

namespace plumb::serving {

bool EngineState::begin_load(std::size_t index, const PrefixCache::Match& cached) {
  Sequence& sequence = *waiting_[index];
  if (sequence.content == nullptr || sequence.computed > 0 || sequence.load_given_up) return false;
  const CacheTiers::Load load = tiers_->find(*sequence.content, cached.tokens, sequence.known() - 1, now_);
  if (load.tokens == 0) return false;
  // Prompts that have begun keep the room for their rest: else two could take it from each other without end, one being
  // loaded while the other, for want of it, is preempted.
  std::int64_t bytes = bytes_to_admit(cached, cached.tokens + load.tokens);
  for (const Sequence* begun : prefilling_) bytes += bytes_to_hold(*begun, begun->known());
  if (bytes > pool_.available()) return false;
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  tiers_->use(*sequence.content);
  if (cached.tokens > 0) pool_.hold(*sequence.content, cached.tokens, sequence.held);
  take(sequence, cached.tokens + load.tokens);
  sequence.loaded_tokens = load.tokens;
  sequence.in_flight = true;
  loading_.push_back({&sequence, tiers_->start(load, now_)});
  return true;
}

Time EngineState::next_loaded() const {
  Time next = Time::never();
  for (const Loading& loading : loading_) next = std::min(next, loading.done);
  return next;
}

void EngineState::finish_loads() {
  std::erase_if(loading_, [&](const Loading& loading) {
    if (loading.done > now_) return false;
    Sequence& sequence = *loading.sequence;
    sequence.in_flight = false;
    sequence.computed = sequence.held.tokens + sequence.loaded_tokens;
    publish(sequence, sequence.computed);
    if (settings().scheduling_policy == SchedulingPolicy::priority) {
      enqueue(sequence);
    } else {
      requeue_by_arrival(sequence);
    }
    return true;
  });
}

bool EngineState::give_up_load() {
  const auto loaded =
      std::find_if(waiting_.rbegin(), waiting_.rend(), [](const Sequence* s) { return s->computed > 0; });
  if (loaded == waiting_.rend()) return false;
  unload(**loaded);
  (*loaded)->load_given_up = true;
  return true;
}

/// What was loaded stays findable until others need the room.
void EngineState::unload(Sequence& sequence) {
  assert(sequence.admission < 0 && sequence.computed > 0);
  pool_.let_go(sequence.held, sequence.cache_bytes);
  sequence.cache_bytes = 0;
  sequence.computed = sequence.loaded_tokens = 0;
  ++unloads_;
}

}  // namespace plumb::serving
