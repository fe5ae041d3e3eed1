// golden and law: the bytes of Prometheus' text, and that a reader of it gets back what was counted.

#include "report/prometheus_text.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/text.h"
#include "support/golden.h"
#include "support/prometheus_check.h"

namespace plumb::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(PrometheusText, Golden) {
  Histogram latency({0.001, 0.3, 1.0, 2.5});
  latency.add(0.0005);
  latency.add(0.3);
  latency.add(0.30000000000000004, 10);
  latency.add(99.0);
  Histogram tokens({1.0, 500000.0, 1e6, 2.5e6});
  tokens.add(999999.0);
  PrometheusText text;
  text.begin_family(MetricType::gauge, "plumb:waiting", "Requests that wait.");
  text.sample({{"engine", "0"}, {"model_name", "a \"b\"\\c\nd 한\xff"}}, 17);
  text.sample({{"engine", "1"}, {"model_name", ""}}, 0.1);
  text.begin_family(MetricType::counter, "tokens_total", "With \"quotes\", a back\\slash\nand a line end.");
  text.sample({}, 123456789012345.0);
  text.sample({{"x", "1"}}, 1e300);
  text.sample({{"x", "2"}}, -infinity);
  text.sample({{"x", "3"}}, std::numeric_limits<double>::quiet_NaN());
  text.begin_family(MetricType::histogram, "latency_seconds", "Histogram of latency.");
  text.sample({{"engine", "0"}}, latency);
  text.begin_family(MetricType::histogram, "tokens", "");
  text.sample({}, tokens);
  text.begin_family(MetricType::gauge, "none", "Without samples.");
  const std::string made = text.take();
  EXPECT_EQ(text.take(), "");
  test::PrometheusCheck::read(made);
  test::expect_golden("report/metrics.txt", made);
}

/// The definition, value by value.
TEST(Histogram, AValueOnABoundIsInItsBucket) {
  Histogram histogram({-1.0, 0.0, 10.0});
  for (const double value : {-2.0, -1.0, -0.5, 0.0, 10.0, 10.000000000000002, infinity}) histogram.add(value);
  histogram.add(infinity, 0);
  EXPECT_EQ(std::vector(histogram.counts().begin(), histogram.counts().end()), (std::vector<std::int64_t>{2, 2, 1, 2}));
  EXPECT_EQ(histogram.count(), 7);
  Histogram without({});
  without.add(3.0, 4);
  EXPECT_EQ(without.counts()[0], 4);
  EXPECT_EQ(without.sum(), 12.0);
}

RC_GTEST_PROP(HistogramLaw, ReadsBackToTheCountsAndMergesToTheSame, ()) {
  std::vector<double> bounds;
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 1000000))) {
    bounds.push_back((bounds.empty() ? -20.0 : bounds.back()) + step * *rc::gen::element(1e-6, 0.25, 1000.0));
  }
  Histogram all(bounds), left(bounds), right(bounds);
  std::vector<double> values;
  const int count = *rc::gen::inRange(0, 50);
  for (int i = 0; i < count; ++i) {
    const double value = bounds.empty() || *rc::gen::arbitrary<bool>() ? *rc::gen::inRange(-100, 1000000) * 0.25
                                                                       : *rc::gen::elementOf(bounds);
    const int times = *rc::gen::inRange(0, 4);
    values.insert(values.end(), static_cast<std::size_t>(times), value);
    all.add(value, times);
    (*rc::gen::arbitrary<bool>() ? left : right).add(value, times);
  }
  left.merge(right);
  RC_ASSERT(std::equal(all.counts().begin(), all.counts().end(), left.counts().begin()));

  PrometheusText text;
  text.begin_family(MetricType::histogram, "h", "");
  text.sample({{"a", "b"}}, all);
  const auto families = test::PrometheusCheck::read(text.take());
  for (const auto& [key, read] : families.at("h").samples) {
    if (key.first == "h_count") RC_ASSERT(read == static_cast<double>(values.size()));
    if (key.first == "h_sum") RC_ASSERT(read == all.sum());
    if (key.first != "h_bucket") continue;
    // A bound reads back to the very number, so the count is that of a plain comparison.
    const double bound = std::strtod(key.second.at("le").c_str(), nullptr);
    const auto below = std::count_if(values.begin(), values.end(), [&](double value) { return value <= bound; });
    RC_ASSERT(read == static_cast<double>(below));
  }
  RC_ASSERT(families.at("h").samples.size() == bounds.size() + 3);
}

RC_GTEST_PROP(PrometheusTextLaw, AnyTextAndNumberReadsBack, (const std::string& label, const std::string& help)) {
  const double value = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  PrometheusText text;
  text.begin_family(MetricType::gauge, "g", help);
  text.sample({{"l", label}}, value);
  const auto families = test::PrometheusCheck::read(text.take());
  const auto& [key, read] = *families.at("g").samples.begin();
  RC_ASSERT(key.second.at("l") == valid_utf8(label));
  RC_ASSERT(families.at("g").help == valid_utf8(help));
  RC_ASSERT((std::isnan(value) ? std::isnan(read) : read == value));
}

#ifndef NDEBUG
TEST(PrometheusTextDeathTest, MisuseIsAnAssertion) {
  PrometheusText text;
  EXPECT_DEATH(text.sample({}, 1.0), "gauge or counter");
  EXPECT_DEATH(text.begin_family(MetricType::gauge, "0", ""), "not the name of a metric");
  EXPECT_DEATH(text.begin_family(MetricType::gauge, "a-b", ""), "not the name of a metric");
  text.begin_family(MetricType::histogram, "h", "");
  EXPECT_DEATH(text.sample({}, 1.0), "gauge or counter");
  EXPECT_DEATH(text.sample({{"a:b", "x"}}, Histogram({})), "not the name of a label");
  text.sample({{"a", "x"}}, Histogram({}));
  EXPECT_DEATH(text.sample({{"a", "x"}}, Histogram({})), "same labels");
  EXPECT_DEATH(text.begin_family(MetricType::histogram, "h", ""), "told of once");
  EXPECT_DEATH(Histogram({1.0, 1.0}), "ascend");
  EXPECT_DEATH(Histogram({1.0}).merge(Histogram({2.0})), "other bounds");
}
#endif

}  // namespace
}  // namespace plumb::report
