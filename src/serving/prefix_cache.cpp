#include "serving/prefix_cache.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

bool can_cache_prefixes(const CachePlan& plan) {
  using Kind = model::Span::Kind;
  return plan.state_bytes == 0 &&
         std::all_of(plan.shares.begin(), plan.shares.end(), [](const CachePlan::Share& share) {
           return share.span.kind == Kind::full ||
                  (share.span.kind == Kind::compressed && share.span.ratio == 1 && share.span.window == 0);
         });
}

PrefixCache::PrefixCache(const CachePlan& plan)
    : block_size_(plan.block_size), block_bytes_(plan.block_bytes()), capacity_(plan.pool_bytes) {}

void PrefixCache::take(std::int64_t bytes) {
  assert(bytes >= 0 && bytes <= available());
  used_ += bytes;
  if (used_ + kept_ > capacity_) evict(used_ + kept_ - capacity_);
}

void PrefixCache::give_back(std::int64_t bytes) {
  assert(bytes >= 0 && bytes <= used_);
  used_ -= bytes;
  // Before there is any content, the order in which blocks go back is nobody's concern.
  if (!any_content_ || bytes < block_bytes_ || block_bytes_ == 0) return;
  Extent& extent = make();
  extent.end = bytes / block_bytes_ * block_size_;
  enqueue(extent);
}

const PrefixCache::Extent* PrefixCache::find(std::uint64_t key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

PrefixCache::Match PrefixCache::match(const PromptContent& content, std::int64_t tokens_max) const {
  Match match;
  for (const PromptContent::Piece& piece : content.pieces) {
    const Extent* extent = find(piece.key);
    if (extent == nullptr || extent->begin != aligned(piece.begin)) break;
    const std::int64_t there = aligned(std::min({extent->end, piece.alike, tokens_max}));
    if (extent->holders == 0 && there > match.tokens) {
      // hold() takes the whole extent, but for what the turn does not repeat.
      const std::int64_t end = piece.alike < piece.end ? std::min(extent->end, aligned(piece.alike)) : extent->end;
      match.idle_bytes += (end - extent->begin) / block_size_ * block_bytes_;
    }
    match.tokens = std::max(match.tokens, there);
    if (extent->holders > 0) match.held_tokens = match.tokens;
    if (there < aligned(piece.end)) break;
  }
  return match;
}

std::int64_t PrefixCache::known_tokens(const PromptContent& content) const {
  std::int64_t tokens = 0;
  for (const PromptContent::Piece& piece : content.pieces) {
    const Extent* extent = find(piece.key);
    if (extent == nullptr || extent->begin != aligned(piece.begin)) break;
    if (extent->end < aligned(piece.alike)) return std::max(tokens, extent->end);
    tokens = piece.alike;
    if (piece.alike < piece.end) break;
  }
  return tokens;
}

void PrefixCache::hold(const PromptContent& content, std::int64_t tokens, Hold& held) {
  assert(held.extents.empty());
  for (const PromptContent::Piece& piece : content.pieces) {
    if (held.tokens >= tokens) break;
    Extent& extent = *by_key_.at(piece.key);
    if (extent.holders++ == 0) {
      unlink(extent);
      used_ += bytes_of(extent);
      // What a session computed beyond what this turn repeats is of no use any more.
      if (piece.alike < piece.end && extent.end > aligned(piece.alike)) cut(extent, aligned(piece.alike));
    }
    held.extents.push_back(&extent);
    held.tokens = std::min(tokens, extent.end);
  }
  assert(held.tokens == tokens);
}

std::int64_t PrefixCache::publish(const PromptContent& content, std::int64_t computed, Hold& held) {
  std::int64_t bytes = 0;
  any_content_ = true;
  for (std::size_t i = 0; i < content.pieces.size(); ++i) {
    if (i + 1 < held.extents.size()) continue;
    const PromptContent::Piece& piece = content.pieces[i];
    if (computed <= piece.begin) break;
    if (i == held.extents.size()) {
      // Somebody else may have computed the same meanwhile; then this one keeps its blocks to itself from here on.
      if (held.tokens != aligned(piece.begin) || by_key_.contains(piece.key)) break;
      hold_new(piece.key, held);
    }
    Extent& extent = *held.extents.back();
    // As in hold(), if the turn before it held the extent then.
    if (extent.end > held.tokens && extent.holders == 1 && piece.alike < piece.end) cut(extent, held.tokens);
    if (extent.end != held.tokens) break;
    const bool open_ended = content.grows && i + 1 == content.pieces.size();
    const std::int64_t end = aligned(open_ended ? computed : std::min(computed, piece.end));
    if (end < extent.end) break;
    bytes += (end - extent.end) / block_size_ * block_bytes_;
    extent.end = held.tokens = end;
    if (computed < piece.end) break;
  }
  return bytes;
}

void PrefixCache::hold_new(std::uint64_t key, Hold& held) {
  Extent& extent = make();
  extent.key = key;
  extent.keyed = true;
  extent.begin = extent.end = held.tokens;
  extent.holders = 1;
  by_key_.emplace(key, &extent);
  held.extents.push_back(&extent);
}

void PrefixCache::let_go(Hold& held, std::int64_t own_bytes) {
  give_back(own_bytes);
  for (auto extent = held.extents.rbegin(); extent != held.extents.rend(); ++extent) {
    if (--(*extent)->holders > 0) continue;
    used_ -= bytes_of(**extent);
    enqueue(**extent);
  }
  held.extents.clear();
  held.tokens = 0;
}

PrefixCache::Extent& PrefixCache::make() {
  if (spare_.empty()) {
    extents_.emplace_back();
    return extents_.back();
  }
  Extent& extent = *spare_.back();
  spare_.pop_back();
  extent = {};
  return extent;
}

void PrefixCache::enqueue(Extent& extent) {
  extent.before = last_;
  extent.after = nullptr;
  (last_ == nullptr ? first_ : last_->after) = &extent;
  last_ = &extent;
  kept_ += bytes_of(extent);
}

void PrefixCache::unlink(Extent& extent) {
  (extent.before == nullptr ? first_ : extent.before->after) = extent.after;
  (extent.after == nullptr ? last_ : extent.after->before) = extent.before;
  extent.before = extent.after = nullptr;
  kept_ -= bytes_of(extent);
}

void PrefixCache::forget(Extent& extent) {
  unlink(extent);
  if (extent.keyed) by_key_.erase(extent.key);
  spare_.push_back(&extent);
}

/// Shortens an extent that is held; its blocks go back.
void PrefixCache::cut(Extent& extent, std::int64_t end) {
  const std::int64_t bytes = (extent.end - end) / block_size_ * block_bytes_;
  extent.end = end;
  give_back(bytes);
}

void PrefixCache::evict(std::int64_t bytes) {
  while (bytes > 0) {
    Extent& extent = *first_;
    const std::int64_t blocks = (bytes + block_bytes_ - 1) / block_bytes_;
    const std::int64_t tokens = std::min(extent.end - extent.begin, blocks * block_size_);
    const std::int64_t freed = tokens / block_size_ * block_bytes_;
    extent.end -= tokens;
    kept_ -= freed;
    bytes -= freed;
    if (extent.end == extent.begin) forget(extent);
  }
}

}  // namespace plumb::serving
