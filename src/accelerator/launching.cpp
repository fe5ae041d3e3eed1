#include "accelerator/launching.h"

#include <algorithm>

namespace plumb::accelerator {

std::int64_t Launching::padded(std::int64_t tokens) const {
  if (eager || tokens == 0) return tokens;
  const auto size = std::lower_bound(capture_sizes.begin(), capture_sizes.end(), tokens);
  return size == capture_sizes.end() ? tokens : *size;
}

std::vector<std::int64_t> default_capture_sizes(std::int64_t max_num_seqs, std::int64_t max_num_batched_tokens,
                                                std::int64_t tokens_per_sequence) {
  constexpr std::int64_t largest = 512;
  const std::int64_t most = std::min({2 * max_num_seqs * tokens_per_sequence, largest, max_num_batched_tokens});
  std::vector<std::int64_t> sizes;
  const auto add = [&](std::int64_t size) {
    const std::int64_t whole = (size + tokens_per_sequence - 1) / tokens_per_sequence * tokens_per_sequence;
    if (size <= most && whole <= most && (sizes.empty() || sizes.back() < whole)) sizes.push_back(whole);
  };
  for (const std::int64_t size : {1, 2, 4}) add(size);
  for (std::int64_t size = 8; size < 256; size += 8) add(size);
  for (std::int64_t size = 256; size <= most; size += 16) add(size);
  return sizes;
}

}  // namespace plumb::accelerator
