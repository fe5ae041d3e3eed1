#include "serving/prefix_cache.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace plumb::serving {

bool can_cache_prefixes(const CachePlan& plan) {
  using Kind = model::Span::Kind;
  return plan.state_bytes == 0 &&
         std::all_of(plan.shares.begin(), plan.shares.end(), [](const CachePlan::Share& share) {
           return share.span.kind == Kind::full ||
                  (share.span.kind == Kind::compressed && share.span.ratio == 1 && share.span.window == 0);
         });
}

void PrefixCacheCounts::add(const PrefixCacheCounts& other) {
  queried += other.queried;
  hit += other.hit;
  known += other.known;
  external_queried += other.external_queried;
  external_hit += other.external_hit;
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

/// The first extent with the piece's key; null if it is not of the same place in a prompt.
const PrefixCache::Extent* PrefixCache::find(const PromptContent::Piece& piece) const {
  const auto found = by_key_.find(piece.key);
  return found == by_key_.end() || found->second->begin != aligned(piece.begin) ? nullptr : found->second;
}

PrefixCache::Match PrefixCache::match(const PromptContent& content, std::int64_t tokens_max) const {
  Match match;
  for (const PromptContent::Piece& piece : content.pieces) {
    const Extent* extent = find(piece);
    if (extent == nullptr) break;
    const std::int64_t most = aligned(std::min(piece.alike, tokens_max));
    for (; extent != nullptr && extent->begin < most; extent = extent->next) {
      const std::int64_t end = std::min(extent->end, most);
      if (extent->holders == 0) match.idle_bytes += (end - extent->begin) / block_size_ * block_bytes_;
      if (extent->holders > 0 && match.held_tokens == extent->begin) match.held_tokens = end;
      match.tokens = end;
    }
    if (match.tokens < aligned(piece.end)) break;
  }
  return match;
}

std::int64_t PrefixCache::known_tokens(const PromptContent& content) const {
  std::int64_t tokens = 0;
  for (const PromptContent::Piece& piece : content.pieces) {
    const Extent* extent = find(piece);
    if (extent == nullptr) break;
    while (extent->next != nullptr) extent = extent->next;
    if (extent->end < aligned(piece.alike)) return std::max(tokens, extent->end);
    tokens = piece.alike;
    if (piece.alike < piece.end) break;
  }
  return tokens;
}

void PrefixCache::hold(const PromptContent& content, std::int64_t tokens, Hold& held) {
  assert(held.firsts.empty() && tokens == aligned(tokens));
  for (const PromptContent::Piece& piece : content.pieces) {
    if (held.tokens >= tokens) break;
    Extent* const first = by_key_.at(piece.key);
    const std::int64_t end = std::min(tokens, aligned(piece.end));
    held.firsts.push_back(first);
    for (Extent* extent = first; extent == first || (extent != nullptr && extent->begin < end); extent = extent->next) {
      if (extent->end > end) part(*extent, end);
      if (extent->holders++ == 0) {
        unlink(*extent);
        used_ += bytes_of(*extent);
      }
      held.tokens = extent->end;
    }
  }
  assert(held.tokens == tokens);
}

std::int64_t PrefixCache::publish(const PromptContent& content, std::int64_t computed, Hold& held) {
  std::int64_t bytes = 0;
  any_content_ = true;
  for (std::size_t i = 0; i < content.pieces.size(); ++i) {
    if (i + 1 < held.firsts.size()) continue;
    const PromptContent::Piece& piece = content.pieces[i];
    if (computed <= piece.begin) break;
    if (i == held.firsts.size()) {
      // Somebody else may have computed the same meanwhile; then this one keeps its blocks to itself from here on.
      if (held.tokens != aligned(piece.begin) || by_key_.contains(piece.key)) break;
      hold_new(piece.key, held);
    }
    const bool open_ended = content.grows && i + 1 == content.pieces.size();
    if (open_ended || held.tokens < aligned(piece.end)) {
      Extent* last = held.firsts.back();
      while (last->end < held.tokens) last = last->next;
      // What a session computed beyond what this turn repeats is of no use any more.
      if (last->next != nullptr && last->next->holders == 0 && piece.alike < piece.end) forget_key_after(*last);
      if (last->next != nullptr) break;
      const std::int64_t end = aligned(open_ended ? computed : std::min(computed, piece.end));
      if (end < held.tokens) break;
      bytes += grow(*last, end);
      held.tokens = end;
    }
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
  held.firsts.push_back(&extent);
}

/// Adds blocks that one of its holders has to the last extent of a key. Returns their bytes.
std::int64_t PrefixCache::grow(Extent& last, std::int64_t end) {
  const std::int64_t bytes = (end - last.end) / block_size_ * block_bytes_;
  if (last.holders == 1) {
    last.end = end;
  } else if (bytes > 0) {
    append(last, end).holders = 1;
  }
  return bytes;
}

void PrefixCache::let_go(Hold& held, std::int64_t own_bytes) {
  give_back(own_bytes);
  for (std::size_t i = held.firsts.size(); i-- > 0;) let_go(*held.firsts[i], held.end(i));
  held.firsts.clear();
  held.tokens = 0;
}

void PrefixCache::let_go(Extent& first, std::int64_t end) {
  Extent* extent = &first;
  while (extent->end < end) extent = extent->next;
  for (; extent != nullptr; extent = extent->previous) {
    if (--extent->holders == 0) {
      used_ -= bytes_of(*extent);
      enqueue(*extent);
    }
    join_next(*extent);
  }
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

/// A new extent that goes on where the last of a key ends.
PrefixCache::Extent& PrefixCache::append(Extent& extent, std::int64_t end) {
  Extent& more = make();
  more.key = extent.key;
  more.keyed = true;
  more.begin = extent.end;
  more.end = end;
  more.previous = &extent;
  more.next = std::exchange(extent.next, &more);
  if (more.next != nullptr) more.next->previous = &more;
  return more;
}

/// Makes two of an extent, with the same holders and in the same place in the order of eviction.
void PrefixCache::part(Extent& extent, std::int64_t at) {
  const std::int64_t end = std::exchange(extent.end, at);
  Extent& rest = append(extent, end);
  rest.holders = extent.holders;
  if (extent.holders > 0) return;
  rest.before = std::exchange(extent.before, &rest);
  rest.after = &extent;
  (rest.before == nullptr ? first_ : rest.before->after) = &rest;
}

/// Makes one of an extent and the next of its key where nothing tells them apart. Holders of beginnings are the same if
/// they are as many.
void PrefixCache::join_next(Extent& extent) {
  Extent* const next = extent.next;
  if (next == nullptr || next->holders != extent.holders) return;
  if (extent.holders == 0) {
    if (next->after != &extent) return;
    kept_ += bytes_of(*next);
    unlink(*next);
  }
  extent.end = next->end;
  extent.next = next->next;
  if (extent.next != nullptr) extent.next->previous = &extent;
  spare_.push_back(next);
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
  assert(extent.next == nullptr);
  unlink(extent);
  if (extent.previous != nullptr) {
    extent.previous->next = nullptr;
  } else if (extent.keyed) {
    by_key_.erase(extent.key);
  }
  spare_.push_back(&extent);
}

/// Makes blocks that hold nothing any more, and are evicted when they would have been, of what follows.
void PrefixCache::forget_key_after(Extent& extent) {
  for (Extent* each = std::exchange(extent.next, nullptr); each != nullptr;) {
    assert(each->holders == 0);
    each->keyed = false;
    each->previous = nullptr;
    each = std::exchange(each->next, nullptr);
  }
}

void PrefixCache::evict(std::int64_t bytes) {
  while (bytes > 0) {
    Extent& extent = *first_;
    assert(extent.next == nullptr);
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
