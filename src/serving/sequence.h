#pragma once
// A request as an engine sees it while it waits and runs.

#include <cstddef>
#include <cstdint>

#include "workload/request.h"

namespace plumb::serving {

struct Sequence {
  std::int64_t request = 0;  ///< index into the simulation's records
  double arrival_s = 0.0;
  std::int64_t prompt_tokens = 0;
  std::int64_t output_tokens = 0;  ///< tokens it will generate before it stops
  std::int64_t generated = 0;
  std::int64_t computed = 0;     ///< tokens whose keys and values are in the cache
  std::int64_t cache_bytes = 0;  ///< held
  bool in_flight = false;        ///< part of a batch that has not come back (pipeline stages)
  double last_token_s = 0.0;
  std::size_t slot = 0;  ///< the engine's place for it

  /// Tokens known so far: the prompt and what was generated.
  std::int64_t known() const { return prompt_tokens + generated; }
  bool finished() const { return generated >= output_tokens; }
  /// A decode step computes the one token that is known but not computed.
  bool decoding() const { return generated > 0 && computed == known() - 1; }
};

}  // namespace plumb::serving
