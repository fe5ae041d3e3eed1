#include "serving/cache_tiers.h"

#include <algorithm>
#include <utility>

namespace plumb::serving {

CacheTiers::CacheTiers(const std::vector<CacheTierPlan>& plans, std::int64_t block_size, TransferObserver* observer)
    : block_size_(block_size) {
  for (const CacheTierPlan& plan : plans) tiers_.emplace_back(plan, block_size, tiers_.size(), observer);
}

CacheTiers::Load CacheTiers::find(const PromptContent& content, std::int64_t from, std::int64_t tokens_max,
                                  Time now) const {
  std::vector<bool> used;
  for (const CacheTier& tier : tiers_) used.push_back(!tier.reads_full(now));
  while (true) {
    Load load = find(content, from, tokens_max, now, used);
    bool worth = true;
    for (std::size_t i = 0; i < tiers_.size(); ++i) {
      std::int64_t tokens = 0;
      for (const TierPiece& part : load.parts[i]) tokens += part.end - part.begin;
      if (tokens == 0 || tokens >= tiers_[i].load_threshold()) continue;
      used[i] = worth = false;
      break;
    }
    if (worth) return load;
  }
}

CacheTiers::Load CacheTiers::find(const PromptContent& content, std::int64_t from, std::int64_t tokens_max, Time now,
                                  const std::vector<bool>& used) const {
  Load load;
  load.parts.resize(tiers_.size());
  std::int64_t there = from;
  for (const PromptContent::Piece& piece : content.pieces) {
    const std::int64_t begin = aligned(piece.begin), most = aligned(std::min(piece.alike, tokens_max));
    for (std::size_t i = 0; i < tiers_.size() && there < most; ++i) {
      if (!used[i]) continue;
      const std::int64_t end = std::min(most, tiers_[i].readable(piece.key, begin, now));
      if (end <= there) continue;
      load.parts[i].push_back({piece.key, there, end});
      there = end;
    }
    if (there < aligned(piece.end)) break;
  }
  load.tokens = there - from;
  return load;
}

Time CacheTiers::start(const Load& load, Time now) {
  Time done = now;
  for (std::size_t i = 0; i < tiers_.size(); ++i) {
    if (!load.parts[i].empty()) done = std::max(done, tiers_[i].read(load.parts[i], now));
  }
  return done;
}

void CacheTiers::write(const PrefixCache::Hold& held, std::int64_t computed, Time now) {
  pieces_.clear();
  for (std::size_t i = 0; i < held.firsts.size(); ++i) {
    const PrefixCache::Extent& first = *held.firsts[i];
    const std::int64_t end = std::min(held.end(i), aligned(computed));
    if (end > first.begin) pieces_.push_back({first.key, first.begin, end});
  }
  for (CacheTier& tier : tiers_) {
    if (!tier.holds_any()) continue;
    evicted_.clear();
    tier.write(pieces_, now, evicted_);
    std::swap(pieces_, evicted_);
    if (pieces_.empty()) break;
  }
}

void CacheTiers::use(const PromptContent& content) {
  for (CacheTier& tier : tiers_) {
    for (auto piece = content.pieces.rbegin(); piece != content.pieces.rend(); ++piece) {
      // What a session computed beyond what this turn repeats is of no use any more.
      if (piece->alike < piece->end) tier.cut(piece->key, std::max(aligned(piece->begin), aligned(piece->alike)));
      tier.use(piece->key);
    }
  }
}

std::vector<CacheTierCounts> CacheTiers::counts() const {
  std::vector<CacheTierCounts> counts;
  for (const CacheTier& tier : tiers_) counts.push_back(tier.counts());
  return counts;
}

}  // namespace plumb::serving
