// Do made arrivals follow their process, their rate and their curve, and the same chance at any rate?

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/statistics.h"
#include "sources.h"
#include "workload/arrivals.h"

namespace plumb::workload {
namespace {

std::vector<Request> made(const GeneratorOptions& options, LengthSamplerPtr lengths = fixed_lengths({10, 20})) {
  return all_of(*generate_requests(options, std::move(lengths)));
}

/// Bounds are at five standard errors: a right sampler fails one seed in two million.
constexpr double errors_max = 5.0;

TEST(Arrivals, PoissonGapsHaveMeanAndDeviationOne) {
  Stream stream(1, "gaps");
  Moments gaps;
  const auto process = poisson_arrivals();
  constexpr int count = 200000;
  for (int i = 0; i < count; ++i) gaps.add(process->next_gap(stream));
  EXPECT_NEAR(gaps.mean(), 1.0, errors_max / std::sqrt(count));
  // Kurtosis 9: the deviation of the deviation is sqrt((9 - 1) / 4 n).
  EXPECT_NEAR(gaps.deviation(), 1.0, errors_max * std::sqrt(2.0 / count));
}

TEST(Arrivals, GammaGapsHaveMeanOneAndTheirBurstiness) {
  constexpr int count = 200000;
  for (const double burstiness : {0.25, 0.5, 4.0}) {
    Stream stream(2, "gaps");
    Moments gaps;
    const auto process = gamma_arrivals(burstiness);
    for (int i = 0; i < count; ++i) gaps.add(process->next_gap(stream));
    const double cv = 1.0 / std::sqrt(burstiness);
    EXPECT_NEAR(gaps.mean(), 1.0, errors_max * cv / std::sqrt(count)) << burstiness;
    // Kurtosis 3 + 6 / shape.
    EXPECT_NEAR(gaps.deviation(), cv, errors_max * cv * std::sqrt((2.0 + 6.0 / burstiness) / (4.0 * count)))
        << burstiness;
  }
}

RC_GTEST_PROP(Arrivals, NeverDecreaseAndCarryIdsInOrder, ()) {
  GeneratorOptions options;
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.rate_per_s = std::exp(*rc::gen::inRange(-7000, 7000) / 1000.0);
  options.burstiness = *rc::gen::inRange(1, 300) / 100.0;
  options.count = 200;
  std::vector<double> weights;
  for (const int weight : *rc::gen::container<std::vector<int>>(24, rc::gen::inRange(0, 100)))
    weights.push_back(weight);
  weights[0] += 1.0;
  options.curve = DayCurve(weights);
  const std::vector<Request> requests = made(options);
  RC_ASSERT(requests.size() == 200u);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    RC_ASSERT(requests[i].id == static_cast<std::int64_t>(i));
    RC_ASSERT(std::isfinite(requests[i].arrival_s));
    RC_ASSERT(requests[i].arrival_s >= (i == 0 ? 0.0 : requests[i - 1].arrival_s));
  }
}

RC_GTEST_PROP(Arrivals, ScaleWithTheRate, ()) {
  GeneratorOptions slow;
  slow.seed = *rc::gen::arbitrary<std::uint64_t>();
  slow.burstiness = *rc::gen::element(1.0, 0.5);
  slow.count = 100;
  GeneratorOptions fast = slow;
  fast.rate_per_s = *rc::gen::inRange(1, 1000000) / 1000.0;
  const std::vector<Request> at_one = made(slow), at_rate = made(fast);
  // Exactly: both are the same sum of gaps, divided once.
  for (std::size_t i = 0; i < at_one.size(); ++i)
    RC_ASSERT(at_rate[i].arrival_s == at_one[i].arrival_s / fast.rate_per_s);
}

TEST(Arrivals, TheSameSeedGivesTheSameRequests) {
  GeneratorOptions options;
  options.seed = 42;
  options.count = 50;
  const LengthSamplerPtr lengths = lengths_of_pairs({{1, 2}, {3, 4}, {5, 6}}, "three");
  const std::vector<Request> a = made(options, lengths), b = made(options, lengths);
  options.seed = 43;
  const std::vector<Request> other = made(options, lengths);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].arrival_s, b[i].arrival_s);
    EXPECT_EQ(a[i].prompt_tokens, b[i].prompt_tokens);
    EXPECT_NE(a[i].arrival_s, other[i].arrival_s);
  }
}

TEST(Arrivals, LengthsAreTheSameWhateverTheArrivals) {
  const LengthSamplerPtr lengths = lengths_of_pairs({{1, 2}, {3, 4}, {5, 6}}, "three");
  GeneratorOptions options;
  options.count = 50;
  const std::vector<Request> poisson = made(options, lengths);
  options.burstiness = 0.3;
  const std::vector<Request> bursty = made(options, lengths);
  for (std::size_t i = 0; i < poisson.size(); ++i) EXPECT_EQ(poisson[i].prompt_tokens, bursty[i].prompt_tokens);
}

TEST(Arrivals, AnInfiniteRatePutsAllAtZero) {
  GeneratorOptions options;
  options.rate_per_s = std::numeric_limits<double>::infinity();
  options.curve = DayCurve({0.0, 1.0, 0.0, 0.0});
  for (const Request& request : made(options)) EXPECT_EQ(request.arrival_s, 0.0);
}

TEST(Arrivals, CountsPerHourFollowTheCurve) {
  GeneratorOptions options;
  options.seed = 7;
  options.count = 300000;
  std::vector<double> weights;
  for (int hour = 0; hour < 24; ++hour)
    weights.push_back(1.0 + 0.9 * std::sin(hour * 0.2618) + (hour == 20 ? 2.0 : 0.0));
  options.curve = DayCurve(weights);
  // Ten days' worth of requests at the mean rate; those of the first nine whole days are counted.
  options.rate_per_s = static_cast<double>(options.count) / (10 * 86400.0);
  std::vector<double> counts(24, 0.0);
  double total = 0.0;
  for (const Request& request : made(options)) {
    if (request.arrival_s >= 9 * 86400.0) break;
    counts[static_cast<std::size_t>(std::fmod(request.arrival_s, 86400.0) / 3600.0)] += 1.0;
    total += 1.0;
  }
  double chi_square = 0.0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    // The hour's linear pieces: three quarters of its own weight and an eighth of each neighbour's.
    const double weight = 0.75 * weights[hour] + 0.125 * (weights[(hour + 23) % 24] + weights[(hour + 1) % 24]);
    double sum = 0.0;
    for (const double w : weights) sum += w;
    const double expected = total * weight / sum;
    chi_square += (counts[hour] - expected) * (counts[hour] - expected) / expected;
  }
  EXPECT_LT(chi_square, 49.73);  // 99.9th percentile at 23 degrees of freedom
  EXPECT_NEAR(total, 0.9 * static_cast<double>(options.count),
              errors_max * std::sqrt(0.9 * static_cast<double>(options.count)));
}

TEST(Arrivals, EndWithTheirDurationAndAreOtherwiseTheSame) {
  GeneratorOptions longer, shorter;
  longer.count = 1000;
  longer.rate_per_s = 2.0;
  shorter = longer;
  shorter.duration_s = 200.0;
  const std::vector<Request> all = made(longer), some = made(shorter);
  ASSERT_GT(some.size(), 300u);
  ASSERT_LT(some.size(), 500u);
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(some[i].arrival_s, all[i].arrival_s);
  EXPECT_LT(some.back().arrival_s, 200.0);
  EXPECT_GE(all[some.size()].arrival_s, 200.0);
}

TEST(Arrivals, TermsAreOnEveryRequestAndMoveNothingElse) {
  GeneratorOptions options;
  options.count = 2000;
  const std::vector<Request> plain = made(options);
  options.terms.priority = -3;
  options.terms.deadline_s = 5.0;
  options.terms.cancel_after = fixed_time(7.5);
  const std::vector<Request> with = made(options);
  ASSERT_EQ(with.size(), plain.size());
  for (std::size_t i = 0; i < with.size(); ++i) {
    EXPECT_EQ(with[i].arrival_s, plain[i].arrival_s);
    EXPECT_EQ(with[i].priority, -3);
    EXPECT_EQ(with[i].deadline_s, 5.0);
    EXPECT_EQ(with[i].cancel_s, 7.5);
    EXPECT_TRUE(std::isinf(plain[i].deadline_s) && std::isinf(plain[i].cancel_s) && plain[i].priority == 0);
  }
}

TEST(FixedRequests, AreGivenAsTheyAre) {
  const RequestSourcePtr source = fixed_requests({{0, 1.5, 10, 20, 3, {7, 8}}, {1, 1.5, 11, 21, -1, {}}});
  const Result<std::optional<Request>> first = source->next(), second = source->next(), end = source->next();
  ASSERT_TRUE(first && *first && second && *second && end);
  EXPECT_EQ((*first)->arrival_s, 1.5);
  EXPECT_EQ((*first)->session, 3);
  EXPECT_EQ((*first)->prefix_hashes, (std::vector<std::uint64_t>{7, 8}));
  EXPECT_EQ((*second)->prompt_tokens, 11);
  EXPECT_FALSE(*end);
}

}  // namespace
}  // namespace plumb::workload
