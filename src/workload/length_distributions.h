#pragma once
// Distributions of one length, read from a table such as { distribution = "gamma", mean = 200, cv = 0.8 }. The list of
// them is in lengths.h.

#include <cstdint>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/reader.h"

namespace plumb::workload {

/// Thread rule: immutable.
class LengthDistribution {
 public:
  virtual ~LengthDistribution() = default;
  virtual double draw(Stream& stream) const = 0;  ///< before clamping and rounding
  virtual std::string description() const = 0;    ///< "lognormal mean 1155 p50 1020"
};
using LengthDistributionPtr = std::unique_ptr<const LengthDistribution>;

/// Reads all keys but `min` and `max`. Null where something is wrong, which the reader then knows.
LengthDistributionPtr read_length_distribution(Reader& table);

}  // namespace plumb::workload
