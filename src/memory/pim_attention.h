#pragma once
// Attention of one token over its cache, head by head: scores = K q (a matrix of context x head size), then V' p (head
// size x context), each a GEMV of pim_gemv.h. A head's cache lies in one channel, spread over all its banks; a channel
// takes its heads one after the other, the fullest channel ceil(heads / channels) of them. The softmax between is the
// host's or the buffer die's and takes no time here. With grouped heads, `queries` of them meet the same cache: units
// that take one vector at a time go over it as often (the host once). Thread rule: pure function.

#include "base/result.h"
#include "memory/pim_gemv.h"
#include "memory/pim_player.h"

namespace plumb::memory {

struct AttentionShape {
  std::int64_t heads = 1;  ///< of keys and values, over all sequences of the batch
  std::int64_t context = 1;
  std::int64_t head_size = 128;  ///< of a key, and of a value where nothing else is said
  int queries = 1;               ///< heads of queries that share one of keys
  std::int64_t value_size = 0;   ///< of a value; 0: head_size
};

struct PimAttention {
  PimRun run;               ///< of one pseudo-channel of the fullest channel
  std::int64_t rounds = 1;  ///< heads that it goes through
};

/// `stacks` equal memories share the heads.
[[nodiscard]] Result<PimAttention> pim_attention(const Specification& of, const AttentionShape& shape,
                                                 const PimPlaySettings& settings, int stacks = 1,
                                                 const CommandSink& sink = {});

}  // namespace plumb::memory
