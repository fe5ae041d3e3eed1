#pragma once
// A request as an engine sees it while it waits and runs.

#include <cstddef>
#include <cstdint>

#include "base/fixed_time.h"
#include "serving/prefix_cache.h"

namespace plumb::serving {

/// A decode set counts the tokens of its members together: a member's own counts are those of when it joined, and are
/// brought up to date when it leaves.
struct Sequence {
  std::int64_t request = 0;  ///< index into the simulation's records
  Time arrival;
  std::int64_t prompt_tokens = 0;
  std::int64_t output_tokens = 0;  ///< tokens it will generate before it stops
  std::int64_t generated = 0;
  std::int64_t computed = 0;     ///< tokens whose keys and values are in the cache; while it waits, loaded ones
  std::int64_t cache_bytes = 0;  ///< of its own, without what `held` shares with others
  Time last_token;
  int priority = 0;             ///< lower is served sooner, where the policy looks at it
  Time cancel = Time::never();  ///< when its client goes away
  std::int64_t rank = -1;       ///< counts the chunks that the engine's steps computed, at its last one

  const PromptContent* content = nullptr;  ///< what it shares with others; null: nothing. Its owner outlives it
  PrefixCache::Hold held;                  ///< of shared blocks
  std::int64_t cached_tokens = -1;         ///< found in the cache when it was admitted first; -1 before
  std::int64_t loaded_tokens = 0;          ///< of its prefix, from tiers, when it was loaded last
  bool load_given_up = false;              ///< what was loaded made room for others: it is to be computed

  std::int64_t padding_tokens = 0;  ///< of the prompt, those that make it as long as the longest of a batch
  bool padding = false;             ///< it has ended, and is computed on until its batch ends

  std::int64_t admission = -1;                   ///< counts admissions of the engine; -1 while it waits
  Sequence *before = nullptr, *after = nullptr;  ///< neighbours in order of admission
  bool in_flight = false;   ///< part of a batch that has not come back; kept up only where there are several at once
  std::int64_t joined = 0;  ///< the decode set's count of steps when it joined
  std::uint32_t stamp = 0;  ///< of its place in the decode set; counts up when it leaves
  std::size_t slot = 0;     ///< the engine's place for it

  /// Tokens known so far: the prompt and what was generated.
  std::int64_t known() const { return prompt_tokens + generated; }
  std::int64_t lacking() const { return known() - computed; }
  bool finished() const { return generated >= output_tokens; }
  /// A decode step computes the one token that is known but not computed.
  bool decoding() const { return generated > 0 && computed == known() - 1; }
};

/// Order of arrival; requests of one instant in the order in which they came.
inline bool arrived_before(const Sequence& a, const Sequence& b) {
  return a.arrival != b.arrival ? a.arrival < b.arrival : a.request < b.request;
}

}  // namespace plumb::serving
