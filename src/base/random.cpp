#include "base/random.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace plumb {
namespace {

// The product of two 64-bit numbers; every compiler of Plumb has this type, but ISO C++ does not name it.
__extension__ using Wide = unsigned __int128;

/// (exp(x) - 1) / x, also near 0, where the quotient itself loses all digits.
double expm1_over(double x) { return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1.0 + x / 2.0 * (1.0 + x / 3.0); }

/// log(1 + x) / x, also near 0.
double log1p_over(double x) { return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1.0 - x * (0.5 - x / 3.0); }

/// H(x) of Hörmann and Derflinger: the integral of t^-exponent from 1 to x.
double zipf_integral(double x, double exponent) {
  const double log_x = std::log(x);
  return expm1_over((1.0 - exponent) * log_x) * log_x;
}

/// The x with zipf_integral(x) = integral. Rounding may put the argument a hair under -1, where x is infinite.
double zipf_integral_inverse(double integral, double exponent) {
  return std::exp(log1p_over(std::max((1.0 - exponent) * integral, -1.0)) * integral);
}

double zipf_density(double x, double exponent) { return std::exp(-exponent * std::log(x)); }

}  // namespace

std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

Stream::Stream(std::uint64_t seed, std::string_view name) {
  // The seed is mixed before the name joins it, so that seed 1 of one name is not seed 2 of a similar one. Four outputs
  // of splitmix64 in a row are never all zero, which is the one state xoshiro must not have.
  std::uint64_t mixed = splitmix64(seed) ^ hash_name(name);
  for (std::uint64_t& word : state_) word = splitmix64(mixed);
}

std::uint64_t Stream::bits() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Stream::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

double Stream::uniform_open() { return static_cast<double>((bits() >> 11) + 1) * 0x1p-53; }

double Stream::uniform(double low, double high) { return low + (high - low) * uniform(); }

std::uint64_t Stream::below(std::uint64_t count) {
  assert(count > 0);
  // Lemire 2019: the high word of bits * count is uniform once the low words that would favour some values are redrawn.
  Wide product = static_cast<Wide>(bits()) * count;
  if (static_cast<std::uint64_t>(product) < count) {
    const std::uint64_t surplus = (0 - count) % count;  // 2^64 mod count
    while (static_cast<std::uint64_t>(product) < surplus) product = static_cast<Wide>(bits()) * count;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Stream::exponential(double mean) { return -mean * std::log(uniform_open()); }

double Stream::normal() {
  // Marsaglia's polar method: a point in the unit disk. Its second normal is dropped, so that a draw depends on nothing
  // but the generator's state.
  for (;;) {
    const double x = 2.0 * uniform() - 1.0;
    const double y = 2.0 * uniform() - 1.0;
    const double square = x * x + y * y;
    if (square > 0.0 && square < 1.0) return x * std::sqrt(-2.0 * std::log(square) / square);
  }
}

double Stream::lognormal(double mu, double sigma) { return std::exp(normal(mu, sigma)); }

double Stream::gamma(double shape, double scale) {
  assert(shape > 0.0);
  // A variate of shape + 1 times U^(1/shape) has the shape asked for; the method itself needs a shape of 1 or more.
  if (shape < 1.0) {
    const double larger = gamma(shape + 1.0, scale);
    return larger * std::pow(uniform_open(), 1.0 / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = normal();
    const double root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    if (std::log(uniform_open()) < 0.5 * x * x + d * (1.0 - v + std::log(v))) return d * v * scale;
  }
}

double Stream::weibull(double shape, double scale) {
  assert(shape > 0.0);
  return scale * std::pow(-std::log(uniform_open()), 1.0 / shape);
}

Zipf::Zipf(std::uint64_t count, double exponent)
    : count_(count),
      exponent_(exponent),
      integral_low_(zipf_integral(1.5, exponent) - 1.0),
      integral_high_(zipf_integral(static_cast<double>(count) + 0.5, exponent)),
      shift_(2.0 - zipf_integral_inverse(zipf_integral(2.5, exponent) - zipf_density(2.0, exponent), exponent)) {
  assert(count > 0 && exponent >= 0.0);
}

std::uint64_t Zipf::sample(Stream& stream) const {
  // Rejection-inversion: invert the integral of the density, round to the nearest rank, and keep the rank if the point
  // lies under its histogram bar. Ranks within shift_ of the point always do.
  const double last = static_cast<double>(count_);
  for (;;) {
    const double integral = integral_high_ + stream.uniform() * (integral_low_ - integral_high_);
    const double x = zipf_integral_inverse(integral, exponent_);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, last);
    if (rank - x <= shift_ || integral >= zipf_integral(rank + 0.5, exponent_) - zipf_density(rank, exponent_)) {
      return rank < last ? static_cast<std::uint64_t>(rank) : count_;  // a last near 2^64 rounds to what does not fit
    }
  }
}

Empirical::Empirical(std::vector<double> values, std::vector<double> probabilities)
    : values_(std::move(values)), probabilities_(std::move(probabilities)) {
  assert(values_.size() >= 2 && values_.size() == probabilities_.size());
  assert(std::is_sorted(values_.begin(), values_.end()));
  assert(std::is_sorted(probabilities_.begin(), probabilities_.end()));
  assert(probabilities_.front() == 0.0 && probabilities_.back() == 1.0);
  // A power of two, so that products with the number of bins and quotients by it are exact.
  const std::size_t bins = std::bit_ceil(2 * probabilities_.size());
  std::uint32_t above = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    while (probabilities_[above] <= static_cast<double>(bin) / static_cast<double>(bins)) ++above;
    first_above_.push_back(above);
  }
}

Empirical Empirical::of_samples(std::vector<double> samples) {
  assert(!samples.empty());
  Empirical empirical({0.0, 0.0}, {0.0, 1.0});
  empirical.values_ = std::move(samples);
  empirical.probabilities_.clear();
  empirical.samples_only_ = true;
  return empirical;
}

double Empirical::sample(Stream& stream) const {
  if (samples_only_) return values_[stream.below(values_.size())];
  const double probability = stream.uniform();
  // The first point above; there is one, as the last probability is 1, and one before it, as the first is 0.
  std::size_t i = first_above_[static_cast<std::size_t>(probability * static_cast<double>(first_above_.size()))];
  while (probabilities_[i] <= probability) ++i;
  const double share = (probability - probabilities_[i - 1]) / (probabilities_[i] - probabilities_[i - 1]);
  return values_[i - 1] + share * (values_[i] - values_[i - 1]);
}

double Empirical::mean() const {
  double sum = 0.0;
  if (samples_only_) {
    for (const double value : values_) sum += value;
    return sum / static_cast<double>(values_.size());
  }
  for (std::size_t i = 1; i < values_.size(); ++i) {
    sum += (probabilities_[i] - probabilities_[i - 1]) * 0.5 * (values_[i] + values_[i - 1]);
  }
  return sum;
}

}  // namespace plumb
