// Are Zipf's and empirical draws distributed as they say?

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "goodness_of_fit.h"

namespace plumb {
namespace {

/// Ranks 1 ... count in classes of at least 20 expected draws, as Pearson's sum needs.
void expect_zipf(std::uint64_t count, double exponent) {
  constexpr double draws = 100000.0;
  std::vector<double> expected_of_rank(count + 1);
  double total = 0.0;
  for (std::uint64_t rank = 1; rank <= count; ++rank) total += std::pow(static_cast<double>(rank), -exponent);
  for (std::uint64_t rank = 1; rank <= count; ++rank) {
    expected_of_rank[rank] = draws * std::pow(static_cast<double>(rank), -exponent) / total;
  }
  std::vector<double> observed_of_rank(count + 1);
  Stream stream(7, "zipf");
  const Zipf zipf(count, exponent);
  for (double i = 0; i < draws; ++i) {
    const std::uint64_t rank = zipf.sample(stream);
    ASSERT_TRUE(rank >= 1 && rank <= count) << rank;
    ++observed_of_rank[rank];
  }
  std::vector<double> observed{0.0}, expected{0.0};
  for (std::uint64_t rank = 1; rank <= count; ++rank) {
    if (expected.back() >= 20.0) observed.push_back(0.0), expected.push_back(0.0);
    observed.back() += observed_of_rank[rank];
    expected.back() += expected_of_rank[rank];
  }
  if (expected.size() < 2) return;
  EXPECT_LT(fit::chi_square(observed, expected), fit::chi_square_max(expected.size())) << count << " " << exponent;
}

TEST(Zipf, FollowsItsLaw) {
  for (const double exponent : {0.0, 0.5, 0.9, 1.0, 1.1, 2.0, 4.0}) {
    for (const std::uint64_t count : {2u, 10u, 1000u}) expect_zipf(count, exponent);
  }
}

TEST(Zipf, OneRankIsAlwaysDrawn) {
  Stream stream(8, "zipf");
  for (const double exponent : {0.0, 1.0, 3.0}) {
    for (int i = 0; i < 100; ++i) ASSERT_EQ(Zipf(1, exponent).sample(stream), 1u);
  }
}

TEST(Zipf, TheLargestCountStaysInRange) {
  constexpr std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
  Stream stream(9, "zipf");
  const Zipf even(count, 0.0);
  std::vector<double> observed(4);
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t rank = even.sample(stream);
    ASSERT_GE(rank, 1u);
    ++observed[rank >> 62];
  }
  EXPECT_LT(fit::chi_square(observed, {2500.0, 2500.0, 2500.0, 2500.0}), fit::chi_square_max(4));
  const Zipf steep(count, 50.0);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(steep.sample(stream), 1u);  // rank 2 has a probability of 2^-50
}

TEST(Zipf, FirstDrawsArePinned) {
  Stream stream(1, "zipf");
  const Zipf zipf(1000, 1.0);
  std::vector<std::uint64_t> ranks;
  for (int i = 0; i < 6; ++i) ranks.push_back(zipf.sample(stream));
  EXPECT_EQ(ranks, (std::vector<std::uint64_t>{771, 385, 881, 70, 6, 269}));
}

TEST(Empirical, IsLinearBetweenItsQuantiles) {
  const Empirical empirical({1.0, 3.0, 3.0, 10.0}, {0.0, 0.5, 0.75, 1.0});
  Stream stream(10, "empirical");
  int at_three = 0;
  std::vector<double> low, high;
  for (int i = 0; i < 40000; ++i) {
    const double x = empirical.sample(stream);
    ASSERT_TRUE(x >= 1.0 && x <= 10.0);
    if (x == 3.0) ++at_three;
    if (x < 3.0) low.push_back(x);
    if (x > 3.0) high.push_back(x);
  }
  // A quarter of the draws, within 3.1 binomial deviations of sqrt(40000 * 0.25 * 0.75) = 86.6.
  EXPECT_NEAR(at_three, 10000, fit::normal_quantile * 86.6);
  EXPECT_LT(fit::ks_distance(low, [](double x) { return (x - 1.0) / 2.0; }), fit::ks_distance_max(low.size()));
  EXPECT_LT(fit::ks_distance(high, [](double x) { return (x - 3.0) / 7.0; }), fit::ks_distance_max(high.size()));
  // 0.5 * 2 + 0.25 * 3 + 0.25 * 6.5
  EXPECT_DOUBLE_EQ(empirical.mean(), 3.375);
}

RC_GTEST_PROP(Empirical, DrawsAreTheInverseAtAUniformNumber, ()) {
  std::vector<double> probabilities{0.0, 1.0}, values{0.0, 0.0};
  for (const int point : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 64))) {
    probabilities.push_back(point / 64.0);  // on the bounds of the bins of the search, and equal ones
    values.push_back(static_cast<double>(point));
  }
  std::sort(probabilities.begin(), probabilities.end());
  std::sort(values.begin(), values.end());
  const Empirical empirical(values, probabilities);
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  Stream stream(seed, "empirical"), same(seed, "empirical");
  for (int i = 0; i < 100; ++i) {
    const double u = same.uniform();
    const auto above = std::upper_bound(probabilities.begin(), probabilities.end(), u);
    const auto j = static_cast<std::size_t>(above - probabilities.begin());
    const double share = (u - probabilities[j - 1]) / (probabilities[j] - probabilities[j - 1]);
    RC_ASSERT(empirical.sample(stream) == values[j - 1] + share * (values[j] - values[j - 1]));
  }
}

TEST(Empirical, SamplesAreDrawnAsTheyAre) {
  const Empirical empirical = Empirical::of_samples({8.0, 1.0, 5.0, 5.0});
  EXPECT_DOUBLE_EQ(empirical.mean(), 4.75);
  Stream stream(11, "empirical");
  std::vector<double> observed(3);
  for (int i = 0; i < 10000; ++i) {
    const double x = empirical.sample(stream);
    ASSERT_TRUE(x == 1.0 || x == 5.0 || x == 8.0) << x;
    ++observed[x == 1.0 ? 0 : x == 5.0 ? 1 : 2];
  }
  EXPECT_LT(fit::chi_square(observed, {2500.0, 5000.0, 2500.0}), fit::chi_square_max(3));
  const Empirical single = Empirical::of_samples({7.0});
  EXPECT_EQ(single.sample(stream), 7.0);
}

}  // namespace
}  // namespace plumb
