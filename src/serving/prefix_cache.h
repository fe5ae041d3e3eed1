#pragma once
// The cache of a replica: blocks that sequences hold, and blocks that nobody holds any more but that still keep what
// was computed, until they are needed. A prompt that begins as one before it did takes what is there of that.
//
// Blocks are kept in extents: runs of blocks with the same content key that the same sequences hold. Those of a key
// follow each other without a gap from the piece's begin on, as far as it has been computed. A sequence holds what it
// uses of them, to the block: where that ends, an extent is parted. As sequences hold beginnings, an extent has no more
// holders than the one before it.
//
// One that nobody holds may be evicted, the one first that was let go first, from its end; a sequence lets go from its
// last extent to its first. That is the order of vLLM's queue of free blocks. Blocks without a key that are let go take
// their place in that order too.
//
// Sums that hold after every call: used() = what sequences hold, shared extents counted once; kept() = what nobody
// holds; used() + kept() <= capacity().

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "serving/deployment.h"
#include "serving/prompt_content.h"

namespace plumb::serving {

class PrefixCache {
 public:
  explicit PrefixCache(const CachePlan& plan);

  /// A run of blocks with one content and the same holders.
  struct Extent {
    std::uint64_t key = 0;
    std::int64_t begin = 0, end = 0;  ///< tokens of the prompt, in whole blocks
    std::int64_t holders = 0;
    bool keyed = false;
    Extent *previous = nullptr, *next = nullptr;  ///< of the same key, by tokens; the first alone may be empty
    Extent *before = nullptr, *after = nullptr;   ///< in the order of eviction, while nobody holds it
  };

  std::int64_t capacity() const { return capacity_; }
  std::int64_t used() const { return used_; }
  std::int64_t kept() const { return kept_; }
  /// What can be taken: blocks that nobody holds are evicted for it.
  std::int64_t available() const { return capacity_ - used_; }
  void take(std::int64_t bytes);
  void give_back(std::int64_t bytes);

  /// Leading tokens, in whole blocks, of the content that are there, and of those the bytes that nobody holds now: what
  /// hold() takes from what is available.
  struct Match {
    std::int64_t tokens = 0;
    std::int64_t idle_bytes = 0;
    std::int64_t held_tokens = 0;  ///< of them, leading ones that somebody holds
  };
  Match match(const PromptContent& content, std::int64_t tokens_max) const;
  /// Leading tokens that are there, to the token, whether or not a prompt may use all of them.
  std::int64_t known_tokens(const PromptContent& content) const;

  /// The first `tokens` tokens of a sequence, which it holds.
  struct Hold {
    std::vector<Extent*> firsts;  ///< by piece, the first extent of the key
    std::int64_t tokens = 0;

    std::int64_t end(std::size_t piece) const { return piece + 1 < firsts.size() ? firsts[piece + 1]->begin : tokens; }
  };
  /// Holds the first `tokens` of the content, whole blocks of what match() found.
  void hold(const PromptContent& content, std::int64_t tokens, Hold& held);
  /// Lets others find what the sequence has computed up to `computed` tokens. Returns the bytes that were its own and
  /// are shared now; they stay used.
  std::int64_t publish(const PromptContent& content, std::int64_t computed, Hold& held);
  /// Lets go of all that it holds, and of `own_bytes` of blocks without a key.
  void let_go(Hold& held, std::int64_t own_bytes);

 private:
  std::int64_t aligned(std::int64_t tokens) const { return tokens / block_size_ * block_size_; }
  std::int64_t bytes_of(const Extent& extent) const { return (extent.end - extent.begin) / block_size_ * block_bytes_; }
  const Extent* find(const PromptContent::Piece& piece) const;
  void hold_new(std::uint64_t key, Hold& held);
  std::int64_t grow(Extent& last, std::int64_t end);
  void let_go(Extent& first, std::int64_t end);
  Extent& make();
  Extent& append(Extent& extent, std::int64_t end);
  void part(Extent& extent, std::int64_t at);
  void join_next(Extent& extent);
  void enqueue(Extent& extent);
  void unlink(Extent& extent);
  void forget(Extent& extent);
  void forget_key_after(Extent& extent);
  void evict(std::int64_t bytes);

  std::int64_t block_size_, block_bytes_, capacity_, used_ = 0, kept_ = 0;
  bool any_content_ = false;
  std::deque<Extent> extents_;  ///< owned, reused
  std::vector<Extent*> spare_;
  std::unordered_map<std::uint64_t, Extent*> by_key_;
  Extent *first_ = nullptr, *last_ = nullptr;  ///< in the order of eviction
};

/// Tokens of prompts that were admitted, how many of them were found in the cache and not computed, and how many the
/// cache had to the token, the last of a prompt included. Each request counts once.
struct PrefixCacheCounts {
  std::int64_t queried = 0, hit = 0, known = 0;
  /// Of those not found, looked up in the tiers and loaded from there; 0 without tiers.
  std::int64_t external_queried = 0, external_hit = 0;
  void add(const PrefixCacheCounts& other);
};

/// Whether prefixes can be cached: not where layers keep a window or a state only.
bool can_cache_prefixes(const CachePlan& plan);

}  // namespace plumb::serving
