#pragma once
// Prompt and output lengths of requests, as joint distributions.
//
// In a file, [lengths] has either `trace` (a trace file; pairs are drawn from it together, so that the dependence of
// the two lengths is kept) or `prompt` and `output`, each a table:
//   { distribution = "fixed", tokens = 512 }
//   { distribution = "uniform", low = 100, high = 900 }
//   { distribution = "exponential", mean = 200 }
//   { distribution = "lognormal", mean = 1155, p50 = 1020 }       or mean and cv (deviation / mean), or p50 and p90
//   { distribution = "gamma", mean = 200, cv = 0.8 }
//   { distribution = "weibull", mean = 200, shape = 1.5 }
//   { distribution = "zipf", max = 4096, exponent = 1.1 }
//   { distribution = "geometric", mean = 8 }
//   { distribution = "quantiles", percent = [0, 50, 90, 100], tokens = [1, 100, 400, 2000] }
//   { distribution = "quantiles", file = "tokens.csv" }           the same two lists as columns percent,tokens
// each with optional `min` (default 1) and `max`, to which draws are clamped. Draws are rounded to whole tokens.

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/reader.h"
#include "base/result.h"
#include "workload/request.h"

namespace plumb::workload {

/// Thread rule: immutable; many threads may sample with streams of their own.
class LengthSampler {
 public:
  virtual ~LengthSampler() = default;
  virtual Lengths sample(Stream& stream) const = 0;
  /// "Azure 2023 conversation, 19366 pairs", "lognormal mean 1155 p50 1020 / ..."
  virtual std::string description() const = 0;
};
using LengthSamplerPtr = std::shared_ptr<const LengthSampler>;

/// Reads a [lengths] table. Paths are relative to `folder`.
[[nodiscard]] Result<LengthSamplerPtr> read_lengths(Reader& table, const std::string& folder);

/// Pairs drawn with equal probability; at least one.
LengthSamplerPtr lengths_of_pairs(std::vector<Lengths> pairs, std::string description);
/// Always the same.
LengthSamplerPtr fixed_lengths(Lengths lengths);

/// Means over `count` draws of a stream of its own: what the sampler gives after clamping and rounding.
struct MeanLengths {
  double prompt_tokens = 0.0, output_tokens = 0.0;
};
MeanLengths mean_lengths(const LengthSampler& sampler, std::uint64_t seed, std::size_t count = 20000);

}  // namespace plumb::workload
