#pragma once
// Random numbers that are the same bytes on any compiler and standard library: our own generator and samplers. Each use
// of chance has a stream of its own, named after it, so that adding a draw in one place does not move the draws of
// another.
//
//   Stream arrivals(seed, "arrivals");  double gap = arrivals.exponential(1.0 / rate);
//
// Samplers call std::log, std::exp and std::pow (Zipf also expm1 and log1p); with the same C library on processors of
// the same kind they give the same bytes. bits(), uniform() and below() give the same bytes anywhere. Thread rule: a
// Stream belongs to one thread.

#include <cstdint>
#include <string_view>
#include <vector>

namespace plumb {

/// xoshiro256++ 1.0 (Blackman and Vigna, public domain), seeded by splitmix64 from a seed and a name.
class Stream {
 public:
  Stream(std::uint64_t seed, std::string_view name);

  std::uint64_t bits();
  double uniform();       ///< in [0, 1), multiples of 2^-53
  double uniform_open();  ///< in (0, 1]: safe under a logarithm
  double uniform(double low, double high);
  std::uint64_t below(std::uint64_t count);  ///< an integer in [0, count), without bias; count > 0

  double exponential(double mean);
  double normal();  ///< mean 0, variance 1; polar method, nothing kept between calls
  double normal(double mean, double deviation) { return mean + deviation * normal(); }
  double lognormal(double mu, double sigma);  ///< of the underlying normal
  double gamma(double shape, double scale);   ///< Marsaglia and Tsang 2000; any shape > 0
  double weibull(double shape, double scale);

 private:
  std::uint64_t state_[4];
};

/// splitmix64: the next value of a 64-bit state that is advanced.
std::uint64_t splitmix64(std::uint64_t& state);
/// FNV-1a of the bytes of a name.
std::uint64_t hash_name(std::string_view name);

/// Zipf: integers 1 ... count with probability proportional to rank^-exponent (exponent >= 0).
class Zipf {
 public:
  Zipf(std::uint64_t count, double exponent);
  std::uint64_t sample(Stream& stream) const;

 private:
  std::uint64_t count_;
  double exponent_;
  double integral_low_, integral_high_, shift_;
};

/// An empirical distribution given by quantiles: linear between them.
class Empirical {
 public:
  /// `values` ascending, `probabilities` ascending from 0 to 1, the same number of each, at least two.
  Empirical(std::vector<double> values, std::vector<double> probabilities);
  /// Each sample of equal weight; drawn as they are.
  static Empirical of_samples(std::vector<double> samples);
  double sample(Stream& stream) const;
  double mean() const;

 private:
  std::vector<double> values_, probabilities_;
  /// For each of equally wide bins of probability, the first point above the bin's start: where a search begins.
  std::vector<std::uint32_t> first_above_;
  bool samples_only_ = false;
};

}  // namespace plumb
