#include "serving/vidur_rules.h"

#include <algorithm>

namespace plumb::serving {
namespace {

/// A sequence that restarts inside its prompt keeps only what was computed as its prompt, and is to generate the rest
/// of it beside its output: so it is in Vidur, for its Sarathi.
void restart(EngineState& state, Sequence& sequence) {
  if (!state.decodes(sequence)) state.cut_prompt(sequence);
  state.preempt(sequence);
}

}  // namespace

std::int64_t vidur_watermark_bytes(const CachePlan& cache) {
  constexpr std::int64_t hundredth = 100;
  const std::int64_t block = cache.block_bytes();
  return block > 0 ? cache.pool_bytes / block / hundredth * block : 0;
}

std::int64_t vidur_batch_size_max(const EngineState& state) {
  return std::max<std::int64_t>(1, state.settings().max_num_seqs / state.deployment().deployment.parallelism.pipeline);
}

bool vidur_fits(const EngineState& state, const Sequence& sequence) {
  const CachePlan& cache = state.deployment().cache;
  return state.pool().available() - cache.bytes_of(sequence.known()) >= vidur_watermark_bytes(cache);
}

bool vidur_serves(const CompiledDeployment& deployment, std::int64_t tokens) {
  const CachePlan& cache = deployment.cache;
  // A block more: the last token asks for a free one.
  return cache.bytes_of(tokens) + vidur_watermark_bytes(cache) + cache.token_bytes_max() <= cache.pool_bytes;
}

std::int64_t vidur_decode(EngineState& state, std::vector<Sequence*> order, std::int64_t batch_size_max) {
  const std::int64_t block = state.bytes_of_block();
  std::int64_t placed = 0, promised = 0;
  std::size_t next = 0;
  while (next < order.size() && placed < batch_size_max) {
    Sequence* sequence = order[next++];
    if (!state.decodes(*sequence)) continue;
    while (sequence != nullptr && state.pool().available() - promised < block) {
      if (next < order.size()) {
        restart(state, *order.back());
        order.pop_back();
      } else {
        restart(state, *sequence);
        sequence = nullptr;
      }
    }
    if (sequence == nullptr) break;
    promised += state.bytes_to_decode(*sequence);
    state.rank_last(*sequence);
    ++placed;
  }
  for (; next < order.size(); ++next) {
    if (!state.decodes(*order[next])) continue;
    order[next]->rank = -1;
    state.rest(*order[next]);
  }
  if (placed > 0) state.decode_all();
  return placed;
}

}  // namespace plumb::serving
