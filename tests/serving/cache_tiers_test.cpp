// What do cache tiers change in a simulation, and what not?

#include "serving/cache_tiers.h"

#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "catalog/catalog.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::request;

constexpr double endless = std::numeric_limits<double>::infinity();

CacheTierPlan tier_of(const CompiledDeployment& deployment, std::int64_t tokens, double bytes_per_s = endless,
                      double latency_s = 0.0) {
  CacheTierPlan plan;
  plan.name = "tier";
  plan.capacity_bytes = tokens / deployment.cache.block_size * deployment.cache.block_bytes();
  plan.read_bytes_per_s = plan.write_bytes_per_s = bytes_per_s;
  plan.latency_s = latency_s;
  plan.queue_depth = 1000;
  plan.block_bytes = deployment.cache.block_bytes();
  return plan;
}

/// A prompt of whole documents of 512 tokens, a last part of its own, and 20 tokens of output.
workload::Request reading(std::int64_t id, double arrival_s, const std::vector<std::uint64_t>& documents) {
  workload::Request made = request(id, arrival_s, static_cast<std::int64_t>(512 * documents.size()) + 100, 20);
  made.prefix_hashes = documents;
  made.prefix_hashes.push_back(1'000'000 + static_cast<std::uint64_t>(id));
  return made;
}

/// Documents 1 2, then others that push them out of a cache of 1,660 tokens, then 1 2 again.
std::vector<workload::Request> comes_again() {
  return {reading(0, 0.0, {1, 2}), reading(1, 100.0, {3, 4, 5}), reading(2, 200.0, {1, 2})};
}

// In a cache that could not hold the prompt beside what was loaded of it: a request asks for the rest only.
TEST(CacheTiers, WhatTheAcceleratorEvictedIsLoaded) {
  for (const std::string_view scheduler : scheduler_names()) {
    if (!make_scheduler(scheduler)->reuses_prefixes()) continue;
    SCOPED_TRACE(scheduler);
    EngineSettings engine;
    engine.scheduler = scheduler;
    CompiledDeployment deployment = test::llama_with_cache(1660, engine);
    const Outcome without = test::simulate(deployment, comes_again());
    EXPECT_EQ(without.requests[2].cached_tokens, 0);
    deployment.cache_tiers = {tier_of(deployment, 10000)};
    const Outcome with = test::simulate(deployment, comes_again());
    EXPECT_EQ(with.requests[2].cached_tokens, 1024);
    EXPECT_EQ(with.requests[2].loaded_tokens, 1024);
    EXPECT_EQ(with.counters.prefix.hit, 0);
    EXPECT_EQ(with.counters.prefix.external_hit, 1024);
    EXPECT_EQ(with.counters.cache_tiers[0].reads.transfers, 1) << "loaded once, and kept";
    EXPECT_EQ(with.counters.prompt_tokens_computed, without.counters.prompt_tokens_computed - 1024);
    EXPECT_LT(with.requests[2].first_token_s, without.requests[2].first_token_s);
  }
}

// An idle engine begins the load when the request comes, and the step when it is there.
TEST(CacheTiers, TheFirstStepWaitsForTheLoad) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  const double bytes = 1024.0 / 16.0 * static_cast<double>(deployment.cache.block_bytes());
  deployment.cache_tiers = {tier_of(deployment, 10000, bytes, 0.25)};
  const Outcome outcome = test::simulate(deployment, comes_again());
  EXPECT_EQ(outcome.requests[2].scheduled_s, 201.25);
  EXPECT_EQ(outcome.counters.cache_tiers[0].reads.busy, Time::of_seconds(1.25));
}

TEST(CacheTiers, OthersRunWhileOneIsLoaded) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  const double bytes = 1024.0 / 16.0 * static_cast<double>(deployment.cache.block_bytes());
  deployment.cache_tiers = {tier_of(deployment, 10000, bytes)};
  std::vector<workload::Request> requests = comes_again();
  requests.push_back(request(3, 200.0, 50, 5));
  requests.push_back(request(4, 200.5, 50, 5));
  const Outcome outcome = test::simulate(deployment, requests);
  EXPECT_EQ(outcome.requests[3].scheduled_s, 200.0);
  EXPECT_EQ(outcome.requests[4].scheduled_s, 200.5);
  EXPECT_GE(outcome.requests[2].scheduled_s, 201.0);
}

TEST(CacheTiers, TheSecondTierHoldsWhatTheFirstEvicted) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  deployment.cache_tiers = {tier_of(deployment, 2000), tier_of(deployment, 100000)};
  const Outcome outcome = test::simulate(deployment, comes_again());
  EXPECT_EQ(outcome.requests[2].loaded_tokens, 1024);
  const auto& tiers = outcome.counters.cache_tiers;
  EXPECT_EQ(tiers[0].tokens_loaded + tiers[1].tokens_loaded, 1024);
  EXPECT_GT(tiers[1].tokens_loaded, 0);
  EXPECT_EQ(tiers[1].writes.bytes, tiers[0].bytes_evicted);
}

// What is told of the links is what is counted: one transfer after another, in the order in which they were asked for.
TEST(CacheTiers, EveryTransferIsTold) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  deployment.cache_tiers = {tier_of(deployment, 2000, 1e10, 1e-5), tier_of(deployment, 100000, 1e9, 1e-4)};
  struct Told {
    std::int64_t transfers = 0, bytes = 0;
    Time busy, free;
  };
  std::map<std::pair<std::size_t, bool>, Told> links;
  SimulationOptions options;
  options.transfer = [&](const TierTransfer& told, std::size_t) {
    Told& link = links[{told.tier, told.read}];
    EXPECT_LE(told.transfer.asked, told.transfer.begin);
    EXPECT_LE(link.free, told.transfer.begin);
    ++link.transfers;
    link.bytes += told.transfer.bytes;
    link.busy += told.transfer.end - told.transfer.begin;
    link.free = told.transfer.end;
  };
  const Outcome outcome = test::simulate(deployment, comes_again(), options);
  for (std::size_t tier = 0; tier < 2; ++tier) {
    for (const bool read : {false, true}) {
      const CacheTierCounts& all = outcome.counters.cache_tiers[tier];
      const TransferLink::Counts& counts = read ? all.reads : all.writes;
      EXPECT_EQ((links[{tier, read}].transfers), counts.transfers);
      EXPECT_EQ((links[{tier, read}].bytes), counts.bytes);
      EXPECT_EQ((links[{tier, read}].busy), counts.busy);
    }
  }
  EXPECT_GT((links[{1, true}].transfers), 0);
}

TEST(CacheTiers, FewerTokensThanTheThresholdAreComputed) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  deployment.cache_tiers = {tier_of(deployment, 10000)};
  deployment.cache_tiers[0].load_threshold = 1024;
  EXPECT_EQ(test::simulate(deployment, comes_again()).requests[2].loaded_tokens, 1024);
  deployment.cache_tiers[0].load_threshold = 1025;
  EXPECT_EQ(test::simulate(deployment, comes_again()).requests[2].loaded_tokens, 0);
}

TEST(CacheTiers, AClientMayGoAwayDuringALoad) {
  CompiledDeployment deployment = test::llama_with_cache(1660);
  deployment.cache_tiers = {tier_of(deployment, 10000, endless, 5.0)};
  std::vector<workload::Request> requests = comes_again();
  requests[2].cancel_s = 1.0;
  const Outcome outcome = test::simulate(deployment, requests);
  EXPECT_TRUE(outcome.requests[2].cancelled);
  EXPECT_EQ(outcome.requests[2].scheduled_s, never_s);
}

/// Requests of a few documents, with time for each to end before the next comes.
std::vector<workload::Request> one_by_one(double gap_s) {
  std::vector<workload::Request> requests;
  const int count = *rc::gen::inRange(2, 40);
  for (int i = 0; i < count; ++i) {
    std::vector<std::uint64_t> documents(*rc::gen::inRange<std::size_t>(1, 6));
    const auto topic = *rc::gen::inRange<std::uint64_t>(0, 6);
    for (std::size_t d = 0; d < documents.size(); ++d) documents[d] = 100 * topic + d;
    requests.push_back(reading(i, gap_s * i, documents));
  }
  return requests;
}

// With nothing in the way, an endless tier behind a small cache finds what one endless cache would.
RC_GTEST_PROP(CacheTiers, AnEndlessPerfectTierHitsAsAnEndlessCache, ()) {
  const auto requests = one_by_one(1000.0);
  CompiledDeployment deployment = test::llama_with_cache(*rc::gen::inRange<std::int64_t>(3000, 8000));
  deployment.cache_tiers = {tier_of(deployment, 10'000'000)};
  const Outcome tiers = test::simulate(deployment, requests);
  const Outcome one = test::simulate(test::llama_with_cache(10'000'000), requests);
  RC_ASSERT(tiers.counters.prefix.hit + tiers.counters.prefix.external_hit == one.counters.prefix.hit);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    RC_ASSERT(tiers.requests[i].cached_tokens == one.requests[i].cached_tokens);
    RC_ASSERT(tiers.requests[i].finish_s == one.requests[i].finish_s);
  }
}

RC_GTEST_PROP(CacheTiers, ATierWithoutCapacityChangesNothing, ()) {
  const auto requests = one_by_one(*rc::gen::element(0.0, 0.1, 1.0));
  CompiledDeployment deployment = test::llama_with_cache(*rc::gen::inRange<std::int64_t>(3500, 8000));
  const Outcome without = test::simulate(deployment, requests);
  deployment.cache_tiers = {tier_of(deployment, 0), tier_of(deployment, 0)};
  const Outcome with = test::simulate(deployment, requests);
  RC_ASSERT(with.counters.events == without.counters.events);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    RC_ASSERT(with.requests[i].cached_tokens == without.requests[i].cached_tokens);
    RC_ASSERT(with.requests[i].first_token_s == without.requests[i].first_token_s);
    RC_ASSERT(with.requests[i].finish_s == without.requests[i].finish_s);
  }
}

// A request alone: more bandwidth brings its first token no later.
RC_GTEST_PROP(CacheTiers, AloneAFasterLinkIsNoSlower, ()) {
  const auto requests = one_by_one(1000.0);
  CompiledDeployment deployment = test::llama_with_cache(*rc::gen::inRange<std::int64_t>(3000, 8000));
  const double slow = *rc::gen::element(1e9, 1e10), fast = *rc::gen::element(1e10, 1e11, endless);
  deployment.cache_tiers = {tier_of(deployment, 10'000'000, slow)};
  const Outcome slower = test::simulate(deployment, requests);
  deployment.cache_tiers = {tier_of(deployment, 10'000'000, fast)};
  const Outcome faster = test::simulate(deployment, requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    RC_ASSERT(faster.requests[i].first_token_s <= slower.requests[i].first_token_s);
  }
}

CacheTierSettings stated_tier() {
  CacheTierSettings tier;
  tier.name = "host";
  tier.kind = *catalog::Catalog::builtin()->tier("dram");
  tier.capacity_bytes = 1e12;
  return tier;
}

TEST(CacheTiers, AreRefusedWhereNoPrefixesAreKept) {
  EngineSettings engine;
  engine.scheduler = "sarathi";
  serving::Deployment deployment = test::deployment(model::test::llama_3_8b(), engine);
  deployment.cache_tiers = {stated_tier()};
  EXPECT_FALSE(compile(deployment));
  deployment.engine.scheduler = "vllm-v1";
  EXPECT_TRUE(compile(deployment));
  deployment.engine.enable_prefix_caching = false;
  EXPECT_FALSE(compile(deployment));
  deployment = test::deployment(model::test::gpt_oss_20b());
  deployment.cache_tiers = {stated_tier()};
  const auto windows = compile(deployment);
  ASSERT_FALSE(windows);
  EXPECT_EQ(windows.error().fault, Fault::unmet);
}

// Bytes and bandwidth are of all ranks: two ranks keep a half of every block each.
TEST(CacheTiers, FiguresAreOfAllRanks) {
  serving::Deployment deployment = test::deployment(model::test::llama_3_8b());
  deployment.cache_tiers = {stated_tier()};
  const auto one = compile(deployment);
  deployment.parallelism.tensor = 2;
  const auto two = compile(deployment);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(two->cache_tiers[0].block_bytes, one->cache_tiers[0].block_bytes);
  EXPECT_EQ(two->cache_tiers[0].read_bytes_per_s, 2.0 * one->cache_tiers[0].read_bytes_per_s);
  EXPECT_TRUE(two->cache_tiers[0].assumed);
  EXPECT_EQ(two->cache_tiers[0].latency_s, one->cache_tiers[0].latency_s);
}

// What is stated is not assumed; nor is a figure of the catalog that has a source.
TEST(CacheTiers, AssumedIsWhatNobodyStates) {
  serving::Deployment deployment = test::deployment(model::test::llama_3_8b());
  CacheTierSettings tier = stated_tier();
  tier.read_bytes_per_s = tier.write_bytes_per_s = 1e10;
  tier.latency_s = 1e-5;
  deployment.cache_tiers = {tier};
  EXPECT_FALSE(compile(deployment)->cache_tiers[0].assumed);
  deployment.cache_tiers[0].latency_s.reset();
  EXPECT_TRUE(compile(deployment)->cache_tiers[0].assumed);
  deployment.cache_tiers[0].kind.latency.evidence = Evidence::datasheet;
  EXPECT_FALSE(compile(deployment)->cache_tiers[0].assumed);
}

}  // namespace
}  // namespace plumb::serving
