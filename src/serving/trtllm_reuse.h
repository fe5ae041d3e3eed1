#pragma once
// What TensorRT-LLM's block reuse (enable_block_reuse, on by default) makes of the cache that a waiting request asks
// for (kvCacheManager.cpp, countReusableBlocks): blocks that it finds and others hold cost it nothing; those that it
// finds and nobody holds are among the free ones, and cost what a free block does.
//
// So what a request asks for does not change while others only decode, though free blocks that it would find may be
// evicted meanwhile.

#include <cstdint>

#include "serving/engine_state.h"

namespace plumb::serving {

class TrtllmReuse {
 public:
  /// Of a waiting request.
  TrtllmReuse(const EngineState& state, const Sequence& sequence)
      : state_(state), found_(state.cached(sequence)), lacking_(sequence.known() - found_.tokens) {}

  /// Cache bytes that it takes more to hold `context` tokens.
  std::int64_t bytes(std::int64_t context) const { return state_.bytes_to_admit(held(), context); }
  /// What it is admitted with. Holding that takes no more than bytes().
  const PrefixCache::Match& found() const { return found_; }
  /// Tokens of its prompt that are to be computed.
  std::int64_t lacking() const { return lacking_; }

 private:
  PrefixCache::Match held() const { return {.tokens = found_.held_tokens, .idle_bytes = 0, .held_tokens = 0}; }

  const EngineState& state_;
  PrefixCache::Match found_;
  std::int64_t lacking_;
};

}  // namespace plumb::serving
