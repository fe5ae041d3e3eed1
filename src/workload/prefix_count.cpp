#include "workload/prefix_count.h"

#include <algorithm>

namespace plumb::workload {

std::int64_t PrefixCounter::take(const Request& request) {
  std::int64_t repeated = 0;
  if (!request.prefix_hashes.empty()) {
    repeated = repeated_blocks(request) * block_tokens_;
  } else {
    repeated = request.history_tokens;
    if (request.shared_prefix >= 0) {
      std::int64_t& seen = shared_[request.shared_prefix];
      repeated = std::max(repeated, std::min(seen, request.shared_prefix_tokens));
      seen = std::max(seen, request.shared_prefix_tokens);
    }
  }
  repeated = std::min(repeated, request.prompt_tokens);
  ++counts_.requests;
  counts_.prompt_tokens += request.prompt_tokens;
  counts_.repeated_tokens += repeated;
  return repeated;
}

std::int64_t PrefixCounter::repeated_blocks(const Request& request) {
  const auto first_new = std::find_if(request.prefix_hashes.begin(), request.prefix_hashes.end(),
                                      [&](std::uint64_t hash) { return !blocks_.contains(hash); });
  blocks_.insert(first_new, request.prefix_hashes.end());
  return first_new - request.prefix_hashes.begin();
}

PrefixCounts count_prefixes(std::span<const Request> requests, std::int64_t block_tokens) {
  PrefixCounter counter(block_tokens);
  for (const Request& request : requests) counter.take(request);
  return counter.counts();
}

}  // namespace plumb::workload
