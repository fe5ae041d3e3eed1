#include "serving/cache_tier.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace plumb::serving {

void CacheTierCounts::add(const CacheTierCounts& other) {
  reads.add(other.reads);
  writes.add(other.writes);
  tokens_loaded += other.tokens_loaded;
  bytes_held += other.bytes_held;
  bytes_held_peak = std::max(bytes_held_peak, other.bytes_held_peak);
  bytes_evicted += other.bytes_evicted;
  bytes_cut += other.bytes_cut;
}

CacheTier::CacheTier(const CacheTierPlan& plan, std::int64_t block_size, std::size_t number, TransferObserver* observer)
    : block_size_(block_size),
      block_bytes_(plan.block_bytes),
      capacity_(plan.capacity_bytes),
      load_threshold_(plan.load_threshold),
      reads_(plan.read_bytes_per_s, plan.latency_s, plan.queue_depth),
      writes_(plan.write_bytes_per_s, plan.latency_s, plan.queue_depth),
      number_(number),
      observer_(observer) {}

Time CacheTier::transfer(bool read, std::int64_t bytes, Time now) {
  const TransferLink::Transfer transfer = (read ? reads_ : writes_).transfer(now, bytes);
  if (observer_ != nullptr) observer_->transferred({number_, read, transfer});
  return transfer.end;
}

std::int64_t CacheTier::readable(std::uint64_t key, std::int64_t begin, Time now) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->begin != begin) return begin;
  std::int64_t end = found->second->written;
  for (const Part& part : found->second->parts) {
    if (part.written <= now) end = part.end;
  }
  return end;
}

Time CacheTier::read(std::span<const TierPiece> parts, Time now) {
  std::int64_t tokens = 0;
  for (const TierPiece& part : parts) tokens += part.end - part.begin;
  const Time done = transfer(true, bytes_of(tokens), now);
  counts_.tokens_loaded += tokens;
  for (const TierPiece& part : parts) {
    Entry& entry = *by_key_.at(part.key);
    assert(entry.begin <= part.begin && part.end <= entry.end);
    entry.read = std::max(entry.read, done);
  }
  return done;
}

void CacheTier::write(std::span<const TierPiece> pieces, Time now, std::vector<TierPiece>& evicted) {
  const std::int64_t held_before = counts_.bytes_held + counts_.bytes_evicted + counts_.bytes_cut;
  growing_.clear();
  for (const TierPiece& piece : pieces) {
    if (!grow(piece, now, evicted)) break;
  }
  const std::int64_t bytes = counts_.bytes_held + counts_.bytes_evicted + counts_.bytes_cut - held_before;
  if (bytes > 0) {
    const Time done = transfer(false, bytes, now);
    for (Entry* entry : growing_) entry->parts.back().written = done;
  }
  // The begin of a prompt is of use without its end, not the other way round.
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) use(piece->key);
}

/// Gives the entry of a piece its place; false if nothing behind it is to be written either.
bool CacheTier::grow(const TierPiece& piece, Time now, std::vector<TierPiece>& evicted) {
  auto found = by_key_.find(piece.key);
  if (found != by_key_.end() && found->second->begin != piece.begin) {
    if (found->second->busy(now)) return false;
    counts_.bytes_cut += bytes_of(found->second->end - found->second->begin);
    erase(found->second);
    found = by_key_.end();
  }
  const std::int64_t end = found == by_key_.end() ? piece.begin : found->second->end;
  if (piece.end <= end) return true;
  if (writes_.full(now)) {
    writes_.count_refusal();
    return false;
  }
  const Entry* keep = found == by_key_.end() ? nullptr : &*found->second;
  if (!make_room(bytes_of(piece.end - end), keep, now, evicted)) return false;
  if (keep == nullptr) {
    entries_.push_back({piece.key, piece.begin, piece.begin, piece.begin, {}, Time()});
    found = by_key_.emplace(piece.key, std::prev(entries_.end())).first;
  }
  Entry& entry = *found->second;
  while (!entry.parts.empty() && entry.parts.front().written <= now) {
    entry.written = entry.parts.front().end;
    entry.parts.erase(entry.parts.begin());
  }
  entry.end = piece.end;
  entry.parts.push_back({piece.end, Time::never()});  // until the transfer is asked for
  counts_.bytes_held += bytes_of(piece.end - end);
  counts_.bytes_held_peak = std::max(counts_.bytes_held_peak, counts_.bytes_held);
  growing_.push_back(&entry);
  return true;
}

bool CacheTier::make_room(std::int64_t bytes, const Entry* keep, Time now, std::vector<TierPiece>& evicted) {
  if (bytes > capacity_) return false;
  if (keep != nullptr) use(keep->key);
  while (counts_.bytes_held + bytes > capacity_) {
    const Entry& oldest = entries_.front();
    if (&oldest == keep || oldest.busy(now)) return false;
    evicted.push_back({oldest.key, oldest.begin, oldest.end});
    counts_.bytes_evicted += bytes_of(oldest.end - oldest.begin);
    erase(entries_.begin());
  }
  return true;
}

void CacheTier::erase(Entries::iterator entry) {
  counts_.bytes_held -= bytes_of(entry->end - entry->begin);
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

void CacheTier::use(std::uint64_t key) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) entries_.splice(entries_.end(), entries_, found->second);
}

void CacheTier::cut(std::uint64_t key, std::int64_t end) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second->end <= end || end < found->second->begin) return;
  Entry& entry = *found->second;
  const std::int64_t bytes = bytes_of(entry.end - end);
  counts_.bytes_cut += bytes;
  counts_.bytes_held -= bytes;
  entry.end = end;
  entry.written = std::min(entry.written, end);
  for (Part& part : entry.parts) part.end = std::min(part.end, end);
}

CacheTierCounts CacheTier::counts() const {
  CacheTierCounts counts = counts_;
  counts.reads = reads_.counts();
  counts.writes = writes_.counts();
  return counts;
}

}  // namespace plumb::serving
