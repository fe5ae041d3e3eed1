// Does a tier hold what was written to it, no more than its capacity, and let go of what was used longest ago?

#include "serving/cache_tier.h"

#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::serving {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

Time at(double seconds) { return Time::of_seconds(seconds); }

/// Blocks of 16 tokens and 100 bytes.
CacheTierPlan plan_of(std::int64_t blocks, double bytes_per_s = endless) {
  CacheTierPlan plan;
  plan.capacity_bytes = 100 * blocks;
  plan.read_bytes_per_s = plan.write_bytes_per_s = bytes_per_s;
  plan.queue_depth = 1000;
  plan.block_bytes = 100;
  return plan;
}

/// Writes the pieces, each of four blocks, and returns the keys that went for them.
std::vector<std::uint64_t> write(CacheTier& tier, const std::vector<std::uint64_t>& keys, Time now = {}) {
  std::vector<TierPiece> pieces, evicted;
  for (const std::uint64_t key : keys) {
    const auto begin = static_cast<std::int64_t>(64 * pieces.size());
    pieces.push_back({key, begin, begin + 64});
  }
  tier.write(pieces, now, evicted);
  std::vector<std::uint64_t> gone;
  for (const TierPiece& piece : evicted) gone.push_back(piece.key);
  return gone;
}

TEST(CacheTier, CanBeReadWhenItsWriteHasEnded) {
  CacheTier tier(plan_of(100, 800.0), 16);
  write(tier, {1, 2});
  EXPECT_EQ(tier.readable(1, 0, at(0.999)), 0);
  EXPECT_EQ(tier.readable(1, 0, at(1.0)), 64);
  EXPECT_EQ(tier.readable(2, 64, at(1.0)), 128);
  EXPECT_EQ(tier.readable(2, 0, at(1.0)), 0) << "the same key after another begin is other content";
}

TEST(CacheTier, OnlyWhatItLacksIsWritten) {
  CacheTier tier(plan_of(100), 16);
  std::vector<TierPiece> evicted;
  tier.write(std::vector<TierPiece>{{1, 0, 32}}, at(0.0), evicted);
  tier.write(std::vector<TierPiece>{{1, 0, 64}}, at(1.0), evicted);
  tier.write(std::vector<TierPiece>{{1, 0, 48}}, at(2.0), evicted);
  EXPECT_EQ(tier.counts().writes.bytes, 400);
  EXPECT_EQ(tier.counts().writes.transfers, 2);
  EXPECT_EQ(tier.readable(1, 0, at(2.0)), 64);
}

TEST(CacheTier, WhatWasUsedLongestAgoGoesFirstAndTheBeginOfAPromptLast) {
  CacheTier tier(plan_of(12), 16);
  write(tier, {1, 2}, at(0.0));
  write(tier, {3}, at(1.0));
  tier.use(2);
  EXPECT_EQ(write(tier, {4}, at(2.0)), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(write(tier, {5, 6}, at(3.0)), (std::vector<std::uint64_t>{3, 2}));
  EXPECT_EQ(write(tier, {7, 8}, at(4.0)), (std::vector<std::uint64_t>{4, 6})) << "5 comes before 6 in its prompt";
}

TEST(CacheTier, NothingGoesWhileItIsReadOrWritten) {
  CacheTier tier(plan_of(4, 400.0), 16);
  write(tier, {1}, at(0.0));
  EXPECT_TRUE(write(tier, {2}, at(0.5)).empty());
  EXPECT_EQ(tier.readable(2, 0, at(100.0)), 0);
  tier.read(std::vector<TierPiece>{{1, 0, 64}}, at(2.0));
  EXPECT_TRUE(write(tier, {2}, at(2.999)).empty());
  EXPECT_EQ(write(tier, {2}, at(3.0)), (std::vector<std::uint64_t>{1}));
}

TEST(CacheTier, AFullQueueOfWritesLeavesThemOut) {
  CacheTierPlan plan = plan_of(100, 400.0);
  plan.queue_depth = 1;
  CacheTier tier(plan, 16);
  write(tier, {1}, at(0.0));
  write(tier, {2}, at(0.0));
  EXPECT_EQ(tier.counts().writes.refused, 1);
  EXPECT_EQ(tier.readable(2, 0, at(100.0)), 0);
  write(tier, {2}, at(1.0));
  EXPECT_EQ(tier.readable(2, 0, at(2.0)), 64);
}

// Random use. The sums of the header hold, and what can be read was written.
RC_GTEST_PROP(CacheTier, KeepsItsBooks, ()) {
  const std::int64_t blocks = *rc::gen::inRange<std::int64_t>(0, 40);
  CacheTierPlan plan = plan_of(blocks, *rc::gen::element(100.0, 4000.0, endless));
  plan.queue_depth = *rc::gen::inRange<std::int64_t>(1, 5);
  CacheTier tier(plan, 16);
  std::map<std::uint64_t, std::int64_t> written;
  double time_s = 0.0;
  const int steps = *rc::gen::inRange(1, 60);
  for (int i = 0; i < steps; ++i) {
    time_s += *rc::gen::inRange(0, 10) * 0.125;
    const auto key = *rc::gen::inRange<std::uint64_t>(0, 8);
    const std::int64_t end = *rc::gen::inRange<std::int64_t>(1, 8) * 16;
    const std::int64_t readable = tier.readable(key, 0, at(time_s));
    RC_ASSERT(readable <= written[key]);
    std::vector<TierPiece> evicted;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        if (readable > 0) tier.read(std::vector<TierPiece>{{key, 0, readable}}, at(time_s));
        break;
      case 1: tier.cut(key, end); break;
      default:
        tier.write(std::vector<TierPiece>{{key, 0, end}}, at(time_s), evicted);
        written[key] = std::max(written[key], end);
    }
    const CacheTierCounts counts = tier.counts();
    RC_ASSERT(counts.bytes_held >= 0 && counts.bytes_held <= plan.capacity_bytes);
    RC_ASSERT(counts.bytes_held_peak >= counts.bytes_held && counts.bytes_held_peak <= plan.capacity_bytes);
    RC_ASSERT(counts.writes.bytes == counts.bytes_held + counts.bytes_evicted + counts.bytes_cut);
  }
}

}  // namespace
}  // namespace plumb::serving
