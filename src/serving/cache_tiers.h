#pragma once
// The tiers of a replica's cache below its accelerators' memory, in order. docs/cache-tiers.md tells what happens when.
//
// What comes into the accelerators' memory, computed or loaded, is written through to the first tier; what the first
// evicts is written to the second, and so on; what the last evicts is lost. A tier therefore may hold what those above
// it hold too.
//
// Thread rule: belongs to one engine.

#include <cstdint>
#include <vector>

#include "serving/cache_tier.h"
#include "serving/prefix_cache.h"

namespace plumb::serving {

class CacheTiers {
 public:
  /// `observer` may be null.
  CacheTiers(const std::vector<CacheTierPlan>& plans, std::int64_t block_size, TransferObserver* observer = nullptr);

  /// What is to be loaded of a prompt.
  struct Load {
    std::vector<std::vector<TierPiece>> parts;  ///< by tier
    std::int64_t tokens = 0;
  };
  /// What the tiers have of the content after its first `from` tokens without a gap, in whole blocks, up to
  /// `tokens_max`: each block from the first tier that has it, whose queue is not full and from which at least
  /// load_threshold tokens come.
  Load find(const PromptContent& content, std::int64_t from, std::int64_t tokens_max, Time now) const;
  /// Begins to load what find() has found at the same time. Returns when all of it is there.
  Time start(const Load& load, Time now);

  /// Writes through what is held of a prompt's first `computed` tokens.
  void write(const PrefixCache::Hold& held, std::int64_t computed, Time now);
  /// Tells that a request with the content was admitted.
  void use(const PromptContent& content);

  std::vector<CacheTierCounts> counts() const;

 private:
  std::int64_t aligned(std::int64_t tokens) const { return tokens / block_size_ * block_size_; }
  Load find(const PromptContent& content, std::int64_t from, std::int64_t tokens_max, Time now,
            const std::vector<bool>& used) const;

  std::int64_t block_size_;
  std::vector<CacheTier> tiers_;
  std::vector<TierPiece> pieces_, evicted_;  ///< of the write under way
};

}  // namespace plumb::serving
