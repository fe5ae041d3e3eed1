#pragma once
// How much of a load's prompts an infinite prefix cache would have: an upper bound for every engine, counted on the
// requests alone.

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "workload/request.h"

namespace plumb::workload {

/// Tokens of a block that a trace of Mooncake's hashes once.
inline constexpr std::int64_t mooncake_block_tokens = 512;

struct PrefixCounts {
  std::int64_t requests = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t repeated_tokens = 0;  ///< of them, those that a request before had in the same place
  double share() const {
    return prompt_tokens == 0 ? 0.0 : static_cast<double>(repeated_tokens) / static_cast<double>(prompt_tokens);
  }
};

/// Takes requests one after another, each as if all before it had been served and nothing was ever evicted. With
/// hashes, a request repeats its leading blocks that are known, min(block_tokens x blocks, prompt_tokens) tokens.
/// Without, the longer of its history and of its shared prefix, if that was seen before.
///
/// Where equal hashes have equal hashes before them, as in Mooncake's traces, the sum does not depend on the order of
/// the requests but for the last block of a prompt, which need not be full. Thread rule: one thread.
class PrefixCounter {
 public:
  explicit PrefixCounter(std::int64_t block_tokens = mooncake_block_tokens) : block_tokens_(block_tokens) {}

  /// The request's tokens that are repeated.
  std::int64_t take(const Request& request);
  const PrefixCounts& counts() const { return counts_; }

 private:
  std::int64_t repeated_blocks(const Request& request);

  std::int64_t block_tokens_;
  PrefixCounts counts_;
  std::unordered_set<std::uint64_t> blocks_;
  std::unordered_map<std::int64_t, std::int64_t> shared_;  ///< tokens of each shared prefix that was seen
};

/// Of requests in their order.
PrefixCounts count_prefixes(std::span<const Request> requests, std::int64_t block_tokens = mooncake_block_tokens);

}  // namespace plumb::workload
