// Does each sampler draw from the distribution it is named after?

#include "base/random.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/statistics.h"
#include "goodness_of_fit.h"

namespace plumb {
namespace {

constexpr std::size_t draws_count = 20000;

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

struct Law {
  const char* name;
  std::function<double(Stream&)> draw;
  std::function<double(double)> cdf;
  double mean, deviation;
};

// Shapes of the gamma distribution are those whose distribution function is elementary: 1/2 (below 1, where the sampler
// takes another way), 1, 3 and 5/2.
std::vector<Law> laws() {
  using std::exp, std::erf, std::sqrt, std::log, std::tgamma;
  const double root_pi = sqrt(std::numbers::pi);
  return {
      {"exponential", [](Stream& s) { return s.exponential(2.0); }, [](double x) { return 1.0 - exp(-x / 2.0); }, 2.0,
       2.0},
      {"normal", [](Stream& s) { return s.normal(); }, normal_cdf, 0.0, 1.0},
      {"normal 5, 3", [](Stream& s) { return s.normal(5.0, 3.0); },
       [](double x) { return normal_cdf((x - 5.0) / 3.0); }, 5.0, 3.0},
      {"lognormal", [](Stream& s) { return s.lognormal(1.0, 0.5); },
       [](double x) { return normal_cdf((log(x) - 1.0) / 0.5); }, exp(1.125), exp(1.125) * sqrt(exp(0.25) - 1.0)},
      {"gamma 0.5", [](Stream& s) { return s.gamma(0.5, 3.0); }, [](double x) { return erf(sqrt(x / 3.0)); }, 1.5,
       3.0 * sqrt(0.5)},
      {"gamma 1", [](Stream& s) { return s.gamma(1.0, 3.0); }, [](double x) { return 1.0 - exp(-x / 3.0); }, 3.0, 3.0},
      {"gamma 3", [](Stream& s) { return s.gamma(3.0, 1.0); },
       [](double x) { return 1.0 - exp(-x) * (1.0 + x + x * x / 2.0); }, 3.0, sqrt(3.0)},
      {"gamma 2.5", [](Stream& s) { return s.gamma(2.5, 1.0); },
       [=](double x) { return erf(sqrt(x)) - exp(-x) * sqrt(x) * (1.0 + 2.0 * x / 3.0) * 2.0 / root_pi; }, 2.5,
       sqrt(2.5)},
      {"weibull 0.7", [](Stream& s) { return s.weibull(0.7, 2.0); },
       [](double x) { return 1.0 - exp(-std::pow(x / 2.0, 0.7)); }, 2.0 * tgamma(1.0 + 1.0 / 0.7),
       2.0 * sqrt(tgamma(1.0 + 2.0 / 0.7) - std::pow(tgamma(1.0 + 1.0 / 0.7), 2.0))},
      {"weibull 3", [](Stream& s) { return s.weibull(3.0, 2.0); },
       [](double x) { return 1.0 - exp(-std::pow(x / 2.0, 3.0)); }, 2.0 * tgamma(1.0 + 1.0 / 3.0),
       2.0 * sqrt(tgamma(1.0 + 2.0 / 3.0) - std::pow(tgamma(1.0 + 1.0 / 3.0), 2.0))},
  };
}

TEST(Samplers, FollowTheirDistributionFunctions) {
  for (const Law& law : laws()) {
    Stream stream(5, law.name);
    const auto samples = fit::draws(draws_count, [&] { return law.draw(stream); });
    EXPECT_LT(fit::ks_distance(samples, law.cdf), fit::ks_distance_max(draws_count)) << law.name;
  }
}

TEST(Samplers, HaveTheirMoments) {
  for (const Law& law : laws()) {
    Stream stream(6, law.name);
    Moments moments;
    for (std::size_t i = 0; i < draws_count; ++i) moments.add(law.draw(stream));
    const double error_of_mean = law.deviation / std::sqrt(static_cast<double>(draws_count));
    EXPECT_NEAR(moments.mean(), law.mean, fit::normal_quantile * error_of_mean) << law.name;
    // The error of a deviation depends on the fourth moment; 6 % is many of its errors for all of these.
    EXPECT_NEAR(moments.deviation(), law.deviation, 0.06 * law.deviation) << law.name;
  }
}

// An exponential of mean a*m is a times one of mean m, draw for draw: a rate can be scaled without another random
// pattern.
RC_GTEST_PROP(SamplerLaw, ExponentialScales, (std::uint64_t seed)) {
  const double factor = *rc::gen::elementOf(std::vector<double>{0.25, 0.5, 2.0, 1024.0});
  Stream one(seed, "gaps"), other(seed, "gaps");
  for (int i = 0; i < 10; ++i) RC_ASSERT(factor * one.exponential(3.0) == other.exponential(factor * 3.0));
}

RC_GTEST_PROP(SamplerLaw, PositiveSamplersArePositiveAndFinite, (std::uint64_t seed)) {
  Stream stream(seed, "positive");
  const double shape = 0.1 + 10.0 * stream.uniform();
  for (int i = 0; i < 20; ++i) {
    for (const double x :
         {stream.exponential(1.0), stream.gamma(shape, 1.0), stream.weibull(shape, 1.0), stream.lognormal(0, 1)}) {
      RC_ASSERT(x >= 0.0 && std::isfinite(x));
    }
  }
}

}  // namespace
}  // namespace plumb
