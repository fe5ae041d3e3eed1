// Does uneven routing obey its laws, and is it the uniform one where shares are equal?

#include "model/expert_loads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "known_models.h"

namespace plumb::model {
namespace {

using Placement = ExpertRouting::Placement;

ExpertRouting zipf(double exponent, Placement placement = Placement::round_robin, std::int64_t redundant = 0) {
  return {.zipf_exponent = exponent, .redundant_experts = redundant, .placement = placement};
}

/// Shares that are anything, zeros and giants among them.
ExpertRouting any_routing(std::int64_t experts) {
  ExpertRouting routing;
  for (std::int64_t e = 0; e < experts; ++e) {
    const int size = *rc::gen::inRange(0, 100);
    routing.shares.push_back(size < 10 ? 0.0 : std::exp(size / 10.0));
  }
  routing.shares[0] = 1.0;  // not all of them zero
  return routing;
}

Step decodes(const Model& model, std::int64_t sequences) {
  Step step;
  for (std::int64_t i = 0; i < sequences; ++i) add_decode(model, step, 100);
  return step;
}

double uniform_reached(double held, double experts, double per_token, double tokens) {
  return held * (1.0 - std::pow(1.0 - per_token / experts, tokens));
}

// Stated uniform routing is not told from none: the same bits.
RC_GTEST_PROP(ExpertLoads, UniformIsTheClosedForm, ()) {
  const Model model = *rc::gen::element(test::mixtral_8x7b(), test::deepseek_v3(), test::gpt_oss_20b());
  Parallelism split{.expert = true, .data = *rc::gen::element(1, 2, 8)};
  const Step step = decodes(model, *rc::gen::inRange(1, 500));
  const Work plain = test::total_work(model, step, split);
  split.routing = std::make_shared<const ExpertRouting>();
  const Work stated = test::total_work(model, step, split);
  RC_ASSERT(plain.weight_bytes == stated.weight_bytes);
  RC_ASSERT(plain.operations == stated.operations);
  RC_ASSERT(plain.sent_bytes == stated.sent_bytes);
}

RC_GTEST_PROP(ExpertLoads, EqualSharesReachWhatTheClosedFormSays, ()) {
  const int ranks = *rc::gen::element(1, 2, 4, 8);
  const std::int64_t experts = ranks * *rc::gen::inRange<std::int64_t>(1, 33);
  const std::int64_t per_token = *rc::gen::inRange<std::int64_t>(1, experts + 1);
  ExpertRouting routing;
  routing.shares.assign(static_cast<std::size_t>(experts), 3.5);
  routing.placement = *rc::gen::element(Placement::linear, Placement::round_robin, Placement::balanced);
  const ExpertLoads loads(routing, experts, per_token, ranks);
  const double held = static_cast<double>(experts) / ranks;
  const double tokens = *rc::gen::inRange(1, 3000);
  const double expected = uniform_reached(held, static_cast<double>(experts), static_cast<double>(per_token), tokens);
  RC_ASSERT(std::abs(loads.reached(tokens) - expected) <= 1e-9 * held);
  RC_ASSERT(std::abs(loads.imbalance() - 1.0) <= 1e-12);
}

RC_GTEST_PROP(ExpertLoads, ReachedNeverFallsAndNeverExceedsWhatIsHeld, ()) {
  const int ranks = *rc::gen::element(1, 2, 4);
  const std::int64_t experts = ranks * *rc::gen::inRange<std::int64_t>(1, 17);
  const std::int64_t per_token = *rc::gen::inRange<std::int64_t>(1, std::min<std::int64_t>(experts, 8) + 1);
  const ExpertLoads loads(any_routing(experts), experts, per_token, ranks);
  double before = 0.0;
  for (const double tokens : {0.0, 1.0, 2.0, 7.0, 64.0, 1000.0, 1e6}) {
    const double reached = loads.reached(tokens);
    RC_ASSERT(reached >= before);
    RC_ASSERT(reached <= static_cast<double>(experts / ranks) * (1.0 + 1e-12));
    before = reached;
  }
  // One token's choices are `per_token`, of which a rank gets no more.
  RC_ASSERT(loads.reached(1.0) <= static_cast<double>(per_token) * (1.0 + 1e-12));
  RC_ASSERT(loads.imbalance() >= 1.0 - 1e-12);
  RC_ASSERT(loads.imbalance() <= ranks * (1.0 + 1e-12));
}

RC_GTEST_PROP(ExpertLoads, RedundancyNeverMakesTheFullestRankFuller, ()) {
  const int ranks = *rc::gen::element(2, 4, 8);
  const std::int64_t experts = ranks * *rc::gen::inRange<std::int64_t>(1, 9);
  const std::int64_t per_token = *rc::gen::inRange<std::int64_t>(1, std::min<std::int64_t>(experts, 6) + 1);
  ExpertRouting routing = any_routing(experts);
  routing.placement = *rc::gen::element(Placement::linear, Placement::round_robin, Placement::balanced);
  double before = ExpertLoads(routing, experts, per_token, ranks).imbalance();
  routing.placement = Placement::balanced;
  for (int more = 0; more < 4 && routing.redundant_experts <= experts * (ranks - 1); ++more) {
    const double imbalance = ExpertLoads(routing, experts, per_token, ranks).imbalance();
    RC_ASSERT(imbalance <= before);
    before = imbalance;
    routing.redundant_experts += ranks;
  }
}

// Two of four experts a token on two ranks, shares 0.4 0.3 0.2 0.1: chances 0.8, 0.6, 0.4, 0.2. As numbered the first
// rank has 1.4 rows a token of 1 in the mean; dealt, 1.2; a replica of the first two (0.4 each, 0.3 each) balances.
TEST(ExpertLoads, OfAHandWorkedLayer) {
  ExpertRouting routing;
  routing.shares = {0.4, 0.3, 0.2, 0.1};
  EXPECT_NEAR(ExpertLoads(routing, 4, 2, 2).imbalance(), 1.4, 1e-12);
  EXPECT_NEAR(ExpertLoads(routing, 4, 2, 2).reached(2), (1 - 0.04) + (1 - 0.16), 1e-12);
  routing.placement = Placement::round_robin;
  EXPECT_NEAR(ExpertLoads(routing, 4, 2, 2).imbalance(), 1.2, 1e-12);
  routing.placement = Placement::balanced;
  EXPECT_NEAR(ExpertLoads(routing, 4, 2, 2).imbalance(), 1.0, 1e-12);  // 0.8 + 0.2 and 0.6 + 0.4
  routing.redundant_experts = 2;
  EXPECT_NEAR(ExpertLoads(routing, 4, 2, 2).imbalance(), 1.0, 1e-12);
}

// A share that would have a token choose an expert twice is cut at once a token, and the others have the rest.
TEST(ExpertLoads, NoTokenChoosesAnExpertTwice) {
  ExpertRouting routing;
  routing.shares = {0.9, 0.05, 0.03, 0.02};
  const ExpertLoads loads(routing, 4, 2, 1);
  EXPECT_NEAR(loads.rows_per_token(), 2.0, 1e-12);
  EXPECT_NEAR(loads.reached(1), 2.0, 1e-12);
  EXPECT_NEAR(loads.reached(2), 1.0 + (1 - 0.25) + (1 - 0.7 * 0.7) + (1 - 0.8 * 0.8), 1e-12);
}

TEST(ExpertLoads, MakeTheSlowestRankSlower) {
  const Model model = test::deepseek_v3();
  Parallelism split{.expert = true, .data = 8};
  const Step step = decodes(model, 4096);
  const auto routed = [](const Operator& op) { return op.family == Family::expert; };
  const auto sends = [](const Operator& op) { return op.name == "dispatch" || op.name == "combine"; };
  const Work even = test::total_work(model, step, split, 0, {}, routed);
  const Work even_sent = test::total_work(model, step, split, 0, {}, sends);
  const ExpertRouting routing = zipf(0.6);
  split.routing = std::make_shared<const ExpertRouting>(routing);
  const double imbalance = ExpertLoads(routing, 256, 8, 8).imbalance();
  EXPECT_GT(imbalance, 1.1);
  EXPECT_NEAR(test::total_work(model, step, split, 0, {}, routed).operations, even.operations * imbalance,
              1e-9 * even.operations);
  EXPECT_NEAR(test::total_work(model, step, split, 0, {}, sends).sent_bytes, even_sent.sent_bytes * imbalance,
              1e-9 * even_sent.sent_bytes);
  // Without data parallelism tokens are on all ranks, and only what experts compute is uneven.
  const Work reduced = test::total_work(model, step, {.tensor = 8, .expert = true});
  EXPECT_EQ(test::total_work(model, step, {.tensor = 8, .expert = true, .routing = split.routing}).sent_bytes,
            reduced.sent_bytes);
}

// Drawn choices: tokens choose k different experts by chance, and the fullest of the ranks is looked at.
TEST(ExpertLoads, DrawnIsTheMeanOfTheFullestOfManyDraws) {
  struct Case {
    int experts, per_token, ranks, tokens;
  };
  constexpr std::array cases{Case{8, 2, 4, 32}, Case{8, 2, 4, 128}, Case{256, 8, 8, 32}, Case{256, 8, 8, 128}};
  constexpr int draws = 2000;
  for (const auto& [experts, per_token, ranks, tokens] : cases) {
    Stream random(1, "draws");
    double rows = 0.0, reached = 0.0;
    for (int draw = 0; draw < draws; ++draw) {
      std::vector<int> chosen(static_cast<std::size_t>(experts), 0);
      for (int token = 0; token < tokens; ++token) {
        std::set<std::uint64_t> of_token;
        while (std::ssize(of_token) < per_token) of_token.insert(random.below(static_cast<std::uint64_t>(experts)));
        for (const std::uint64_t expert : of_token) ++chosen[expert];
      }
      int most_rows = 0, most_reached = 0;
      const int each = experts / ranks;
      for (int rank = 0; rank < ranks; ++rank) {
        const auto first = chosen.begin() + rank * each;
        most_rows = std::max(most_rows, std::accumulate(first, first + each, 0));
        most_reached = std::max(most_reached, each - static_cast<int>(std::count(first, first + each, 0)));
      }
      rows += most_rows;
      reached += most_reached;
    }
    const ExpertLoads loads({.drawn = true}, experts, per_token, ranks);
    EXPECT_NEAR(loads.rows(tokens) / (rows / draws), 1.0, 0.02) << experts << " experts, " << tokens << " tokens";
    EXPECT_NEAR(loads.reached(tokens) / (reached / draws), 1.0, 0.02) << experts << " experts, " << tokens << " tokens";
  }
}

RC_GTEST_PROP(ExpertLoads, DrawnIsNeverLessThanTheMean, ()) {
  const int ranks = *rc::gen::element(1, 2, 8);
  const std::int64_t experts = ranks * *rc::gen::inRange<std::int64_t>(1, 17);
  const std::int64_t per_token = *rc::gen::inRange<std::int64_t>(1, std::min<std::int64_t>(experts, 8) + 1);
  ExpertRouting routing = any_routing(experts);
  const ExpertLoads mean(routing, experts, per_token, ranks);
  routing.drawn = true;
  const ExpertLoads drawn(routing, experts, per_token, ranks);
  for (const double tokens : {1.0, 7.0, 64.0, 1000.0}) {
    RC_ASSERT(drawn.reached(tokens) >= mean.reached(tokens) * (1.0 - 1e-9));
    RC_ASSERT(drawn.reached(tokens) <= static_cast<double>(experts / ranks) * (1.0 + 1e-9));
    RC_ASSERT(drawn.rows(tokens) >= mean.rows(tokens) * (1.0 - 1e-9));
    if (ranks == 1) RC_ASSERT(std::abs(drawn.rows(tokens) / mean.rows(tokens) - 1.0) <= 1e-6);
  }
}

TEST(ExpertLoads, ReplicasTakeMemory) {
  const Model model = test::deepseek_v3();
  const Parallelism split{.expert = true, .data = 8};
  Parallelism redundant = split;
  redundant.routing = std::make_shared<const ExpertRouting>(zipf(0.6, Placement::balanced, 32));
  EXPECT_EQ(cannot_split(model, redundant), std::nullopt);
  // 4 more experts a rank in 58 layers, 3 x 7168 x 2048 bytes each in fp8.
  EXPECT_DOUBLE_EQ(weight_bytes(model, {}, redundant, 0).value() - weight_bytes(model, {}, split, 0).value(),
                   58.0 * 4 * 3 * 7168 * 2048);
}

TEST(ExpertLoads, ThatDoNotFitAreRefused) {
  const Model model = test::mixtral_8x7b();
  Parallelism split{.tensor = 4, .expert = true};
  const auto refused = [&](const ExpertRouting& routing) {
    split.routing = std::make_shared<const ExpertRouting>(routing);
    return cannot_split(model, split).value_or("");
  };
  ExpertRouting routing;
  routing.shares = {0.5, 0.5};
  EXPECT_EQ(refused(routing), "layer 0: loads of 2 experts are given, there are 8");
  EXPECT_EQ(refused(zipf(1.0, Placement::balanced, 2)), "layer 0: 10 experts do not divide over 4 ranks");
  EXPECT_EQ(refused(zipf(1.0, Placement::balanced, 28)),
            "layer 0: 28 redundant experts are more than the 24 that put each of 8 on every rank");
  split.expert = false;
  EXPECT_EQ(refused(zipf(1.0, Placement::balanced, 4)), "layer 0: redundant experts need expert parallelism");
}

}  // namespace
}  // namespace plumb::model
