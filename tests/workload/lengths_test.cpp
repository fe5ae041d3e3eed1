// Do lengths have the mean, percentiles and spread that their table states?

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/statistics.h"
#include "lengths_text.h"

namespace plumb::workload {
namespace {

constexpr int draws = 200000;
// At five standard errors a right sampler fails one seed in two million.
constexpr double errors_max = 5.0;

/// Prompt lengths drawn from a distribution, sorted; the output is fixed at 5.
std::vector<double> drawn(const std::string& prompt) {
  const auto sampler = sampler_of("prompt = " + prompt + "\noutput = { distribution = \"fixed\", tokens = 5 }\n");
  EXPECT_TRUE(sampler) << one_line(sampler.error());
  if (!sampler) return std::vector<double>(draws, 0.0);
  Stream stream(11, "lengths");
  std::vector<double> lengths;
  for (int i = 0; i < draws; ++i) {
    const Lengths pair = (*sampler)->sample(stream);
    EXPECT_EQ(pair.output_tokens, 5);
    lengths.push_back(static_cast<double>(pair.prompt_tokens));
  }
  std::sort(lengths.begin(), lengths.end());
  return lengths;
}

Moments moments(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.add(value);
  return moments;
}

void expect_mean(const std::vector<double>& lengths, double mean) {
  const Moments m = moments(lengths);
  // A hundredth of a short length is left for rounding and for clamping at 1.
  EXPECT_NEAR(m.mean(), mean, errors_max * m.deviation() / std::sqrt(draws) + 0.01 * std::min(mean, 50.0));
}

/// That the share of draws up to `value` is `percent`, within the sampling error of a share.
void expect_percentile(const std::vector<double>& lengths, double percent, double value) {
  const double p = percent / 100.0;
  const double tolerance = errors_max * std::sqrt(p * (1.0 - p) / draws);
  const auto up_to = std::upper_bound(lengths.begin(), lengths.end(), value) - lengths.begin();
  const auto below = std::lower_bound(lengths.begin(), lengths.end(), value) - lengths.begin();
  EXPECT_GE(static_cast<double>(up_to) / draws, p - tolerance) << value;
  EXPECT_LE(static_cast<double>(below) / draws, p + tolerance) << value;
}

void expect_cv(const std::vector<double>& lengths, double cv, double kurtosis) {
  const Moments m = moments(lengths);
  // The relative standard error of the deviation is sqrt((kurtosis - 1) / 4 n).
  const double error = std::sqrt((kurtosis - 1.0) / (4.0 * draws)) + cv / std::sqrt(draws);
  EXPECT_NEAR(m.deviation() / m.mean(), cv, errors_max * cv * error);
}

double normal_share_up_to(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(Lengths, Fixed) {
  const std::vector<double> lengths = drawn(R"({ distribution = "fixed", tokens = 512 })");
  EXPECT_EQ(lengths.front(), 512.0);
  EXPECT_EQ(lengths.back(), 512.0);
}

TEST(Lengths, UniformHasBothEndsAndEqualShares) {
  const std::vector<double> lengths = drawn(R"({ distribution = "uniform", low = 3, high = 7 })");
  for (const double value : {3.0, 4.0, 5.0, 6.0, 7.0}) {
    const auto share = static_cast<double>(std::count(lengths.begin(), lengths.end(), value)) / draws;
    EXPECT_NEAR(share, 0.2, errors_max * std::sqrt(0.2 * 0.8 / draws)) << value;
  }
  EXPECT_EQ(lengths.front(), 3.0);
  EXPECT_EQ(lengths.back(), 7.0);
}

TEST(Lengths, Exponential) {
  const std::vector<double> lengths = drawn(R"({ distribution = "exponential", mean = 200 })");
  expect_mean(lengths, 200.0);
  expect_percentile(lengths, 50, 200.0 * std::log(2.0));
  expect_cv(lengths, 1.0, 9.0);
  EXPECT_EQ(lengths.front(), 1.0);
}

TEST(Lengths, LognormalByMeanAndMedian) {
  const std::vector<double> lengths = drawn(R"({ distribution = "lognormal", mean = 1155, p50 = 1020 })");
  expect_mean(lengths, 1155.0);
  expect_percentile(lengths, 50, 1020.0);
  const double sigma = std::sqrt(2.0 * std::log(1155.0 / 1020.0));
  expect_percentile(lengths, 100.0 * normal_share_up_to(1.0), 1020.0 * std::exp(sigma));
}

TEST(Lengths, LognormalByMeanAndSpread) {
  const std::vector<double> lengths = drawn(R"({ distribution = "lognormal", mean = 900, cv = 0.5 })");
  expect_mean(lengths, 900.0);
  expect_cv(lengths, 0.5, 8.1);  // exp(4 v) + 2 exp(3 v) + 3 exp(2 v) - 3 with v = log(1.25)
}

TEST(Lengths, LognormalByMedianAndNinetiethPercentile) {
  const std::vector<double> lengths = drawn(R"({ distribution = "lognormal", p50 = 129, p90 = 424 })");
  expect_percentile(lengths, 50, 129.0);
  expect_percentile(lengths, 90, 424.0);
}

TEST(Lengths, ALognormalWithoutSpreadIsFixed) {
  const std::vector<double> lengths = drawn(R"({ distribution = "lognormal", mean = 77, p50 = 77 })");
  EXPECT_EQ(lengths.front(), 77.0);
  EXPECT_EQ(lengths.back(), 77.0);
}

TEST(Lengths, Gamma) {
  const std::vector<double> lengths = drawn(R"({ distribution = "gamma", mean = 200, cv = 0.8 })");
  expect_mean(lengths, 200.0);
  expect_cv(lengths, 0.8, 3.0 + 6.0 * 0.64);
}

TEST(Lengths, Weibull) {
  const std::vector<double> lengths = drawn(R"({ distribution = "weibull", mean = 200, shape = 1.5 })");
  expect_mean(lengths, 200.0);
  // The median is s log(2)^(1/k), and the mean s Gamma(5/3) = 0.902745 s.
  expect_percentile(lengths, 50, 200.0 / 0.9027452929509336 * std::pow(std::log(2.0), 2.0 / 3.0));
}

TEST(Lengths, Zipf) {
  const std::vector<double> lengths = drawn(R"({ distribution = "zipf", max = 4096, exponent = 1.1 })");
  double weight = 0.0, weighted = 0.0;
  for (int rank = 1; rank <= 4096; ++rank) {
    weight += std::pow(rank, -1.1);
    weighted += rank * std::pow(rank, -1.1);
  }
  const Moments m = moments(lengths);
  EXPECT_NEAR(m.mean(), weighted / weight, errors_max * m.deviation() / std::sqrt(draws));
  const double one = static_cast<double>(std::count(lengths.begin(), lengths.end(), 1.0)) / draws;
  EXPECT_NEAR(one, 1.0 / weight, errors_max * std::sqrt(0.25 / draws));
  EXPECT_LE(lengths.back(), 4096.0);
}

TEST(Lengths, Geometric) {
  const std::vector<double> lengths = drawn(R"({ distribution = "geometric", mean = 5 })");
  expect_mean(lengths, 5.0);
  // P(X = 1) = 1 / mean, and P(X > 3) = (1 - 1 / mean)^3.
  const auto one = static_cast<double>(std::count(lengths.begin(), lengths.end(), 1.0)) / draws;
  EXPECT_NEAR(one, 0.2, errors_max * std::sqrt(0.2 * 0.8 / draws));
  const auto over_three = static_cast<double>(lengths.end() - std::upper_bound(lengths.begin(), lengths.end(), 3.0));
  EXPECT_NEAR(over_three / draws, 0.512, errors_max * std::sqrt(0.25 / draws));
  EXPECT_EQ(drawn(R"({ distribution = "geometric", mean = 1 })").back(), 1.0);
}

TEST(Lengths, QuantilesOfAFileAreThoseOfTheSameLists) {
  const std::vector<double> listed =
      drawn(R"({ distribution = "quantiles", percent = [0, 50, 90, 100], tokens = [1, 100, 400, 2000] })");
  EXPECT_EQ(drawn(R"({ distribution = "quantiles", file = "quantiles.csv" })"), listed);
}

TEST(Lengths, Quantiles) {
  const std::vector<double> lengths =
      drawn(R"({ distribution = "quantiles", percent = [0, 50, 90, 100], tokens = [1, 100, 400, 2000] })");
  expect_percentile(lengths, 50, 100.0);
  expect_percentile(lengths, 90, 400.0);
  expect_percentile(lengths, 70, 250.0);
  expect_mean(lengths, 0.5 * 50.5 + 0.4 * 250.0 + 0.1 * 1200.0);
  EXPECT_GE(lengths.front(), 1.0);
  EXPECT_LE(lengths.back(), 2000.0);
}

TEST(Lengths, DrawsAreClamped) {
  const std::vector<double> lengths = drawn(R"({ distribution = "exponential", mean = 200, min = 100, max = 300 })");
  EXPECT_EQ(lengths.front(), 100.0);
  EXPECT_EQ(lengths.back(), 300.0);
  const auto at_max = static_cast<double>(std::count(lengths.begin(), lengths.end(), 300.0)) / draws;
  EXPECT_NEAR(at_max, std::exp(-1.5), errors_max * std::sqrt(0.25 / draws) + 0.5 / 200.0);
}

RC_GTEST_PROP(Lengths, StayInTheirBounds, ()) {
  const std::string distribution = *rc::gen::element<std::string>(
      R"(distribution = "gamma", mean = 20, cv = 30)", R"(distribution = "lognormal", mean = 1000000, cv = 1000)",
      R"(distribution = "weibull", mean = 3, shape = 0.05)", R"(distribution = "exponential", mean = 1)");
  const int min = *rc::gen::inRange(1, 100), max = min + *rc::gen::inRange(0, 1000);
  const auto sampler = sampler_of("prompt = { " + distribution + ", min = " + std::to_string(min) +
                                  ", max = " + std::to_string(max) + " }\noutput = { " + distribution + " }\n");
  RC_ASSERT(sampler.has_value());
  Stream stream(*rc::gen::arbitrary<std::uint64_t>(), "lengths");
  for (int i = 0; i < 100; ++i) {
    const Lengths lengths = (*sampler)->sample(stream);
    RC_ASSERT(lengths.prompt_tokens >= min);
    RC_ASSERT(lengths.prompt_tokens <= max);
    RC_ASSERT(lengths.output_tokens >= 1);
    RC_ASSERT(lengths.output_tokens <= 1000000000);
  }
}

TEST(Lengths, PairsKeepTheDependenceOfTheirLengths) {
  std::vector<Lengths> pairs;
  for (std::int64_t i = 1; i <= 50; ++i) pairs.push_back({i, 1000 - i});
  const LengthSamplerPtr sampler = lengths_of_pairs(pairs, "falling");
  Stream stream(3, "lengths");
  Moments prompts;
  for (int i = 0; i < draws; ++i) {
    const Lengths lengths = sampler->sample(stream);
    ASSERT_EQ(lengths.prompt_tokens + lengths.output_tokens, 1000);
    prompts.add(static_cast<double>(lengths.prompt_tokens));
  }
  EXPECT_NEAR(prompts.mean(), 25.5, errors_max * std::sqrt((50.0 * 50.0 - 1.0) / 12.0 / draws));
}

TEST(Lengths, ComeFromATrace) {
  const auto sampler = sampler_of("trace = \"azure-2024.csv.gz\"\n");
  ASSERT_TRUE(sampler) << one_line(sampler.error());
  EXPECT_EQ((*sampler)->description(), "azure-2024.csv.gz, 4 pairs");
  Stream stream(4, "lengths");
  for (int i = 0; i < 100; ++i) {
    const Lengths pair = (*sampler)->sample(stream);
    const bool known = (pair.prompt_tokens == 2162 && pair.output_tokens == 5) ||
                       (pair.prompt_tokens == 2399 && pair.output_tokens == 6) ||
                       (pair.prompt_tokens == 76 && pair.output_tokens == 15) ||
                       (pair.prompt_tokens == 6 && pair.output_tokens == 11);
    EXPECT_TRUE(known) << pair.prompt_tokens << " " << pair.output_tokens;
  }
}

TEST(Lengths, TheMeanOfATraceIsTheMeanOfItsPairs) {
  const auto sampler = sampler_of("trace = \"azure2023-conversation.csv\"\n", PLUMB_SOURCE_DIR "/examples/traces");
  ASSERT_TRUE(sampler) << one_line(sampler.error());
  const MeanLengths mean = mean_lengths(**sampler, 5, draws);
  // Of the file's 5,000 rows: means 1161.1278 and 257.5022, deviations 986.3 and 173.1.
  EXPECT_NEAR(mean.prompt_tokens, 1161.1278, errors_max * 986.3 / std::sqrt(draws));
  EXPECT_NEAR(mean.output_tokens, 257.5022, errors_max * 173.1 / std::sqrt(draws));
}

TEST(Lengths, MeanLengthsCountClamping) {
  const auto sampler = sampler_of(R"(prompt = { distribution = "fixed", tokens = 900, max = 300 }
output = { distribution = "uniform", low = 1, high = 3 })");
  ASSERT_TRUE(sampler) << one_line(sampler.error());
  const MeanLengths mean = mean_lengths(**sampler, 1, 30000);
  EXPECT_EQ(mean.prompt_tokens, 300.0);
  EXPECT_NEAR(mean.output_tokens, 2.0, errors_max * std::sqrt(2.0 / 3.0 / 30000));
  const MeanLengths again = mean_lengths(**sampler, 1, 30000);
  EXPECT_EQ(again.output_tokens, mean.output_tokens);
}

TEST(Lengths, DescribeThemselves) {
  const auto sampler = sampler_of(R"(prompt = { distribution = "lognormal", mean = 1155, p50 = 1020 }
output = { distribution = "quantiles", percent = [0, 99.5, 100], tokens = [1, 100, 400] })");
  ASSERT_TRUE(sampler) << one_line(sampler.error());
  EXPECT_EQ((*sampler)->description(), "lognormal mean 1155 p50 1020 / quantiles p0 1 p99.5 100 p100 400");
  EXPECT_EQ(fixed_lengths({7, 8})->description(), "fixed 7 / fixed 8");
}

}  // namespace
}  // namespace plumb::workload
