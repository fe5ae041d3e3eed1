#include "serving/prompt_content.h"

#include <algorithm>

#include "workload/prefix_count.h"

namespace plumb::serving {
namespace {

/// Spreads numbers of three kinds over all keys, each kind in a way of its own (the finaliser of MurmurHash3).
std::uint64_t key_of(std::uint64_t kind, std::uint64_t number) {
  std::uint64_t key = number * 0x9e3779b97f4a7c15ULL + kind;
  key = (key ^ (key >> 33)) * 0xff51afd7ed558ccdULL;
  key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return key ^ (key >> 33);
}

constexpr std::uint64_t of_hash = 1, of_shared_prefix = 2, of_context = 3;

}  // namespace

PromptContent content_of(const workload::Request& request) {
  PromptContent content;
  std::int64_t at = 0;
  const auto add = [&](std::uint64_t key, std::int64_t end, std::int64_t alike) {
    end = std::min(end, request.prompt_tokens);
    if (end <= at) return;
    content.pieces.push_back({key, at, end, std::min(alike, end)});
    at = end;
  };
  for (const std::uint64_t hash : request.prefix_hashes) {
    const std::int64_t end = at + workload::mooncake_block_tokens;
    add(key_of(of_hash, hash), end, end);
  }
  if (!content.pieces.empty()) return content;
  if (request.shared_prefix_tokens > 0) {
    const std::int64_t end = request.shared_prefix_tokens;
    add(key_of(of_shared_prefix, static_cast<std::uint64_t>(request.shared_prefix)), end, end);
  }
  if (request.context < 0) return content;
  const std::uint64_t key = key_of(of_context, static_cast<std::uint64_t>(request.context));
  add(key, request.prompt_tokens, std::max(at, request.history_tokens));
  content.grows = content.pieces.size() > 0 && content.pieces.back().key == key;
  return content;
}

}  // namespace plumb::serving
