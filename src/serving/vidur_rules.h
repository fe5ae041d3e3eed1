#pragma once
// What Vidur's schedulers have in common. A sequence that decodes asks for a whole free block, whether or not its next
// token needs one, and takes what it needs; the latest of those that have not been placed yet restart until it gets it.

#include <cstdint>
#include <vector>

#include "serving/engine_state.h"

namespace plumb::serving {

/// The watermark: a hundredth of the blocks, rounded down.
std::int64_t vidur_watermark_bytes(const CachePlan& cache);
/// Largest batch: max_num_seqs shared by the stages.
std::int64_t vidur_batch_size_max(const EngineState& state);
/// Whether the head of the queue fits beside the watermark.
bool vidur_fits(const EngineState& state, const Sequence& sequence);
/// Whether a request alone fits beside the watermark to its end.
bool vidur_serves(const CompiledDeployment& deployment, std::int64_t tokens);

/// Decodes the sequences of `order` from the front, at most `batch_size_max` of them; those at the back restart where
/// blocks are short. Those that still compute their prompt are passed over, but may restart as long as they are behind.
/// Returns how many decode.
std::int64_t vidur_decode(EngineState& state, std::vector<Sequence*> order, std::int64_t batch_size_max);

}  // namespace plumb::serving
