#pragma once
// Distributions of one length, read from a table such as { distribution = "gamma", mean = 200, cv = 0.8 }. The list of
// them is in lengths.h.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/reader.h"
#include "workload/request.h"

namespace plumb::workload {

/// Thread rule: immutable.
class LengthDistribution {
 public:
  virtual ~LengthDistribution() = default;
  virtual double draw(Stream& stream) const = 0;  ///< before clamping and rounding
  virtual std::string description() const = 0;    ///< "lognormal mean 1155 p50 1020"
};
using LengthDistributionPtr = std::shared_ptr<const LengthDistribution>;

/// A distribution with its bounds: whole numbers, of tokens or of anything that is counted. Thread rule: immutable.
struct Length {
  LengthDistributionPtr distribution;
  std::int64_t min = 1, max = tokens_max;

  std::int64_t sample(Stream& stream) const {
    // Clamped before it is rounded, because a draw need not fit into an integer.
    const double drawn = std::clamp(distribution->draw(stream), static_cast<double>(min), static_cast<double>(max));
    // To the nearest, halves up. Both numbers below are exact.
    const auto floor = static_cast<std::int64_t>(drawn);
    return drawn - static_cast<double>(floor) < 0.5 ? floor : floor + 1;
  }
};

/// Reads a table of any distribution with its `min` and `max`. Paths are relative to `folder`.
[[nodiscard]] Result<Length> read_length(Reader table, const std::string& folder);
/// Always the same.
Length fixed_length(std::int64_t value);

}  // namespace plumb::workload
