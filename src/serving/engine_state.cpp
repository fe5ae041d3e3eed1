#include "serving/engine_state.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

EngineState::EngineState(const CompiledDeployment& deployment, std::unique_ptr<DecodeSet> decoders)
    : deployment_(deployment), pool_(deployment.cache.pool_bytes), decoders_(std::move(decoders)) {}

std::int64_t EngineState::bytes_to_hold(const Sequence& sequence, std::int64_t context) const {
  return std::max<std::int64_t>(0, deployment_.cache.bytes_of(context) - sequence.cache_bytes);
}

std::int64_t EngineState::bytes_of_block() const {
  std::int64_t bytes = 0;
  for (const CachePlan::Share& share : deployment_.cache.shares) {
    // A token may complete a compressed entry and be one of the window as well.
    const bool two_entries = share.span.kind == model::Span::Kind::compressed && share.span.window > 0;
    bytes += deployment_.cache.blocks(two_entries ? 2 : 1) * share.block_bytes;
  }
  return bytes;
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
  plan_.prefills.push_back({&sequence, tokens, false});
}

void EngineState::admit(std::size_t index, std::int64_t tokens, std::int64_t context) {
  Sequence& sequence = *waiting_[index];
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
  running_.push_back(sequence);
  prefilling_.push_back(&sequence);
  if (context > sequence.computed + tokens) take(sequence, context);
  prefill(sequence, tokens);
  plan_.prefills.back().admitted = true;
}

void EngineState::preempt(Sequence& sequence, Requeue where) {
  assert(!sequence.in_flight);
  remove(sequence);
  ++preemptions_;
  if (where == Requeue::front) {
    waiting_.push_front(&sequence);
  } else if (where == Requeue::back) {
    waiting_.push_back(&sequence);
  } else {
    const auto later = [&](const Sequence* other) { return arrived_before(sequence, *other); };
    waiting_.insert(std::find_if(waiting_.begin(), waiting_.end(), later), &sequence);
  }
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
}

void EngineState::release(Sequence& sequence) {
  running_.erase(sequence);
  pool_.give_back(sequence.cache_bytes);
  sequence.cache_bytes = 0;
}

}  // namespace plumb::serving
